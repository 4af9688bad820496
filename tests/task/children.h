/*
 * children.h - what the children of task groups and nurseries do, and what
 * comes of it
 */
#pragma once

#include "task/world.h"

#include "cede/group.h"

/* WORK("name", .sleeps = 1, ...); all but the name may be left out. */
struct work {
    const char *name;
    double sleeps;
    const cede_class *raises;   /* when it has slept; NULL: it is done */
    double cleans;              /* so long when it is cancelled; 0: at once */
    const cede_class *cleaning; /* raised then; NULL: it ends cancelled */
};

#define WORK(...) ((struct work){.name = __VA_ARGS__})

WORLD_UNUSED static cede_value works(void *arg)
{
    const struct work *work = arg;

    cede_try {
        cede_sleep(work->sleeps);
        if (work->raises)
            cede_raise(work->raises, "%s", work->name);
        say("%s done", work->name);
    } cede_except (cede_CancelledError, e) {
        say("%s cancelled", work->name);
        if (work->cleans > 0)
            cede_sleep(work->cleans);
        if (work->cleaning)
            cede_raise(work->cleaning, "%s cleaning", work->name);
        cede_reraise();
    } cede_end
    return cede_none;
}

/* Its message, and its members. */
WORLD_UNUSED static void say_group(cede_exception *group)
{
    size_t count;
    cede_exception *const *members =
        cede_exception_group_exceptions(group, &count);

    say("%s", cede_exception_group_message(group));
    for (size_t i = 0; i < count; i++)
        say("%s(%s)", cede_exception_name(members[i]),
            cede_exception_message(members[i]));
}
