/*
 * The plumbing under cede/try.h: a chain of records, one for each statement
 * that must hear of an exception, on the stack of the function that has the
 * statement. Each coroutine has a chain of its own.
 *
 * A try statement is a record plus a point to come back to: entering it calls
 * cede_impl_enter, which returns once with PHASE_BODY and, when an exception
 * arrives or the statement is left early, again with another phase. Every
 * clause is an `if` on the phase; cede_end asks for the next phase and goes
 * round, so that no clause hides a loop from the user's break and continue.
 */
#pragma once
#pragma GCC system_header

/* gcc warns of right code with try statements, and is silent on wrong;
   cede-lint takes its place. Not a flag in cede.pc: gcc would speak of what it
   does not know of clang's flags, and clang of this one. */
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wclobbered"
#endif

#include "cede/exception.h"

#if CEDE_IMPL_TSAN
#include <setjmp.h>
#endif

CEDE_IMPL_BEGIN

#ifndef __cplusplus

typedef struct cede_impl_record cede_impl_record;
typedef struct cede_impl_flow cede_impl_flow;
typedef struct cede_impl_frame cede_impl_frame;

/* Which clause runs next. The numbers are known to the assembly. */
enum cede_impl_phase {
    CEDE_IMPL_PHASE_BODY = 0,
    CEDE_IMPL_PHASE_DONE = 1,
    CEDE_IMPL_PHASE_HANDLE = 2,
    CEDE_IMPL_PHASE_ELSE = 3,
    CEDE_IMPL_PHASE_FINALLY = 4,
};

enum cede_impl_record_kind {
    CEDE_IMPL_RECORD_TRY,   /* a cede_impl_frame */
    CEDE_IMPL_RECORD_WITH,  /* a frame whose manager has not been left yet */
    CEDE_IMPL_RECORD_DEFER, /* a cede_impl_defer */
    CEDE_IMPL_RECORD_HOLD,  /* a cede_impl_hold */
};

enum cede_impl_state {
    CEDE_IMPL_STATE_DONE,          /* left: not in the chain */
    CEDE_IMPL_STATE_BODY,          /* in the body */
    CEDE_IMPL_STATE_HANDLE,        /* exception here, no clause took it yet */
    CEDE_IMPL_STATE_CAUGHT,        /* in a clause that took it */
    CEDE_IMPL_STATE_GROUP,         /* between the clauses of except* */
    CEDE_IMPL_STATE_GROUP_CAUGHT,  /* in a clause of except* */
    CEDE_IMPL_STATE_ELSE,          /* in the else clause */
    CEDE_IMPL_STATE_FINALLY,       /* in finally, then go on behind it */
    CEDE_IMPL_STATE_FINALLY_RAISE, /* in finally, then go on raising */
    CEDE_IMPL_STATE_FINALLY_LEAVE, /* in finally, then return/break/goto */
};

/* The last clause a statement has, as far as cede_end can see; behind finally
   nobody knows whether there is an else. Constants, so that what no clause is
   waiting for is not asked about. */
enum cede_impl_last {
    CEDE_IMPL_LAST_EXCEPT, /* or none but the body */
    CEDE_IMPL_LAST_ELSE,
    CEDE_IMPL_LAST_FINALLY,
};

struct cede_impl_record {
    cede_impl_record *previous;
    uint32_t state; /* of cede_impl_state; a defer's is 1 while it waits */
    uint32_t kind;  /* of cede_impl_record_kind */
};

/* What a coroutine (or a thread outside coroutines) knows of exceptions. */
struct cede_impl_flow {
    cede_impl_record *top;
    cede_exception *handled; /* borrowed from the frame that owns it */
    cede_impl_flow *outer;   /* of whoever resumed this one */
    /* The exception passed the last record: it must not return. Takes it. */
    void (*escape)(cede_impl_flow *flow, cede_exception *exception);
};

struct cede_impl_frame {
    /* Where to come back to; then: where leave came from. */
    void *registers[CEDE_IMPL_FRAME_WORDS];
    cede_impl_record record;
    cede_impl_flow *flow;
    cede_exception *exception; /* owned: pending or being handled */
    cede_exception *outer_handled;
    const cede_location *where;
    void *manager; /* of a WITH record; a defer owns it. In the states of
                      except*: what flow/group.c knows, owned */
#if CEDE_IMPL_TSAN
    jmp_buf jump; /* TSan follows longjmp only */
#endif
};

