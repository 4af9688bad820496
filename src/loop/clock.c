/*
 * clock.c - the real clock and the virtual one (see cede/clock.h)
 */
#include "loop/clock.h"

#include "base/system.h"

static int64_t monotonic_now(void *context)
{
    (void)context;
    return cede__sys_monotonic();
}

static int64_t virtual_now(void *context)
{
    return ((cede_virtual_time *)context)->now;
}

static void virtual_jump(void *context, int64_t to)
{
    cede_virtual_time *time = context;

    if (time->now < to)
        time->now = to;
}

cede_clock cede_monotonic_clock(void)
{
    return (cede_clock){.now = monotonic_now, .resolution = 1};
}

cede_clock cede_virtual_clock(cede_virtual_time *time)
{
    return (cede_clock){
        .now = virtual_now,
        .jump = virtual_jump,
        .context = time,
        .resolution = 1,
    };
}
