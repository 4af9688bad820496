/* What the tests of generators and of delegation say about a generator. */
#pragma once

#include "value/said.h"

#include "cede/generator.h"

/* A generator that the test holds, and gives up whatever happens. */
#define GENERATOR(name, function, argument) \
    cede_generator *name = cede_generator(function, argument); \
    cede_defer(cede_unref, name)

static inline void say_next(cede_generator *generator)
{
    say_value(cede_next(generator));
    say(" ");
}

/* next(), said with the value of StopIteration when that comes. */
static inline void say_next_or_stop(cede_generator *generator)
{
    cede_try {
        say_next(generator);
    } cede_except (cede_StopIteration, e) {
        say("StopIteration ");
        say_value(cede_value_ref(cede_exception_value(e)));
        say(" ");
    } cede_end
}