typedef struct cede_impl_defer {
    cede_impl_record record;
    cede_impl_flow *flow;
    void (*function)(void *argument);
    void *argument;
} cede_impl_defer;

extern CEDE_IMPL_THREAD_LOCAL cede_impl_flow *cede_impl_current;

#define cede_impl_thread_start                                                 \
    CEDE_IMPL_PASTE(cede_impl_thread_start_, CEDE_IMPL_ABI)
cede_impl_flow *cede_impl_thread_start(void) CEDE_IMPL_COLD;

CEDE_IMPL_INLINE cede_impl_flow *cede_impl_flow_now(void)
{
    cede_impl_flow *flow = cede_impl_current;

    return CEDE_IMPL_LIKELY(flow != NULL) ? flow : cede_impl_thread_start();
}

int cede_impl_enter(cede_impl_frame *frame) __attribute__((returns_twice));
#if CEDE_IMPL_KEEPS
int cede_impl_mark(void) __attribute__((returns_twice));
#endif
void cede_impl_leave_frame(cede_impl_frame *frame);
int cede_impl_next_slow(cede_impl_frame *frame, enum cede_impl_last last);
cede_exception *cede_impl_match_one(cede_impl_frame *frame,
                                    const cede_class *wanted);
cede_exception *cede_impl_match(cede_impl_frame *frame,
                                const cede_class *const *wanted, size_t count);
cede_exception *cede_impl_match_group(cede_impl_frame *frame,
                                      const cede_class *const *wanted,
                                      size_t count);
void cede_impl_with_enter(void *manager);

/*
 * While a finally clause runs because the function leaves the statement early,
 * the compiler holds values for behind the statement (what is returned, where
 * to go) and does not know that the clause runs in between. What it holds in
 * registers is given back to it; what it holds on the stack stays right unless
 * code that runs in between puts something else there. The phase is put there
 * by such code, and a compiler that knows "in the body" to mean "phase is 0"
 * may well ask the phase where to go. So it must not know: as far as it can
 * see, any clause may run in any phase.
 */
CEDE_IMPL_INLINE bool cede_impl_never(void)
{
    __asm__ goto("" : : : : yes);
    return false;
yes:
    return true;
}

#define CEDE_IMPL_IN(phase) (cede_impl_phase_ == (phase) || cede_impl_never())

#if CEDE_IMPL_TSAN
#define CEDE_IMPL_ENTER(frame)                                                 \
    (__extension__({                                                           \
        int cede_impl_phase_ = _setjmp((frame)->jump);                         \
        if (!cede_impl_phase_)                                                 \
            cede_impl_phase_ = cede_impl_enter(frame);                         \
        cede_impl_phase_;                                                      \
    }))
#elif CEDE_IMPL_KEEPS
/*
 * gcc knows what its own setjmp does: any call may come back to it, with every
 * local as it was when the call was made. So no local needs cede_keep. The call
 * of the marker, which never happens, says that the function holds a setjmp of
 * the common kind as well, or gcc lets values share places on the stack.
 */
#define CEDE_IMPL_ENTER(frame)                                                 \
    (cede_impl_never()                             ? cede_impl_mark()          \
     : __builtin_setjmp((frame)->registers + 5)    ? cede_impl_came(frame)     \
                                                   : cede_impl_entered(frame))
#else
#define CEDE_IMPL_ENTER(frame) cede_impl_enter(frame)
#endif

#if CEDE_IMPL_KEEPS
CEDE_IMPL_INLINE int cede_impl_came(cede_impl_frame *frame)
{
    return (int)*(volatile intptr_t *)&frame->registers[9];
}

CEDE_IMPL_INLINE int cede_impl_entered(cede_impl_frame *frame)
{
#if defined(__CET__) && (__CET__ & 2)
    frame->registers[7] = frame->registers[8]; /* behind the shadow stack's */
#endif
    (void)frame;
    return CEDE_IMPL_PHASE_BODY;
}

