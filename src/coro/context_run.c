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
    cede_impl_coroutine *scope; /* the coroutine that entered */
    uint8_t scope_before;
};

static void leave(void *self)
{
    struct run *run = self;

    if (!run->scope_before)
        run->scope->yield_flags &= (uint8_t)~CEDE_IMPL_IN_SCOPE;
    cede__context_leave(run->place, run->context);
}

static struct run enter(cede_context *context)
{
    cede_impl_coroutine *here = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());
    struct run run = {.place = cede__context_place_now(),
                      .context = context,
                      .scope = here,
                      .scope_before = here->yield_flags & CEDE_IMPL_IN_SCOPE};

    cede_check_alive(context);
    if (!cede__context_enter(context))
        cede_raise(cede_RuntimeError, "cannot enter context: <Context object> "
                                      "is already entered");
    here->yield_flags |= CEDE_IMPL_IN_SCOPE;
    return run;
}

cede_value cede_context_run(cede_context *context,
                            cede_value (*function)(void *argument),
                            void *argument)
{
    struct run run = enter(context);
    cede_defer (leave, &run);

    return function(argument);
}
