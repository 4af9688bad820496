/*
 * What the runtime's own files know of raising, beyond cede/impl/flow.h.
 */
#pragma once

#include "value/exception.h"

#include "cede/debug.h"
#include "cede/log.h"
#include "cede/try.h"

/* The frame a record of kind TRY or WITH is in. */
#define CEDE__FRAME_OF(record_)                                                \
    ((cede_impl_frame *)((char *)(record_)-offsetof(cede_impl_frame, record)))

/* Keeps an object alive while code that may raise runs above this record: a
   raise that passes it gives the reference up. */
typedef struct cede__hold {
    cede_impl_record record;
    cede_impl_flow *flow;
    cede_exception *outer_handled;
    void *object;
    void **link; /* cleared when a raise passes; may be NULL */
} cede__hold;

/* Takes over the reference to `object`. */
static inline void cede__hold_push(cede__hold *hold, void *object)
{
    cede_impl_flow *flow = cede_impl_flow_now();

    hold->record.previous = flow->top;
    hold->record.state = 1;
    hold->record.kind = CEDE_IMPL_RECORD_HOLD;
    hold->flow = flow;
    hold->outer_handled = flow->handled;
    hold->object = object;
    hold->link = NULL;
    flow->top = &hold->record;
}

/* Takes the record out of the chain; the reference is the caller's again. */
static inline void cede__hold_pop(cede__hold *hold)
{
    hold->flow->top = hold->record.previous;
    hold->flow->handled = hold->outer_handled;
}

/* cede_check_alive for a call that takes a value: it is given up before. */
static inline void cede__check_alive_to_take(const void *object,
                                             cede_value value)
{
    const cede_object *head = object;

    if (CEDE_IMPL_UNLIKELY(head->flags & CEDE_IMPL_OBJECT_RELEASED)) {
        cede_value_unref(value);
        cede_impl_use_after_release(object);
    }
}

/* ---- tracebacks (flow/trace.c says what they are) ------------------------ */

/* The statement a place of running code stands in, looking from `record`
   outwards; NULL: in none of its own activation. */
CEDE_IMPL_INLINE const cede_impl_frame *
cede__statement_of(const cede_impl_record *record, const cede_location *where)
{
    if (!where->inside)
        return NULL;
    for (; record; record = record->previous) {
        const cede_impl_frame *frame;

        if (record->kind != CEDE_IMPL_RECORD_TRY &&
            record->kind != CEDE_IMPL_RECORD_WITH)
            continue;
        frame = CEDE__FRAME_OF(record);
        if (frame->where && frame->where->function == where->function)
            return frame;
    }
    return NULL;
}

/* The same of the place where a statement stands. */
CEDE_IMPL_INLINE const cede_impl_frame *
cede__statement_around(const cede_impl_frame *frame)
{
    return cede__statement_of(frame->record.previous, frame->where);
}

/* The place that an exception gets for passing a statement: none if that is of
   the function it came through last, being inside that statement. */
CEDE_IMPL_INLINE const cede_location *
cede__place_passed(const void *inside, const cede_impl_frame *frame)
{
    return inside == frame ? NULL : frame->where;
}

/* The exception passes a try or with statement, whatever clause is running. */
void cede__exception_passed(cede_exception *exception,
                            const cede_impl_frame *frame);

/* The exception is raised at this place, or crosses a coroutine's end there
   (NULL: nowhere that could be named); it is raised on by a bare raise at this
   place. */
void cede__exception_trace(cede_exception *exception,
                           const cede_location *where);
void cede__exception_again(cede_exception *exception,
                           const cede_location *where);

/* ---- raising ------------------------------------------------------------- */

/* Goes on raising an exception that has its place and context already; takes
   the reference. */
void cede__throw(cede_exception *exception) CEDE_IMPL_NORETURN;

/* Raises a new exception as `raise` does: records where (if not NULL) and sets
   the context to what is being handled. Takes the reference. */
void cede__raise(cede_exception *exception, const cede_location *where)
    CEDE_IMPL_NORETURN;

/* Raises an exception that is the caller's, or something else, which is a
   TypeError. Borrows it. */
void cede__raise_given(const cede_location *where, cede_exception *exception)
    CEDE_IMPL_NORETURN;

/* Raises what an object keeps, nowhere in particular: takes it out of there. */
void cede__raise_own(cede_exception **exception) CEDE_IMPL_NORETURN;

/* The code under this chain of records will never run again: gives up what the
   records own and runs none of their clauses. `drop_defer` gets the defers. */
void cede__flow_abandon(cede_impl_flow *flow,
                        void (*drop_defer)(cede_impl_defer *defer));

/* What code running now would call "the exception being handled": its own, or
   that of whoever resumed it (G13, G14). Borrowed, or NULL. */
cede_exception *cede__handled(const cede_impl_flow *flow);

/* Has an exception logged as cede_print_exception shows it, under a line of
   its own (NULL: none); without memory, line by line. Raises nothing. */
void cede__log_exception(cede_log_level level, const char *head,
                         const cede_exception *exception);

/* Reports an exception that nobody can receive any more (Python's
   sys.unraisablehook). Takes the reference. */
void cede__report_unraisable(cede_exception *exception, const char *doing);

/* Reports what ended a thread, other than SystemExit (E17). Takes the
   reference. */
void cede__report_thread(cede_exception *exception);

/* Ends the program as Python does when nobody caught an exception: SystemExit
   silently with its status, KeyboardInterrupt with 130, others with the
   traceback on stderr and 1 (E16). Takes the reference. */
void cede__exit_uncaught(cede_exception *exception) CEDE_IMPL_NORETURN;

/* Raises TypeError if one of a clause's classes is no exception class. */
void cede__check_clause(const cede_class *const *wanted, size_t count);

/*
 * except* (flow/group.c). A clause raised `exception` (taken over); a clause is
 * left by break or the like: raises; the statement is given up; the last
 * clause is over: what to raise now (the caller's reference), or NULL, and
 * frame->exception is given up.
 */
void cede__group_clause_raised(cede_impl_frame *frame,
                               cede_exception *exception);
void cede__group_left(cede_impl_frame *frame) CEDE_IMPL_NORETURN;
void cede__group_drop(cede_impl_frame *frame);
cede_exception *cede__group_finish(cede_impl_frame *frame);

/* Assembly and its callee. */
void cede__frame_jump(cede_impl_frame *frame, int phase) CEDE_IMPL_NORETURN;
void cede__frame_back(cede_impl_frame *frame) CEDE_IMPL_NORETURN;
int cede__frame_left(cede_impl_frame *frame);
