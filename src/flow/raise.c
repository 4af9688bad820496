/*
 * Raising: walks the chain of records of the running coroutine from the
 * innermost outwards and stops at the first that has code to run.
 *
 * It knows records and exceptions; it knows nothing of coroutines but that
 * the chain ends in flow->escape. Invariants: a record is in the chain from
 * its push until its statement is over, its finally clause included, because
 * an exception raised there must find it to drop what it owns; code that runs
 * during the walk (defer, a manager's exit) runs above the frames that are
 * being left, which are still intact.
 *
 * Semantics: language reference 8.4 and 8.5; PEP 3134; rules E01-E08, E13.
 */
#include "flow/flow.h"

#include "arch/notice.h"
#include "value/exception.h"
#include "value/object.h"

#if CEDE_IMPL_TSAN
/* TSan keeps a shadow of the call stack and follows longjmp alone. */
static void jump(cede_impl_frame *frame, int phase) CEDE_IMPL_NORETURN;
static void jump(cede_impl_frame *frame, int phase)
{
    longjmp(frame->jump, phase);
}
#else
static void jump(cede_impl_frame *frame, int phase) CEDE_IMPL_NORETURN;
static void jump(cede_impl_frame *frame, int phase)
{
    cede__notice_unwind();
    cede__frame_jump(frame, phase);
}
#endif

cede_exception *cede__handled(const cede_impl_flow *flow)
{
    for (; flow; flow = flow->outer)
        if (flow->handled)
            return flow->handled;
    return NULL;
}

static void pass_hold(cede_impl_flow *flow, cede__hold *hold)
{
    flow->top = hold->record.previous;
    flow->handled = hold->outer_handled;
    if (hold->link)
        *hold->link = NULL;
    cede_unref(hold->object);
}

/* Calls a deferred function while `exception` is on its way. */
static void pass_defer(cede_impl_flow *flow, cede_impl_defer *defer,
                       cede_exception *exception)
{
    cede__hold hold;

    flow->top = defer->record.previous;
    defer->record.state = 0;
    cede__hold_push(&hold, exception);
    flow->handled = exception;
    defer->function(defer->argument);
    cede__hold_pop(&hold);
}

/* Leaves a manager; true: it swallowed the exception. What its exit raises
   finds this frame again, as a plain try now. */
static bool leave_manager(cede_impl_frame *frame, cede_exception *exception)
{
    cede_object *manager = frame->manager;
    /* Where it goes inside exit and comes back from is not its way (as
       contextlib sees to in Python). */
    uint32_t places = exception ? exception->trace_count : 0;
    const void *inside = exception ? exception->inside : NULL;
    cede__hold hold;
    bool swallowed;

    frame->record.kind = CEDE_IMPL_RECORD_TRY;
    frame->flow->top = &frame->record;
    cede__hold_push(&hold, exception);
    if (exception)
        frame->flow->handled = exception;
    swallowed = manager->object_class->manager->exit(manager, exception);
    cede__hold_pop(&hold);
    if (exception && !swallowed)
        cede__exception_cut_trace(exception, places, inside);
    return swallowed && exception;
}

/* The clauses are next. It is handled from here on, not from where a clause
   takes it: what naming or checking a clause's class raises has it as its
   context. */
CEDE_IMPL_INLINE void arrive(cede_impl_flow *flow, cede_impl_frame *frame,
                             cede_exception *exception)
{
    flow->handled = exception;
    frame->record.state = CEDE_IMPL_STATE_HANDLE;
    frame->exception = exception;
}

/* The exception reaches a frame: runs a clause of it, or returns when the
   frame has nothing left to run. */
