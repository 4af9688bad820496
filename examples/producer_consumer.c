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
static void produce(cede_queue *queue)
{
    for (int item = 1; item <= 6; item++) {
        cede_queue_put(queue, item);
        printf("t=%g: %d is in the queue\n", now(), item);
    }
}

struct consumer {
    const char *name;
    double seconds; /* that it takes for an item */
    cede_queue *queue;
};

static void consume(const struct consumer *me)
{
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
}

static void work(void)
{
    cede_own (queue, cede_queue_new(2));
    cede_task *anna =
        cede_create_task_with(consume, ((struct consumer){"Anna", 2, queue}));
    cede_task *ben =
        cede_create_task_with(consume, ((struct consumer){"Ben", 3, queue}));

    cede_await(cede_create_task(produce, queue));
    cede_queue_join(queue);
    cede_queue_shutdown(queue, false);
    cede_gather(NULL, anna, ben);
}

int main(void)
{
    cede_run_simulated(work);
}
