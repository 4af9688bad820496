/*
 * Chains of exceptions: cause and context.
 *
 * References are counted and nobody collects circles, so none may come to be:
 * of causes, contexts and the members of groups, in any mixture. Where a link
 * would close one, an older link gives way if it can: a context to a newer
 * context, as in CPython (rule E08), any link to a cause that is set. What
 * cannot give way, a cause to a context and the members of a group to either,
 * stays, and the new link is not made. Python makes it and lets its collector
 * find the circle; what is printed is the same, for printing does not follow
 * circles. Exceptions kept in args or in a value are not looked at.
 *
 * Semantics: PEP 3134, PEP 415; rules E01, E02, E08.
 */
#include "value/exception.h"

#include "value/object.h"
#include "value/visited.h"

cede_exception *cede__exception_link(cede_exception *exception)
{
    if (exception && exception != cede__memory_error)
        __atomic_store_n(&exception->linked, true, __ATOMIC_RELAXED);
    return cede_ref(exception);
}

/* Most exceptions have never been anybody's cause, context or member: then
   nothing leads to them, and there is nothing to walk. */
static bool is_linked(const cede_exception *exception)
{
    return __atomic_load_n(&exception->linked, __ATOMIC_RELAXED);
}

static void add_links(cede__visited *visited, const cede_exception *exception)
{
    size_t i;

    cede__visited_add(visited, exception->cause);
    cede__visited_add(visited, exception->context);
    if (!exception->members)
        return;
    for (i = 0; i < exception->members->count; i++)
        cede__visited_add(visited, exception->members->exceptions[i]);
}

/* All that `from` leads to, itself first; it says itself if it failed. */
static void visit(cede__visited *visited, const cede_exception *from)
{
    size_t i;

    cede__visited_init(visited);
    cede__visited_add(visited, from);
    for (i = 0; i < visited->count; i++)
        add_links(visited, visited->items[i]);
}

/* Without memory to look, the answer is yes: a link less, but no circle. */
static bool leads_to(const cede_exception *from,
                     const cede_exception *exception)
{
    cede__visited visited;
    bool found;
    size_t i;

    if (!is_linked(exception))
        return false;
    visit(&visited, from);
    found = visited.failed;
    for (i = 0; i < visited.count && !found; i++)
        found = visited.items[i] == exception;
    cede__visited_clear(&visited);
    return found;
}

static void cut(cede_exception **link, const cede_exception *exception)
{
    if (*link == exception) {
        cede__unref_shared(*link);
        *link = NULL;
    }
}

static void cut_contexts(cede_exception *context,
                         const cede_exception *exception)
{
    for (; context; context = context->context)
        cut(&context->context, exception);
}

static void cut_all(cede_exception *from, const cede_exception *exception)
{
    cede__visited visited;
    size_t i;

    if (!is_linked(exception))
        return;
    visit(&visited, from);
    for (i = 0; i < visited.count; i++) {
        cede_exception *link = (cede_exception *)visited.items[i];

        cut(&link->context, exception);
        cut(&link->cause, exception);
    }
    cede__visited_clear(&visited);
}

void cede__exception_set_context(cede_exception *exception,
                                 cede_exception *context)
{
    if (!context || context == exception || exception == cede__memory_error)
        return;
    if (is_linked(exception))
        cut_contexts(context, exception);
    if (leads_to(context, exception))
        return;
    cede__exception_link(context);
    cede_unref(exception->context);
    exception->context = context;
}

void cede_exception_set_cause(cede_exception *exception, cede_exception *cause)
{
    cede_check_alive(exception);
    if (exception == cede__memory_error)
        return;
    exception->suppress_context = true;
    if (cause == exception)
        cause = NULL;
    if (cause) {
        cut_all(cause, exception);
        if (leads_to(cause, exception))
            cause = NULL;
    }
    cede__exception_link(cause);
    cede_unref(exception->cause);
    exception->cause = cause;
}

cede_exception *cede_exception_cause(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->cause;
}

cede_exception *cede_exception_context(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->context;
}

bool cede_exception_suppress_context(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->suppress_context;
}
