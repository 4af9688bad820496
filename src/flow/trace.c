/*
 * Tracebacks while they grow: which places an exception passes.
 *
 * One entry for each function that an exception is raised in or passes: the
 * raise, each try and with statement passed, each coroutine crossed. A function
 * (more exactly: one activation of it) that has both the raise and the try that
 * is passed next has one entry, as in Python, the raise's; recursion has one
 * per level.
 *
 * What is one activation is told by the source, not by addresses on the stack,
 * which inlining, alloca and optimizers move about. A place knows whether it
 * stands within a statement of its function (cede_impl_inside). If it does,
 * then of all statements in the chain the innermost of that function is the
 * one it stands in, because those of other activations lie further out; if it
 * does not, no statement passed next is of its activation. The exception
 * remembers this one statement, exception->inside, until it passes it.
 *
 * It knows records and places. Semantics: "Traceback objects", data model 3.2;
 * rules E05, E06, G22.
 */
#include "flow/flow.h"

#include "value/exception.h"

void cede__exception_trace(cede_exception *exception,
                           const cede_location *where)
{
    const cede_impl_flow *flow = cede_impl_flow_now();

    cede__exception_add_place(
        exception, where, where ? cede__statement_of(flow->top, where) : NULL);
}

void cede__exception_passed(cede_exception *exception,
                            const cede_impl_frame *frame)
{
    if (frame->where) /* not the runtime's own: in no traceback */
        cede__exception_add_place(exception,
                                  cede__place_passed(exception->inside, frame),
                                  cede__statement_around(frame));
}

/* Does this statement handle the exception, in a clause that runs? */
static bool handles(const cede_impl_frame *frame,
                    const cede_exception *exception)
{
    switch (frame->record.state) {
    case CEDE_IMPL_STATE_CAUGHT:
    case CEDE_IMPL_STATE_FINALLY_RAISE:
        return frame->exception == exception;
    case CEDE_IMPL_STATE_GROUP_CAUGHT:
        return frame->flow->handled == exception;
    default:
        return false;
    }
}

/*
 * A bare raise adds nothing. In the function whose clause handles the
 * exception it goes on as if it had not been caught; in a function called from
 * there, the handling one passes it once more, as in Python.
 */
void cede__exception_again(cede_exception *exception,
                           const cede_location *where)
{
    const cede_impl_frame *here =
        cede__statement_of(cede_impl_flow_now()->top, where);
    const cede_impl_frame *frame = here;

    while (frame && !handles(frame, exception))
        frame = cede__statement_around(frame);
    cede__exception_add_place(exception, NULL, frame ? here : NULL);
}
