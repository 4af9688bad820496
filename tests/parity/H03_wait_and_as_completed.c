/*
 * Waiting for several futures: until one is done, until one fails, for a time;
 * as they come; and one that stands there twice counts once.
 */
#include <math.h>
#include <semaphore.h>

#include <cede.h>

static sem_t ev[3];

static cede_value w(void *number)
{
    int i = *(int *)number;

    sem_wait(&ev[i]);
    if (i == 1)
        cede_raise_args(cede_ValueError, i);
    return cede_int(i);
}

/* How many there are of the first `count` of these, three of them over and
   over. */
static int count_completed(cede_concurrent_future **fs, int count,
                           double timeout)
{
    cede_concurrent_future *them[6];
    int completed = 0;

    for (int i = 0; i < count; i++)
        them[i] = cede_ref(fs[i % 3]);
    cede_for (f, cede_futures_as_completed(them, count, timeout)) {
        (void)f;
        completed++;
    }
    return completed;
}

static void run(cede_executor *ex)
{
    cede_concurrent_future *fs[3];
    cede_futures_counts n;
    bool done[3];

    for (int i = 0; i < 3; i++)
        fs[i] = cede_executor_submit_with(ex, w, i);
    sem_post(&ev[2]);
    n = cede_futures_wait(fs, 3, INFINITY, CEDE_FIRST_COMPLETED, done);
    for (int i = 0; i < 3; i++)
        if (done[i])
            cede_print(
                cede_temp(cede_list_of(cede_concurrent_future_result(fs[i]))),
                n.not_done);
    sem_post(&ev[1]);
    n = cede_futures_wait(fs, 3, INFINITY, CEDE_FIRST_EXCEPTION, NULL);
    cede_print(n.done, n.not_done,
               cede_temp(cede_repr(cede_concurrent_future_exception(fs[1]))));
    n = cede_futures_wait(fs, 3, 0.01, CEDE_ALL_COMPLETED, NULL);
    cede_print("timeout", n.done, n.not_done);
    cede_try {
        count_completed(fs, 3, 0.01);
    } cede_except (cede_TimeoutError, e) {
        cede_print("TimeoutError:", e);
    } cede_end
    sem_post(&ev[0]);
    cede_print(count_completed(fs, 6, INFINITY), "duplicates collapse");
    for (int i = 0; i < 3; i++)
        cede_unref(fs[i]);
}

int main(void)
{
    for (int i = 0; i < 3; i++)
        sem_init(&ev[i], 0, 0);
    cede_with (ex, cede_thread_pool_executor(3)) {
        run(ex);
    } cede_end
}
