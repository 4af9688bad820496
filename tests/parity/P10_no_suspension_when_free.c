/*
 * What is free is taken without letting others run.
 */
#include <cede.h>

static cede_list *order;

static void append(void *word)
{
    cede_list_append(order, (const char *)word);
}

static cede_value run(void *arg)
{
    cede_event *event = cede_event_new();
    cede_lock *lock = cede_lock_new();
    cede_semaphore *semaphore = cede_semaphore_new(1);
    cede_queue *queue = cede_queue_new(0);
    cede_defer (cede_unref, event);
    cede_defer (cede_unref, lock);
    cede_defer (cede_unref, semaphore);
    cede_defer (cede_unref, queue);

    (void)arg;
    cede_loop_call_soon(cede_get_running_loop(), append, "callback");
    cede_event_set(event);
    cede_queue_put_nowait(queue, 1);
    cede_event_wait(event);
    cede_lock_acquire(lock);
    cede_semaphore_acquire(semaphore);
    cede_queue_get(queue);
    cede_queue_put(queue, 2);
    append("all acquired without yielding");
    cede_sleep(0);
    cede_print(order);
    return cede_none;
}

int main(void)
{
    order = cede_list();
    cede_run(run, NULL);
    cede_unref(order);
}