static void pass_frame(cede_impl_flow *flow, cede_impl_frame *frame,
                       cede_exception *exception)
{
    flow->top = &frame->record;
    flow->handled = frame->outer_handled;
    switch (frame->record.state) {
    case CEDE_IMPL_STATE_BODY:
        cede__exception_passed(exception, frame);
        if (frame->record.kind == CEDE_IMPL_RECORD_WITH &&
            leave_manager(frame, exception)) {
            cede_unref(exception);
            frame->record.state = CEDE_IMPL_STATE_ELSE;
            jump(frame, CEDE_IMPL_PHASE_ELSE);
        }
        arrive(flow, frame, exception);
        jump(frame, CEDE_IMPL_PHASE_HANDLE);
    case CEDE_IMPL_STATE_GROUP_CAUGHT: /* the next clause may still run */
        cede__exception_passed(exception, frame);
        cede__group_clause_raised(frame, exception);
        jump(frame, CEDE_IMPL_PHASE_HANDLE);
    case CEDE_IMPL_STATE_GROUP:
        cede__group_drop(frame);
        /* fall through */
    case CEDE_IMPL_STATE_CAUGHT:
    case CEDE_IMPL_STATE_HANDLE: /* the class of an except clause raised */
        cede_unref(frame->exception);
        /* fall through */
    case CEDE_IMPL_STATE_ELSE:
        cede__exception_passed(exception, frame);
        frame->record.state = CEDE_IMPL_STATE_FINALLY_RAISE;
        frame->exception = exception;
        flow->handled = exception;
        jump(frame, CEDE_IMPL_PHASE_FINALLY);
    case CEDE_IMPL_STATE_FINALLY_RAISE:
        cede_unref(frame->exception);
        break;
    default:
        break;
    }
    cede__exception_passed(exception, frame);
    flow->top = frame->record.previous;
    frame->record.state = CEDE_IMPL_STATE_DONE;
}

static void abandon_frame(cede_impl_frame *frame)
{
    switch (frame->record.state) {
    case CEDE_IMPL_STATE_GROUP:
    case CEDE_IMPL_STATE_GROUP_CAUGHT:
        cede__group_drop(frame);
        /* fall through */
    case CEDE_IMPL_STATE_HANDLE:
    case CEDE_IMPL_STATE_CAUGHT:
    case CEDE_IMPL_STATE_FINALLY_RAISE:
        cede_unref(frame->exception);
        break;
    }
}

void cede__flow_abandon(cede_impl_flow *flow,
                        void (*drop_defer)(cede_impl_defer *defer))
{
    cede_impl_record *record;

    while ((record = flow->top)) {
        flow->top = record->previous;
        if (record->kind == CEDE_IMPL_RECORD_DEFER)
            drop_defer((cede_impl_defer *)record);
        else if (record->kind == CEDE_IMPL_RECORD_HOLD)
            cede_unref(((cede__hold *)record)->object);
        else
            abandon_frame(CEDE__FRAME_OF(record));
    }
    flow->handled = NULL;
}

/*
 * What most exceptions meet first: a try statement in its body, whose clauses
 * are next, when there is room for so many more places in the traceback. NULL
 * where it is something else. From here to the clauses nothing is called, so
 * that no registers are saved for a call that does not return.
 */
static inline cede_impl_frame *waiting(const cede_impl_flow *flow,
                                       const cede_exception *exception,
                                       uint32_t places)
{
    cede_impl_record *record = flow->top;

    return record && record->kind == CEDE_IMPL_RECORD_TRY &&
                   record->state == CEDE_IMPL_STATE_BODY &&
                   exception->trace_count + places <= exception->trace_capacity
               ? CEDE__FRAME_OF(record)
               : NULL;
}

/* `inside` is what exception->inside ought to be. */
CEDE_IMPL_INLINE void run_clauses(cede_impl_frame *frame,
                                  cede_exception *exception, const void *inside)
    CEDE_IMPL_NORETURN;
CEDE_IMPL_INLINE void run_clauses(cede_impl_frame *frame,
                                  cede_exception *exception, const void *inside)
{
    if (!frame->where)
        exception->inside = inside;
    else
        cede__exception_put_place(exception, cede__place_passed(inside, frame),
                                  cede__statement_around(frame));
    jump(frame, CEDE_IMPL_PHASE_HANDLE);
}

static void walk(cede_impl_flow *flow, cede_exception *exception)
    CEDE_IMPL_NORETURN __attribute__((noinline));
