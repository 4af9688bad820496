/*
 * except*: which clause takes what of an exception group, and what is raised
 * in the end.
 *
 * It knows one statement at a time and what its clauses did so far; taking
 * groups apart and putting them together again is value/group.c's. Invariants:
 * frame->exception stays the original exception until the last clause is over;
 * frame->manager owns a `handling` in the states GROUP and GROUP_CAUGHT and in
 * no other. A clause that raises makes control come back to the first clause,
 * which is why clauses are counted.
 *
 * Semantics: PEP 654, language reference 8.4.2; rules X03, X04, X07.
 */
#include "flow/flow.h"

#include "base/memory.h"
#include "value/exception.h"

#include "cede/group.h"

#include <string.h>

enum { RAISED_AT_FIRST = 4 };

typedef struct handling {
    cede_exception *rest;  /* owned; what no clause took, NULL: nothing */
    cede_exception *taken; /* owned; the running clause's group */
    unsigned reached;      /* clauses reached since control was at the first */
    unsigned over;         /* clauses that need no second look */
    size_t raised_count;
    size_t raised_room;
    cede_exception **raised; /* owned, what clauses raised */
} handling;

/* The classes of one clause. */
typedef struct clause {
    const cede_class *const *classes;
    size_t count;
} clause;

static bool is_of_clause(const cede_exception *exception, void *argument)
{
    const clause *wanted = argument;
    size_t i;

    for (i = 0; i < wanted->count; i++)
        if (cede_exception_is(exception, wanted->classes[i]))
            return true;
    return false;
}

static void check_group_clause(const clause *wanted)
{
    size_t i;

    cede__check_clause(wanted->classes, wanted->count);
    for (i = 0; i < wanted->count; i++)
        if (cede_issubclass(wanted->classes[i], cede_BaseExceptionGroup))
            cede_raise(cede_TypeError,
                       "catching ExceptionGroup with cede_except_group is not "
                       "allowed. Use cede_except instead.");
}

static handling *begin(cede_impl_frame *frame)
{
    handling *now = cede__calloc(1, sizeof *now);

    if (now)
        now->raised = cede__malloc(RAISED_AT_FIRST * sizeof *now->raised);
    if (!now || !now->raised) {
        cede__free(now);
        cede_raise(cede_MemoryError);
    }
    now->raised_room = RAISED_AT_FIRST;
    now->rest = cede_ref(frame->exception);
    frame->manager = now;
    frame->record.state = CEDE_IMPL_STATE_GROUP;
    return now;
}

/* The clause before is over; until the next takes its part, the original is
   what is handled. */
static void end_clause(cede_impl_frame *frame, handling *now)
{
    cede_unref(now->taken);
    now->taken = NULL;
    frame->flow->handled = frame->exception;
    frame->record.state = CEDE_IMPL_STATE_GROUP;
}

/* Takes the clause's part out of the rest; NULL: there is none. */
static cede_exception *take(handling *now, clause *wanted)
{
    cede_exception *match = NULL;
    cede_exception *rest = NULL;

    if (cede_exception_is(now->rest, cede_BaseExceptionGroup)) {
        cede_exception_group_split_if(now->rest, is_of_clause, wanted, &match,
                                      &rest);
    } else if (is_of_clause(now->rest, wanted)) {
        match = cede_exception_group("", &now->rest, 1);
    } else {
        rest = cede_ref(now->rest);
    }
    cede_unref(now->rest);
    now->rest = rest;
    return match;
}

cede_exception *cede_impl_match_group(cede_impl_frame *frame,
                                      const cede_class *const *wanted,
                                      size_t count)
{
    clause now_wanted = {wanted, count};
    handling *now = frame->manager;

    switch (frame->record.state) {
    case CEDE_IMPL_STATE_HANDLE:
        check_group_clause(&now_wanted);
        now = begin(frame);
        break;
    case CEDE_IMPL_STATE_GROUP:
    case CEDE_IMPL_STATE_GROUP_CAUGHT:
        if (now->reached++ < now->over)
            return NULL;
        end_clause(frame, now);
        check_group_clause(&now_wanted);
        now->reached--;
        break;
    default:
        return NULL; /* a cede_except before took it */
    }
    now->over = ++now->reached;
    if (!now->rest)
        return NULL;
    now->taken = take(now, &now_wanted);
    if (!now->taken)
        return NULL;
    frame->flow->handled = now->taken;
    frame->record.state = CEDE_IMPL_STATE_GROUP_CAUGHT;
    return now->taken;
}

/* Room for one more is made beforehand; without it the last one raised has to
   give way. */
void cede__group_clause_raised(cede_impl_frame *frame,
                               cede_exception *exception)
{
    handling *now = frame->manager;

    if (now->raised_count == now->raised_room) {
        cede_exception **more = cede__realloc(
            now->raised, 2 * now->raised_room * sizeof *now->raised);

        if (more) {
            now->raised = more;
            now->raised_room *= 2;
        } else {
            cede_unref(now->raised[--now->raised_count]);
        }
    }
    now->raised[now->raised_count++] = exception;
    end_clause(frame, now);
    now->reached = 0;
}

void cede__group_left(cede_impl_frame *frame)
{
    const handling *now = frame->manager;

    frame->flow->handled = now->taken;
    cede_raise(cede_RuntimeError,
               "'break', 'continue', 'goto' and 'return' cannot leave a "
               "cede_except_group block: note what to do and do it behind "
               "cede_end");
}

void cede__group_drop(cede_impl_frame *frame)
{
    handling *now = frame->manager;

    frame->manager = NULL;
    while (now->raised_count)
        cede_unref(now->raised[--now->raised_count]);
    cede_unref(now->taken);
    cede_unref(now->rest);
    cede__free(now->raised);
    cede__free(now);
}

cede_exception *cede__group_finish(cede_impl_frame *frame)
{
    handling *now = frame->manager;
    cede_exception *original = frame->exception;
    cede_exception *result;

    end_clause(frame, now);
    if (now->rest) {
        cede__group_clause_raised(frame, now->rest);
        now->rest = NULL;
    }
    result = cede__group_reraise(original, now->raised, now->raised_count);
    cede__group_drop(frame);
    frame->flow->handled = frame->outer_handled;
    cede_unref(original);
    return result;
}
