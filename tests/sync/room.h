/*
 * room.h - what the tests of channels and selects have in common
 */
#pragma once

#include "task/world.h"

#include "cede/channel.h"
#include "cede/timeout.h"

/* How much the channels of a scenario hold; 0: who sends and who receives have
   to meet. */
static int64_t places;

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
    places = 1;
    bounded_scenario = scenario;
    expect(bounded, trace);
}

/* ... with channels that hold nothing. */
WORLD_UNUSED static void expect_meeting(cede_function scenario,
                                        const char *trace)
{
    places = 0;
    bounded_scenario = scenario;
    expect(bounded, trace);
}
