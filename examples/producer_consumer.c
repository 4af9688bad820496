/*
 * A producer and two consumers with a bounded queue between them: who is ahead
 * waits. join returns when all work is done, shutdown sends the consumers home.
 */
#include <cede.h>

#include <stdio.h>

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

/* Makes items as fast as it may: two lie in the queue, not more. */
static cede_value produce(void *queue)
{
    for (int item = 1; item <= 6; item++) {
        cede_queue_put((cede_queue *)queue, item);
        printf("t=%g: %d is in the queue\n", now(), item);
    }
    return cede_none;
}

struct consumer {
    const char *name;
    double seconds; /* that it takes for an item */
    cede_queue *queue;
};

static cede_value consume(void *arg)
{
    struct consumer *me = arg;

    cede_try {
        for (;;) {
            int64_t item = cede_value_int(cede_queue_get(me->queue));

            cede_sleep(me->seconds);
            printf("t=%g: %s has done %" PRId64 "\n", now(), me->name, item);
            cede_queue_task_done(me->queue);
        }
    } cede_except (cede_QueueShutDown) {
        printf("t=%g: %s goes home\n", now(), me->name);
    } cede_end
    return cede_none;
}

static cede_value work(void *arg)
{
    cede_queue *queue = cede_queue_new(2);
    cede_defer (cede_unref, queue);
    cede_task *anna =
        cede_create_task_with(consume, ((struct consumer){"Anna", 2, queue}));
    cede_task *ben =
        cede_create_task_with(consume, ((struct consumer){"Ben", 3, queue}));

    (void)arg;
    cede_await(cede_create_task(produce, queue));
    cede_queue_join(queue);
    cede_queue_shutdown(queue, false);
    cede_gather(NULL, anna, ben);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(work, NULL);
}
