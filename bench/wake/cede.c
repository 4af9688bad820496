/*
 * One task wakes another, by
 *   future   a future for each wake-up, set by one and awaited by the other,
 *            in turns
 *   lock     a lock that two tasks want: what one releases the other gets
 *   queue    a queue of one place, between a task that puts and one that gets
 *   channel  a channel without a buffer, likewise
 */
#include <cede.h>

#include "bench.h"

static long count;

/* --- future --- */

static cede_future *pending[2];

static cede_value answer(void *argument)
{
    int me = *(int *)argument;

    for (long i = 0; i < count / 2; i++) {
        cede_future *mine = cede_loop_create_future(NULL);
        cede_future *theirs = pending[!me];

        pending[me] = cede_ref(mine);
        pending[!me] = NULL;
        if (theirs) {
            cede_future_set_result(theirs, (int64_t)i);
            cede_unref(theirs);
        }
        cede_await(mine);
    }
    if (pending[!me]) {
        cede_future_set_result(pending[!me], (int64_t)count);
        cede_unref(pending[!me]);
        pending[!me] = NULL;
    }
    return cede_none;
}

/* --- lock --- */

static cede_lock *lock;

static cede_value take(void *argument)
{
    (void)argument;
    for (long i = 0; i < count / 2; i++) {
        cede_lock_acquire(lock);
        cede_lock_release(lock);
    }
    return cede_none;
}

static void contend(void)
{
    cede_task *a = cede_create_task(take, NULL);
    cede_task *b = cede_create_task(take, NULL);

    /* Both wait before the first gets it: from then on somebody always does. */
    cede_lock_acquire(lock);
    cede_sleep(0);
    cede_lock_release(lock);
    cede_gather(NULL, a, b);
}

/* --- queue --- */

static cede_queue *queue;

static cede_value put(void *argument)
{
    (void)argument;
    for (long i = 0; i < count; i++)
        cede_queue_put(queue, (int64_t)i);
    return cede_none;
}

static cede_value get(void *argument)
{
    (void)argument;
    for (long i = 0; i < count; i++)
        bench_use(cede_value_int(cede_queue_get(queue)));
    return cede_none;
}

/* --- channel --- */

static cede_send_channel *sender;
static cede_receive_channel *receiver;

static cede_value send_all(void *argument)
{
    (void)argument;
    for (long i = 0; i < count; i++)
        cede_send_channel_send(sender, (int64_t)i);
    return cede_none;
}

static cede_value receive_all(void *argument)
{
    (void)argument;
    for (long i = 0; i < count; i++)
        bench_use(cede_value_int(cede_receive_channel_receive(receiver)));
    return cede_none;
}

static long wake(struct bench *bench, long ops)
{
    count = ops;
    if (bench_is(bench, "future"))
        cede_gather(NULL, cede_create_task(answer, &(int){0}),
                    cede_create_task(answer, &(int){1}));
    else if (bench_is(bench, "lock"))
        contend();
    else if (bench_is(bench, "queue"))
        cede_gather(NULL, cede_create_task(put, NULL),
                    cede_create_task(get, NULL));
    else
        cede_gather(NULL, cede_create_task(send_all, NULL),
                    cede_create_task(receive_all, NULL));
    return ops;
}

static cede_value body(void *bench)
{
    lock = cede_lock_new();
    queue = cede_queue_new(1);
    cede_channel_open(0, &sender, &receiver);
    bench_run(bench, wake);
    cede_unref(lock);
    cede_unref(queue);
    cede_unref(sender);
    cede_unref(receiver);
    return cede_none;
}

int main(int argc, char **argv)
{
    struct bench bench = bench_open(argc, argv);

    cede_run(body, &bench);
    bench_print(&bench);
    return 0;
}