static void walk(cede_impl_flow *flow, cede_exception *exception)
{
    for (;;) {
        cede_impl_record *record = flow->top;

        if (!record) {
            flow->handled = NULL;
            flow->escape(flow, exception);
            __builtin_unreachable();
        }
        switch (record->kind) {
        case CEDE_IMPL_RECORD_DEFER:
            pass_defer(flow, (cede_impl_defer *)record, exception);
            break;
        case CEDE_IMPL_RECORD_HOLD:
            pass_hold(flow, (cede__hold *)record);
            break;
        default:
            pass_frame(flow, CEDE__FRAME_OF(record), exception);
        }
    }
}

void cede__throw(cede_exception *exception)
{
    cede_impl_flow *flow = cede_impl_flow_now();
    cede_impl_frame *frame = waiting(flow, exception, 1);

    if (CEDE_IMPL_UNLIKELY(!frame))
        walk(flow, exception);
    arrive(flow, frame, exception);
    run_clauses(frame, exception, exception->inside);
}

static void raise_slowly(cede_exception *exception, const cede_location *where)
    CEDE_IMPL_NORETURN __attribute__((noinline));
static void raise_slowly(cede_exception *exception, const cede_location *where)
{
    cede_exception *handled = cede__handled(cede_impl_flow_now());

    cede__exception_trace(exception, where);
    cede__exception_set_context(exception, handled);
    cede__throw(exception);
}

CEDE_IMPL_INLINE void raise_here(cede_exception *exception,
                                 const cede_location *where) CEDE_IMPL_NORETURN;
CEDE_IMPL_INLINE void raise_here(cede_exception *exception,
                                 const cede_location *where)
{
    cede_impl_flow *flow = cede_impl_current;
    cede_impl_frame *frame = flow ? waiting(flow, exception, 2) : NULL;

    if (CEDE_IMPL_UNLIKELY(!frame || cede__handled(flow)))
        raise_slowly(exception, where);
    arrive(flow, frame, exception);
    exception->trace[exception->trace_count++] = where;
    run_clauses(frame, exception, cede__statement_of(&frame->record, where));
}

void cede__raise(cede_exception *exception, const cede_location *where)
{
    if (!where)
        raise_slowly(exception, NULL);
    raise_here(exception, where);
}

void cede__raise_own(cede_exception **exception)
{
    cede_exception *taken = *exception;

    *exception = NULL;
    cede__raise(taken, NULL);
}

void cede_impl_raise_new(const cede_location *where,
                         const cede_class *exception_class, const char *format,
                         ...)
{
    cede_exception *exception;
    va_list arguments;

    va_start(arguments, format);
    exception = cede__exception_vnew(exception_class, format, arguments);
    va_end(arguments);
    cede__raise(exception, where);
}

void cede_impl_raise_class(const cede_location *where,
                           const cede_class *exception_class)
{
    cede_impl_raise_new(where, exception_class, NULL);
}

void cede_impl_raise_args(const cede_location *where,
                          const cede_class *exception_class,
                          struct cede_tuple *args)
{
    cede__raise(cede__exception_from_args(exception_class, args), where);
}

void cede_impl_raise_with(const cede_location *where,
                          const cede_class *exception_class,
                          const void *payload, size_t size, const char *format,
                          ...)
{
    cede_exception *exception;
    va_list arguments;

    va_start(arguments, format);
    exception = cede__exception_vnew(exception_class, format, arguments);
    va_end(arguments);
    if (cede_exception_is(exception, exception_class))
        exception = cede__exception_carry(exception, payload, size);
    cede__raise(exception, where);
}

static bool is_exception(const void *object)
{
    return cede_isinstance(object, cede_BaseException);
}

static void raise_checked(const cede_location *where, cede_exception *exception)
    CEDE_IMPL_NORETURN __attribute__((noinline));
static void raise_checked(const cede_location *where, cede_exception *exception)
{
    cede__check_given(exception);
    if (!is_exception(exception))
        cede_impl_raise_new(where, cede_TypeError,
                            "exceptions must derive from BaseException: pass "
                            "an exception class or an exception to cede_raise");
    cede__raise(cede_ref(exception), where);
}

/* An exception whose class says that it is one need not be asked for its bases;
   what is counted as usual was not released, and while there is one thread,
   not atomically. */
