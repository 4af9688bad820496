/*
 * An exercise of the tutorial: six blocking calls in threads, two at a time.
 * Each waits for a second one to be under way, so that two really are.
 */
#include <cede.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

enum { CALLS = 6, AT_A_TIME = 2 };

struct plan {
    cede_capacity_limiter *limiter;
    atomic_int most; /* that ran at a time */
};

static pthread_barrier_t both;
static atomic_int running;

static void block(atomic_int *most)
{
    int now = atomic_fetch_add(&running, 1) + 1;
    int before = atomic_load(most);

    while (now > before && !atomic_compare_exchange_weak(most, &before, now))
        continue;
    pthread_barrier_wait(&both);
    atomic_fetch_sub(&running, 1);
}

static void call(struct plan *plan)
{
    cede_to_thread(block, &plan->most, .limiter = plan->limiter);
}

static void call_all(void)
{
    cede_own (limiter, cede_capacity_limiter_new(AT_A_TIME));
    struct plan plan = {.limiter = limiter};

    cede_task_group (group) {
        for (int i = 0; i < CALLS; i++)
            cede_task_group_create_task(group, call, &plan);
    } cede_end
    printf("%d calls, at most %d at a time\n", CALLS, (int)plan.most);
}

int main(void)
{
    pthread_barrier_init(&both, NULL, AT_A_TIME);
    cede_run(call_all);
    pthread_barrier_destroy(&both);
}