/*
 * The other way round: where a finally clause ends, control may go back to
 * where the function was leaving. As far as gcc can see, that is any label
 * whose address was taken, and such a one stands behind each leave.
 */
#define CEDE_IMPL_GO_BACK                                                      \
    if (cede_impl_never()) {                                                   \
        void *cede_impl_back;                                                  \
        __asm__("" : "=r"(cede_impl_back));                                    \
        goto *cede_impl_back;                                                  \
    }
#else
#define CEDE_IMPL_GO_BACK
#endif

CEDE_IMPL_INLINE void cede_impl_frame_push(cede_impl_frame *frame,
                                           enum cede_impl_record_kind kind,
                                           const cede_location *where)
{
    cede_impl_flow *flow = cede_impl_flow_now();

    frame->record.previous = flow->top;
    frame->record.state = CEDE_IMPL_STATE_BODY;
    frame->record.kind = kind;
    frame->flow = flow;
    frame->outer_handled = flow->handled;
    frame->where = where;
    flow->top = &frame->record;
}

/* The cleanup of every frame: return, break, continue and goto end here. */
CEDE_IMPL_INLINE void cede_impl_frame_leave(cede_impl_frame *frame)
{
    if (CEDE_IMPL_UNLIKELY(frame->record.state != CEDE_IMPL_STATE_DONE)) {
#if CEDE_IMPL_KEEPS
        __asm__ volatile("" : : "r"(&&back));
        cede_impl_leave_frame(frame);
    back:
        __asm__ volatile("");
#else
        cede_impl_leave_frame(frame);
#endif
    }
}

/* The statement is over, and `handled` is what it was before. */
CEDE_IMPL_INLINE int cede_impl_frame_done(cede_impl_frame *frame)
{
    frame->flow->top = frame->record.previous;
    frame->record.state = CEDE_IMPL_STATE_DONE;
    return CEDE_IMPL_PHASE_DONE;
}

/* The clause that phase `phase` ran is over: which one is next? 1: none. `kind`
   is what the statement's record began as. */
CEDE_IMPL_INLINE int cede_impl_next(cede_impl_frame *frame, int phase,
                                    enum cede_impl_record_kind kind,
                                    enum cede_impl_last last)
{
    if (phase == CEDE_IMPL_PHASE_BODY && kind == CEDE_IMPL_RECORD_TRY) {
        if (last == CEDE_IMPL_LAST_EXCEPT)
            return cede_impl_frame_done(frame);
        frame->record.state = CEDE_IMPL_STATE_ELSE;
        return CEDE_IMPL_PHASE_ELSE;
    }
    if (phase == CEDE_IMPL_PHASE_ELSE && last != CEDE_IMPL_LAST_EXCEPT) {
        if (last == CEDE_IMPL_LAST_ELSE)
            return cede_impl_frame_done(frame);
        frame->record.state = CEDE_IMPL_STATE_FINALLY;
        return CEDE_IMPL_PHASE_FINALLY;
    }
    if (phase == CEDE_IMPL_PHASE_FINALLY && last == CEDE_IMPL_LAST_FINALLY &&
        CEDE_IMPL_LIKELY(frame->record.state == CEDE_IMPL_STATE_FINALLY))
        return cede_impl_frame_done(frame);
    phase = cede_impl_next_slow(frame, last);
    if (phase == CEDE_IMPL_PHASE_DONE) /* said here, nobody asks behind it */
        frame->record.state = CEDE_IMPL_STATE_DONE;
    return phase;
}

/* What cede_for_else has in the place of a frame: nothing is caught there, so
   there is nothing to come back to. */
typedef struct cede_impl_loop {
    bool exhausted;
} cede_impl_loop;

CEDE_IMPL_INLINE int cede_impl_loop_next(cede_impl_loop *loop, int phase,
                                         enum cede_impl_record_kind kind,
                                         enum cede_impl_last last)
{
    (void)kind;
    (void)last;
    return phase == CEDE_IMPL_PHASE_BODY && loop->exhausted
               ? CEDE_IMPL_PHASE_ELSE
               : CEDE_IMPL_PHASE_DONE;
}

