/*
 * Work that blocks goes to threads. A pool's results are concurrent futures,
 * which need no loop; a task waits for a thread by cede_to_thread, and other
 * tasks go on; and a thread has the loop run a coroutine for it.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

/* Stands for what computes or blocks: a plain function, in a plain thread. */
static cede_value sum_to(int limit)
{
    int64_t sum = 0;

    for (int64_t i = 1; i <= limit; i++)
        sum += i;
    return cede_int(sum);
}

static cede_value square(cede_value item)
{
    return cede_int(cede_value_int(item) * cede_value_int(item));
}

static void without_a_loop(void)
{
    cede_with (pool, cede_thread_pool_executor(4)) {
        cede_own (sum, cede_executor_submit(pool, sum_to, 1000000));

        cede_for (v, cede_executor_map(pool, square, cede_range(1, 6)))
            printf("%" PRId64 " ", cede_value_int(v));
        printf("and %" PRId64 "\n",
               cede_value_int(cede_concurrent_future_result(sum)));
    } cede_end
}

static void ticks(void)
{
    for (int i = 0; i < 3; i++)
        cede_sleep(0);
    printf("the loop has ticked\n");
}

/* In a thread: asks the loop for something, and waits for it. */
static void asks_the_loop(cede_loop *loop)
{
    cede_own (future, cede_run_coroutine_threadsafe(ticks, loop));

    cede_concurrent_future_result(future);
}

static void with_a_loop(void)
{
    cede_value sum = cede_to_thread(sum_to, 100);

    printf("a thread says %" PRId64 "\n", cede_value_int(sum));
    cede_to_thread(asks_the_loop, cede_get_running_loop());
    printf("the thread is done\n");
}

int main(void)
{
    without_a_loop();
    cede_run(with_a_loop);
}