void cede__raise_given(const cede_location *where, cede_exception *exception)
{
    if (CEDE_IMPL_UNLIKELY(
            !exception || exception->head.flags & CEDE__OBJECT_UNUSUAL ||
            !(exception->head.object_class->flags & CEDE_CLASS_EXCEPTION) ||
            !cede__single_threaded()))
        raise_checked(where, exception);
    exception->head.references++;
    raise_here(exception, where);
}

/* The same function, which is only called from where it is cold. */
void cede_impl_raise_object(const cede_location *where,
                            cede_exception *exception)
    __attribute__((alias("cede__raise_given")));

void cede_impl_raise_from(const cede_location *where,
                          const cede_class *exception_class,
                          cede_exception *cause, const char *format, ...)
{
    cede_exception *exception;
    va_list arguments;

    cede__check_given(cause);
    va_start(arguments, format);
    exception = cede__exception_vnew(exception_class, format, arguments);
    va_end(arguments);
    if (cause && !is_exception(cause)) {
        cede_unref(exception);
        cede_impl_raise_new(where, cede_TypeError, "exception causes must "
                                                   "derive from BaseException");
    }
    cede_exception_set_cause(exception, cause);
    cede__raise(exception, where);
}

cede_exception *cede_sys_exception(void)
{
    return cede__handled(cede_impl_flow_now());
}

void cede_impl_reraise(const cede_location *where)
{
    cede_exception *handled = cede__handled(cede_impl_flow_now());

    if (!handled)
        cede_impl_raise_new(where, cede_RuntimeError,
                            "No active exception to reraise");
    cede__exception_again(handled, where);
    cede__throw(cede_ref(handled));
}

void cede_impl_raise_errno(const cede_location *where, int error,
                           const char *format, ...)
{
    cede_exception *exception;
    va_list arguments;

    va_start(arguments, format);
    exception = cede__exception_from_errno(error, format, arguments);
    va_end(arguments);
    cede__raise(exception, where);
}

void cede_impl_with_enter(void *manager)
{
    const cede_object *object = manager;
    const cede_manager_methods *methods =
        object ? object->object_class->manager : NULL;

    if (!methods || !methods->exit)
        cede_raise(cede_TypeError,
                   "'%s' object does not support the context manager "
                   "protocol: its class needs cede_manager_methods",
                   cede__class_name(object));
    if (methods->enter)
        methods->enter(manager);
}

/*
 * The function leaves the statement by return, break, continue or goto.
 * Returns the phase that must run before it may, or PHASE_DONE.
 */
int cede__frame_left(cede_impl_frame *frame)
{
    cede_impl_flow *flow = frame->flow;

    flow->handled = frame->outer_handled;
    switch (frame->record.state) {
    case CEDE_IMPL_STATE_GROUP_CAUGHT:
        cede__group_left(frame);
    case CEDE_IMPL_STATE_CAUGHT:
    case CEDE_IMPL_STATE_HANDLE:
        cede_unref(frame->exception);
        break;
    case CEDE_IMPL_STATE_BODY:
        if (frame->record.kind == CEDE_IMPL_RECORD_WITH)
            leave_manager(frame, NULL);
        break;
    case CEDE_IMPL_STATE_ELSE:
        break;
    case CEDE_IMPL_STATE_FINALLY_RAISE: /* out of finally: dropped (E03) */
        cede_unref(frame->exception);
        /* fall through */
    default:
        flow->top = frame->record.previous;
        frame->record.state = CEDE_IMPL_STATE_DONE;
        return CEDE_IMPL_PHASE_DONE;
    }
    frame->record.state = CEDE_IMPL_STATE_FINALLY_LEAVE;
    return CEDE_IMPL_PHASE_FINALLY;
}

void cede__check_clause(const cede_class *const *wanted, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (!wanted[i] || !(wanted[i]->flags & CEDE_CLASS_EXCEPTION))
            cede_raise(cede_TypeError,
                       "catching classes that do not inherit from "
                       "BaseException is not allowed: %s",
                       wanted[i] ? wanted[i]->name : "NULL");
}

static cede_exception *take(cede_impl_frame *frame)
{
    frame->record.state = CEDE_IMPL_STATE_CAUGHT;
    frame->flow->handled = frame->exception;
    return frame->exception;
}

