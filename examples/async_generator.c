/*
 * A generator that awaits: whoever asks it for the next item waits with it,
 * and other tasks run meanwhile. Python needs `async for` here; cede_for is
 * that too.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

/* Three measurements, one a second. */
static void measure(void)
{
    for (int degrees = 20; degrees < 23; degrees++) {
        cede_sleep(1);
        cede_yield(degrees);
    }
}

static void tick(void)
{
    cede_sleep(0.5);
    for (int i = 0; i < 3; i++) {
        printf("tick\n");
        cede_sleep(1);
    }
}

static void watch(void)
{
    cede_task *clock = cede_create_task(tick);

    cede_for (v, cede_generator(measure))
        printf("%" PRId64 " degrees\n", cede_value_int(v));
    cede_await(clock);
}

int main(void)
{
    cede_run_simulated(watch);
}
