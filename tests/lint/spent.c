/*
 * Mistakes for cede-lint: references that were given away.
 */
#include "lint/world.h"

static void awaited_twice(void)
{
    cede_task *task = cede_create_task(three, NULL);

    cede_value_unref(cede_await(task));
    cede_value_unref(cede_await(task)); /* lint: spent */
}

static void released_twice(cede_task *task)
{
    cede_unref(task);
    say("released");
    cede_unref(task); /* lint: spent */
}

static void used_behind_for(void)
{
    cede_generator *g = cede_generator(three, NULL);

    cede_for (v, g)
        work();
    cede_generator_close(g); /* lint: spent */
}

static cede_value delegated_twice(void *argument)
{
    cede_generator *g = cede_generator(three, argument);

    cede_value_unref(cede_yield_from(g));
    return cede_yield_from(g); /* lint: spent */
}

static void released_behind_await(void)
{
    cede_task *task = cede_create_task(three, NULL);
    cede_value result = cede_await(task);

    if (cede_value_int(result))
        cede_unref(task); /* lint: spent */
}

USE(awaited_twice, released_twice, used_behind_for, delegated_twice,
    released_behind_await)