CEDE_IMPL_INLINE void cede_impl_defer_push(cede_impl_defer *defer,
                                           void (*function)(void *),
                                           const void *argument)
{
    cede_impl_flow *flow = cede_impl_flow_now();

    defer->record.previous = flow->top;
    defer->record.state = 1;
    defer->record.kind = CEDE_IMPL_RECORD_DEFER;
    defer->flow = flow;
    defer->function = function;
    defer->argument = (void *)argument;
    flow->top = &defer->record;
}

CEDE_IMPL_INLINE void cede_impl_defer_leave(cede_impl_defer *defer)
{
    if (defer->record.state) {
        defer->flow->top = defer->record.previous;
        defer->record.state = 0;
        defer->function(defer->argument);
    }
}

/* What cede_foreign has for a manager (coro/foreign.c). */
typedef struct cede_impl_foreign {
    cede_object head;
    const cede_location *where;
    const cede_location *outer; /* of the block around it, or NULL */
    void *coroutine;            /* that has the block */
    uint8_t flags_before;
} cede_impl_foreign;

void cede_impl_foreign_enter(cede_impl_foreign *foreign,
                             const cede_location *where);

/*
 * References that a call is going to take, while its arguments are evaluated,
 * from left to right: if one of them raises, those before it are given up.
 * When an argument has been evaluated this record is the innermost again, so it
 * needs no name, and the call's result can be seen to be dropped.
 */
typedef struct cede_impl_arguments {
    cede_impl_defer record; /* first */
    size_t count;
    void *items[];
} __attribute__((may_alias)) cede_impl_arguments;

void cede_impl_arguments_give_up(void *arguments);

CEDE_IMPL_INLINE void cede_impl_arguments_begin(void *place)
{
    cede_impl_arguments *arguments = (cede_impl_arguments *)place;

    arguments->count = 0;
    cede_impl_defer_push(&arguments->record, cede_impl_arguments_give_up,
                         arguments);
}

CEDE_IMPL_INLINE void cede_impl_arguments_add(const void *item)
{
    cede_impl_arguments *arguments =
        (cede_impl_arguments *)cede_impl_current->top;

    arguments->items[arguments->count++] = (void *)item;
}

CEDE_IMPL_INLINE const cede_impl_arguments *cede_impl_arguments_end(void)
{
    cede_impl_arguments *arguments =
        (cede_impl_arguments *)cede_impl_current->top;

    cede_impl_current->top = arguments->record.record.previous;
    arguments->record.record.state = 0;
    return arguments;
}

/* A pointer to them, valid in the block around; 0 to 16 (cede/value.h). */
#define CEDE_IMPL_ARGUMENTS(...)                                               \
    (cede_impl_arguments_begin((struct {                                       \
         cede_impl_defer record;                                               \
         size_t count;                                                         \
         void *items[CEDE_IMPL_COUNT(__VA_ARGS__) + 1];                        \
     }[1]){{.count = 0}}),                                                     \
     CEDE_IMPL_EACH(CEDE_IMPL_ARGUMENT, __VA_ARGS__)                           \
         cede_impl_arguments_end())
#define CEDE_IMPL_ARGUMENT(x) cede_impl_arguments_add(x),

/* Raising: each records where, sets the context and does not return. */
void cede_impl_raise_new(const cede_location *where,
                         const cede_class *exception_class, const char *format,
                         ...) CEDE_IMPL_FORMAT(3, 4)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
void cede_impl_raise_class(const cede_location *where,
                           const cede_class *exception_class)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
void cede_impl_raise_args(const cede_location *where,
                          const cede_class *exception_class,
                          struct cede_tuple *args)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
void cede_impl_raise_with(const cede_location *where,
                          const cede_class *exception_class,
                          const void *payload, size_t size, const char *format,
                          ...) CEDE_IMPL_FORMAT(5, 6)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
void cede_impl_raise_object(const cede_location *where,
                            cede_exception *exception)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
void cede_impl_raise_from(const cede_location *where,
                          const cede_class *exception_class,
                          cede_exception *cause, const char *format, ...)
    CEDE_IMPL_FORMAT(4, 5) CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
void cede_impl_reraise(const cede_location *where)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
void cede_impl_raise_errno(const cede_location *where, int error,
                           const char *format, ...) CEDE_IMPL_FORMAT(3, 4)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;

#endif /* !__cplusplus */

CEDE_IMPL_END
