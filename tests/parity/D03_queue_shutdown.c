/*
 * A queue that is shut down takes nothing more and gives what it has; at once,
 * it gives its items up, and who waits for them to be done goes on.
 */
#include <cede.h>

static cede_value get(void *queue)
{
    return cede_queue_get(queue);
}

static cede_value put_two(void *queue)
{
    cede_queue_put((cede_queue *)queue, 2);
    return cede_none;
}

static cede_value join(void *queue)
{
    cede_queue_join(queue);
    return cede_none;
}

static cede_list *type_names(cede_value *values, size_t count)
{
    cede_list *names = cede_list();

    for (size_t i = 0; i < count; i++) {
        cede_list_append(names, cede_type_name(values[i]));
        cede_value_unref(values[i]);
    }
    return names;
}

static void drained(void)
{
    cede_queue *queue = cede_queue_new(0);
    cede_defer (cede_unref, queue);

    cede_queue_put_nowait(queue, 1);
    cede_queue_shutdown(queue, false);
    cede_try {
        cede_queue_put_nowait(queue, 2);
    } cede_except (cede_QueueShutDown) {
        cede_print("put: QueueShutDown");
    } cede_end
    cede_print(cede_queue_get(queue));
    cede_try {
        cede_queue_get(queue);
    } cede_except (cede_QueueShutDown) {
        cede_print("get after drain: QueueShutDown");
    } cede_end
}

static void immediate(void)
{
    cede_queue *queue = cede_queue_new(1);
    cede_value outcomes[2];
    cede_task *putter, *joiner;
    cede_defer (cede_unref, queue);

    cede_queue_put_nowait(queue, 1);
    putter = cede_create_task(put_two, queue);
    joiner = cede_create_task(join, queue);
    cede_sleep(0);
    cede_queue_shutdown(queue, true);
    cede_gather_return_exceptions(outcomes, putter, joiner);
    cede_print(cede_temp(type_names(outcomes, 2)), cede_queue_qsize(queue));
}

static void empty(void)
{
    cede_queue *queue = cede_queue_new(0);
    cede_value outcome[1];
    cede_task *getter;
    cede_defer (cede_unref, queue);

    getter = cede_create_task(get, queue);
    cede_sleep(0);
    cede_queue_shutdown(queue, false);
    cede_gather_return_exceptions(outcome, getter);
    cede_print(cede_temp(type_names(outcome, 1)));
    cede_queue_shutdown(queue, false);
}

static cede_value run(void *arg)
{
    (void)arg;
    drained();
    immediate();
    empty();
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