/* The exception if it is of one of these classes, else NULL: then its clause
   runs and handles it. */
cede_exception *cede_impl_match(cede_impl_frame *frame,
                                const cede_class *const *wanted, size_t count)
{
    size_t i;

    cede__check_clause(wanted, count);
    for (i = 0; i < count; i++)
        if (cede_exception_is(frame->exception, wanted[i]))
            return take(frame);
    return NULL;
}

static cede_exception *match_derived(cede_impl_frame *frame,
                                     const cede_class *wanted)
    __attribute__((noinline));
static cede_exception *match_derived(cede_impl_frame *frame,
                                     const cede_class *wanted)
{
    return cede_impl_match(frame, &wanted, 1);
}

/* What was raised is of a class that exceptions can have. */
cede_exception *cede_impl_match_one(cede_impl_frame *frame,
                                    const cede_class *wanted)
{
    if (CEDE_IMPL_LIKELY(frame->exception->head.object_class == wanted))
        return take(frame);
    return match_derived(frame, wanted);
}

/* The last clause but finally is over, nothing is pending. */
static inline int go_on(cede_impl_frame *frame, enum cede_impl_last last)
{
    if (last != CEDE_IMPL_LAST_FINALLY)
        return cede_impl_frame_done(frame);
    frame->record.state = CEDE_IMPL_STATE_FINALLY;
    return CEDE_IMPL_PHASE_FINALLY;
}

static int next_rare(cede_impl_frame *frame, enum cede_impl_last last)
    __attribute__((noinline));
static int next_rare(cede_impl_frame *frame, enum cede_impl_last last)
{
    cede_impl_flow *flow = frame->flow;
    cede_exception *exception = frame->exception;

    switch (frame->record.state) {
    case CEDE_IMPL_STATE_BODY: /* the body of a with, fallen through */
        leave_manager(frame, NULL);
        if (last == CEDE_IMPL_LAST_EXCEPT)
            return cede_impl_frame_done(frame);
        frame->record.state = CEDE_IMPL_STATE_ELSE;
        return CEDE_IMPL_PHASE_ELSE;
    case CEDE_IMPL_STATE_ELSE: /* its manager swallowed what was raised */
        return go_on(frame, last);
    case CEDE_IMPL_STATE_GROUP:
    case CEDE_IMPL_STATE_GROUP_CAUGHT:
        exception = cede__group_finish(frame);
        if (!exception)
            return go_on(frame, last);
        frame->exception = exception;
        /* fall through */
    case CEDE_IMPL_STATE_HANDLE: /* no clause took it */
        if (last == CEDE_IMPL_LAST_FINALLY) {
            frame->record.state = CEDE_IMPL_STATE_FINALLY_RAISE;
            flow->handled = exception;
            return CEDE_IMPL_PHASE_FINALLY;
        }
        /* fall through */
    case CEDE_IMPL_STATE_FINALLY_RAISE:
        flow->top = frame->record.previous;
        flow->handled = frame->outer_handled;
        frame->record.state = CEDE_IMPL_STATE_DONE;
        cede__throw(exception);
    }
    return CEDE_IMPL_PHASE_DONE;
}

/* What cede_impl_next leaves to a call. What goes back leaves this function
   alone, and that is what cede__notice_return counts. */
int cede_impl_next_slow(cede_impl_frame *frame, enum cede_impl_last last)
{
    cede_exception *exception = frame->exception;

    if (CEDE_IMPL_UNLIKELY(frame->record.state != CEDE_IMPL_STATE_CAUGHT)) {
        if (frame->record.state != CEDE_IMPL_STATE_FINALLY_LEAVE)
            return next_rare(frame, last);
        cede_impl_frame_done(frame);
        cede__notice_return();
        cede__frame_back(frame);
    }
    frame->flow->handled = frame->outer_handled;
    if (go_on(frame, last) == CEDE_IMPL_PHASE_DONE) {
        cede_unref(exception);
        return CEDE_IMPL_PHASE_DONE;
    }
    cede_unref(exception);
    return CEDE_IMPL_PHASE_FINALLY;
}
