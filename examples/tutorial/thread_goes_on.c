/*
 * A task that waits for a thread can be cancelled; what the thread does cannot.
 * It goes on by itself, with a copy of what it was given, and cede_run waits
 * for it in the end.
 */
#include <cede.h>

#include <semaphore.h>
#include <stdio.h>

struct sack {
    int pounds;
    cede_loop *loop;
    cede_event *begun;
};

static sem_t may_end; /* so that the order is the same every time */

static void has_begun(cede_event *event)
{
    cede_event_set(event);
}

static void grind(const struct sack *sack)
{
    cede_loop_call_soon_threadsafe(sack->loop, has_begun, sack->begun);
    sem_wait(&may_end);
    printf("the thread has ground %d pounds\n", sack->pounds);
}

static void wait_for_flour(const struct sack *sack)
{
    cede_to_thread_with(grind, *sack);
}

static void bake(void)
{
    cede_own (begun, cede_event_new());
    struct sack sack = {50, cede_get_running_loop(), begun};
    cede_task *waiting = cede_create_task(wait_for_flour, &sack);

    cede_event_wait(begun);
    cede_task_cancel(waiting, "no bread today");
    cede_try {
        cede_await(waiting);
    } cede_except (cede_CancelledError, e) {
        printf("nobody waits any more: %s\n", cede_exception_message(e));
    } cede_end
    sem_post(&may_end);
}

int main(void)
{
    sem_init(&may_end, 0, 0);
    cede_run(bake);
    printf("the loop is closed\n");
}
