/*
 * A bounded queue: put waits while it is full, get while it is empty, and a
 * task that is woken to put does so when it runs.
 */
#include <cede.h>

static cede_value produce(void *queue)
{
    for (int i = 3; i <= 4; i++) {
        cede_queue_put((cede_queue *)queue, i);
        cede_print("put", i);
    }
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_queue *queue = cede_queue_new(2);
    cede_queue *endless = cede_queue_new(0);
    cede_task *task;
    cede_defer (cede_unref, queue);
    cede_defer (cede_unref, endless);

    (void)arg;
    cede_try {
        cede_queue_get_nowait(queue);
    } cede_except (cede_QueueEmpty) {
        cede_print("QueueEmpty");
    } cede_end
    cede_queue_put_nowait(queue, 1);
    cede_queue_put_nowait(queue, 2);
    cede_try {
        cede_queue_put_nowait(queue, 3);
    } cede_except (cede_QueueFull) {
        cede_print("QueueFull", cede_queue_qsize(queue),
                   cede_queue_full(queue), cede_queue_empty(queue));
    } cede_end
    task = cede_create_task(produce, queue);
    cede_sleep(0);
    for (int i = 0; i < 4; i++)
        cede_print("got", cede_queue_get(queue));
    cede_await(task);
    cede_print(cede_queue_full(endless));
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
