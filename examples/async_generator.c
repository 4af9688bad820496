/*
 * A generator that awaits: whoever asks it for the next item waits with it,
 * and other tasks run meanwhile. Python needs `async for` here; cede_for is
 * that too.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

/* Three measurements, one a second. */
static cede_value measure(void *arg)
{
    (void)arg;
    for (int degrees = 20; degrees < 23; degrees++) {
        cede_sleep(1);
        cede_yield(degrees);
    }
    return cede_none;
}

static cede_value tick(void *arg)
{
    (void)arg;
    cede_sleep(0.5);
    for (int i = 0; i < 3; i++) {
        printf("tick\n");
        cede_sleep(1);
    }
    return cede_none;
}

static cede_value watch(void *arg)
{
    cede_task *clock = cede_create_task(tick, NULL);

    (void)arg;
    cede_for (v, cede_generator(measure, NULL))
        printf("%" PRId64 " degrees\n", cede_value_int(v));
    cede_await(clock);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(watch, NULL);
}
