/*
 * An exercise of the tutorial: a shop, a queue at its till, an afternoon of
 * simulated time. How long do customers wait with one till, and with two?
 */
#include <cede.h>

#include <math.h>
#include <stdio.h>

enum { CUSTOMERS = 200, MINUTE = 60 };

struct shop {
    cede_semaphore *tills;
    double waited, longest; /* seconds */
};

static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

/* About so many seconds, by the loop's own source of chance. */
static double about(double mean)
{
    uint64_t chance = cede_loop_random(cede_get_running_loop()) >> 11;

    return -log(1 - (double)chance / 9007199254740992.0) * mean;
}

static void customer(struct shop *shop)
{
    double came = now();

    cede_with (till, cede_ref(shop->tills)) {
        double waited = now() - came;

        shop->waited += waited;
        shop->longest = fmax(shop->longest, waited);
        cede_sleep(about(1.5 * MINUTE));
    } cede_end
}

static void afternoon(int tills)
{
    struct shop shop = {.tills = cede_semaphore_new(tills)};

    cede_defer (cede_unref, shop.tills);
    cede_loop_set_seed(cede_get_running_loop(), 7);
    cede_task_group (group) {
        for (int i = 0; i < CUSTOMERS; i++) {
            cede_task_group_create_task(group, customer, &shop);
            cede_sleep(about(1.7 * MINUTE));
        }
    } cede_end
    printf("%d till%s: %.1f minutes on average, %.1f at most\n", tills,
           tills == 1 ? "" : "s", shop.waited / CUSTOMERS / MINUTE,
           shop.longest / MINUTE);
}

static void compare(void)
{
    afternoon(1);
    afternoon(2);
}

int main(void)
{
    cede_run_simulated(compare);
}
