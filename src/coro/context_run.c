/*
 * Running in a context: Context.run of PEP 567, for functions that may suspend.
 *
 * Which context is current belongs to a place (value/context.h), and a task
 * takes its place along; so there is nothing to do when the function suspends.
 * A generator goes to whoever resumes it and leaves the place behind: between
 * entering and leaving it must not yield, as in a timeout. Rules C03, C07.
 */
#include "coro/coroutine.h"
#include "value/context.h"

/* What must be put back. */
struct run {
    cede__context_place *place;
    cede_context *context; /* the place holds it */
    cede__yield_ban ban;
};

static void leave(void *self)
{
    struct run *run = self;

    cede__yield_ban_end(&run->ban);
    cede__context_leave(run->place, run->context);
}

static struct run enter(cede_context *context)
{
    struct run run = {.place = cede__context_place_now(), .context = context};

    cede_check_alive(context);
    if (!cede__context_enter(context))
        cede_raise(cede_RuntimeError, "cannot enter context: <Context object> "
                                      "is already entered");
    cede__yield_ban_begin(&run.ban);
    return run;
}

cede_value cede_impl_context_run(cede_context *context, cede_function function,
                                 void *argument)
{
    struct run run = enter(context);
    cede_defer (leave, &run);

    return cede_impl_call_function(function, argument);
}
