/*
 * cede_foreign: a block that calls code which knows nothing of cede.
 *
 * The block is a with statement whose manager lies in the block's own frame:
 * its exit runs on every way out, and an exception gets no further. What must
 * not suspend is whatever runs in this place (value/context.h): a task with all
 * the generators it runs, but not the tasks of a loop that a callback runs.
 * Decision 14 of the design: no raise and no suspension crosses foreign frames.
 */
#include "coro/coroutine.h"

#include "flow/flow.h"
#include "value/context.h"
#include "value/exception.h"

#include "cede/traceback.h"

#include <stdio.h>
#include <stdlib.h>

static void say_place(const char *what, const cede_location *where)
{
    if (where)
        fprintf(stderr, "  %s %s:%d in %s\n", what, where->file, where->line,
                where->function);
}

/* Nobody knows what the frames between the two places have to clean up. */
static void refuse(const cede_impl_foreign *foreign, cede_exception *exception)
    CEDE_IMPL_NORETURN;
static void refuse(const cede_impl_foreign *foreign, cede_exception *exception)
{
    fflush(stdout);
    fprintf(stderr,
            "cede: an exception would cross frames that were not written for "
            "cede\n");
    say_place("raised at", exception->trace_count ? exception->trace[0] : NULL);
    say_place("below the cede_foreign at", foreign->where);
    fprintf(stderr, "  catch it in the callback, by cede_catch\n");
    cede_print_exception(exception);
    abort();
}

static bool leave(void *self, cede_exception *exception)
{
    cede_impl_foreign *foreign = self;
    cede_impl_coroutine *coroutine = foreign->coroutine;

    if (exception)
        refuse(foreign, exception);
    cede__context_place_now()->foreign = foreign->outer;
    coroutine->yield_flags =
        (uint8_t)((coroutine->yield_flags &
                   ~(CEDE_IMPL_IN_SCOPE | CEDE_IMPL_IN_FOREIGN)) |
                  foreign->flags_before);
    return false;
}

static const cede_manager_methods manager = {.exit = leave};

static const cede_class foreign_class[1] = {
    {.name = "foreign", .size = sizeof(cede_impl_foreign), .manager = &manager}};

void cede_impl_foreign_enter(cede_impl_foreign *foreign,
                             const cede_location *where)
{
    cede__context_place *place = cede__context_place_now();
    cede_impl_coroutine *coroutine =
        CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());

    *foreign = (cede_impl_foreign){
        .head = {foreign_class, 1, CEDE__OBJECT_IMMORTAL},
        .where = where,
        .outer = place->foreign,
        .coroutine = coroutine,
        .flags_before = coroutine->yield_flags &
                        (CEDE_IMPL_IN_SCOPE | CEDE_IMPL_IN_FOREIGN),
    };
    place->foreign = where;
    coroutine->yield_flags |= CEDE_IMPL_IN_SCOPE | CEDE_IMPL_IN_FOREIGN;
}
