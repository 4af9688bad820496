/*
 * room.h - what the tests of channels and selects have in common
 */
#pragma once

#include "task/world.h"

#include "cede/channel.h"
#include "cede/timeout.h"

static cede_function bounded_scenario;

static cede_value bounded(void *arg)
{
    cede_timeout (deadline, 1e6) {
        cede_value_unref(bounded_scenario(arg));
    } cede_end
    return cede_none;
}

/* The same as `expect`, and a scenario that waits for ever fails: the other
   side may have failed before it. */
WORLD_UNUSED static void expect_in_time(cede_function scenario,
                                        const char *trace)
{
    bounded_scenario = scenario;
    expect(bounded, trace);
}
