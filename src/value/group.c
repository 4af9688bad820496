/*
 * Exception groups: several exceptions raised as one.
 *
 * It knows members, how a group is taken apart and put together; what raises
 * (constructors, the public split) is in flow/exceptions.c, the except*
 * statement in flow/group.c. Groups nest to any depth, and what walks them
 * here keeps its place on the heap.
 *
 * Invariants: message and members never change (X08); a group has at least one
 * member; an ExceptionGroup has Exceptions only.
 *
 * Semantics: PEP 654; "Exception groups" in the library reference; rules X01,
 * X02, X04, X08, X09.
 */
#include "value/exception.h"

#include "base/memory.h"
#include "value/visited.h"

#include "cede/group.h"

#include <stdio.h>
#include <string.h>

static bool is_group(const cede_exception *exception)
{
    return exception->members != NULL;
}

/* ---- making -------------------------------------------------------------- */

static bool all_are(cede_exception *const *exceptions, size_t count,
                    const cede_class *exception_class)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (!cede_exception_is(exceptions[i], exception_class))
            return false;
    return true;
}

static cede_exception *refusal(const cede_class *error_class,
                               const char *format, ...) CEDE_IMPL_FORMAT(2, 3);
static cede_exception *refusal(const cede_class *error_class,
                               const char *format, ...)
{
    cede_exception *error;
    va_list arguments;

    va_start(arguments, format);
    error = cede__exception_vnew(error_class, format, arguments);
    va_end(arguments);
    return error;
}

cede_exception *cede__group_refused(const cede_class *group_class,
                                    const char *message,
                                    cede_exception *const *exceptions,
                                    size_t count)
{
    size_t i;

    if (!cede__is_exception_class(group_class) ||
        !cede_issubclass(group_class, cede_BaseExceptionGroup))
        return refusal(cede_TypeError,
                       "%s is no subclass of "
                       "BaseExceptionGroup",
                       group_class ? group_class->name : "NULL");
    if (!message)
        return refusal(cede_TypeError, "BaseExceptionGroup.__new__() argument "
                                       "1 must be str, not None");
    if (!exceptions || count == 0)
        return refusal(cede_ValueError, "second argument (exceptions) must be "
                                        "a non-empty sequence");
    for (i = 0; i < count; i++)
        if (!cede_exception_is(exceptions[i], cede_BaseException))
            return refusal(cede_ValueError,
                           "Item %zu of second argument "
                           "(exceptions) is not an exception",
                           i);
    if (!cede_issubclass(group_class, cede_Exception) ||
        all_are(exceptions, count, cede_Exception))
        return NULL;
    if (group_class == cede_ExceptionGroup)
        return refusal(cede_TypeError,
                       "Cannot nest BaseExceptions in an ExceptionGroup");
    return refusal(cede_TypeError, "Cannot nest BaseExceptions in '%s'",
                   group_class->name);
}

const cede_class *cede__group_class_for(const cede_class *group_class,
                                        cede_exception *const *exceptions,
                                        size_t count)
{
    return group_class == cede_BaseExceptionGroup &&
                   all_are(exceptions, count, cede_Exception)
               ? cede_ExceptionGroup
               : group_class;
}

/* str() of a group. */
static char *text_of(const char *message, size_t count)
{
    static const char format[] = "%s (%zu sub-exception%s)";
    const char *plural = count == 1 ? "" : "s";
    int size = snprintf(NULL, 0, format, message, count, plural);
    char *text = size < 0 ? NULL : cede__malloc((size_t)size + 1);

    if (text)
        snprintf(text, (size_t)size + 1, format, message, count, plural);
    return text;
}

static cede__members *new_members(const char *message,
                                  cede_exception *const *exceptions,
                                  size_t count)
{
    cede__members *members = NULL;
    size_t i;

    if (count < SIZE_MAX / 2 / sizeof *exceptions)
        members = cede__malloc(sizeof *members + count * sizeof *exceptions);
    if (!members)
        return NULL;
    members->message = cede__copy_text(message);
    if (!members->message) {
        cede__free(members);
        return NULL;
    }
    members->count = count;
    for (i = 0; i < count; i++)
        members->exceptions[i] = cede__exception_link(exceptions[i]);
    return members;
}

cede_exception *cede__group_try_new(const cede_class *group_class,
                                    const char *message,
                                    cede_exception *const *exceptions,
                                    size_t count)
{
    cede_exception *group = cede__exception_make(
        cede__group_class_for(group_class, exceptions, count), NULL);

    if (group == cede__memory_error)
        return NULL;
    group->message = text_of(message, count);
    group->members = new_members(message, exceptions, count);
    if (group->message && group->members)
        return group;
    cede_unref(group);
    return NULL;
}

/* Python's derive() and what split does with its result (X01). */
static cede_exception *derive(const cede_exception *from,
                              cede_exception *const *exceptions, size_t count)
{
    cede_exception *part = cede__group_try_new(
        cede_BaseExceptionGroup, from->members->message, exceptions, count);

    if (!part)
        return NULL;
    part->cause = cede__exception_link(from->cause);
    part->context = cede__exception_link(from->context);
    part->suppress_context = from->suppress_context;
    if (cede__exception_copy_trace(part, from) && cede__notes_copy(part, from))
        return part;
    cede_unref(part);
    return NULL;
}

/* ---- taking apart -------------------------------------------------------- */

/* A group that is looked into. The parts are matches from the front and the
   rest from the middle on, each owned. */
struct cede__split_level {
    cede_exception *group; /* borrowed from the one outside */
    size_t next;           /* member to look at */
    size_t matches;
    size_t rests;
    cede_exception **parts;
};

static bool enter(cede__split *split, cede_exception *group)
{
    size_t count = group->members->count;
    cede__split_level *level;

    if (split->depth == split->capacity) {
        size_t capacity = split->capacity ? 2 * split->capacity : 8;
        cede__split_level *levels =
            cede__realloc(split->levels, capacity * sizeof *levels);

        if (!levels)
            return false;
        split->levels = levels;
        split->capacity = capacity;
    }
    level = &split->levels[split->depth];
    *level = (cede__split_level){.group = group};
    level->parts = cede__malloc(2 * count * sizeof *level->parts);
    if (!level->parts)
        return false;
    split->depth++;
    return true;
}

static void drop_level(cede__split *split)
{
    cede__split_level *level = &split->levels[--split->depth];
    size_t i;

    for (i = 0; i < level->matches; i++)
        cede_unref(level->parts[i]);
    for (i = 0; i < level->rests; i++)
        cede_unref(level->parts[level->group->members->count + i]);
    cede__free(level->parts);
}

/* Asks about one exception: the results are set, or it is entered. */
static bool look_at(cede__split *split, cede_exception *exception,
                    bool *entered)
{
    *entered = false;
    if (split->wanted(exception, split->argument)) {
        split->match = cede_ref(exception);
    } else if (is_group(exception)) {
        *entered = true;
        return enter(split, exception);
    } else if (split->want_rest) {
        split->rest = cede_ref(exception);
    }
    return true;
}

/* Gives the results to the group they are members of. */
static void deliver(cede__split *split)
{
    cede__split_level *level = &split->levels[split->depth - 1];
    size_t middle = level->group->members->count;

    if (split->match)
        level->parts[level->matches++] = split->match;
    if (split->rest)
        level->parts[middle + level->rests++] = split->rest;
    split->match = split->rest = NULL;
}

/* All members of the innermost group have been looked at. */
static bool leave(cede__split *split)
{
    cede__split_level *level = &split->levels[split->depth - 1];
    cede_exception **rests = level->parts + level->group->members->count;
    bool made = true;

    if (level->matches > 0) {
        split->match = derive(level->group, level->parts, level->matches);
        made = split->match != NULL;
    }
    if (made && level->rests > 0) {
        split->rest = derive(level->group, rests, level->rests);
        made = split->rest != NULL;
    }
    drop_level(split);
    return made;
}

bool cede__split_run(cede__split *split)
{
    bool entered;

    if (!look_at(split, split->root, &entered))
        return false;
    while (split->depth > 0) {
        cede__split_level *level = &split->levels[split->depth - 1];
        const cede__members *members = level->group->members;

        if (level->next == members->count) {
            if (!leave(split))
                return false;
            entered = false;
        } else if (!look_at(split, members->exceptions[level->next++],
                            &entered)) {
            return false;
        }
        if (!entered && split->depth > 0)
            deliver(split);
    }
    return true;
}

void cede__split_clear(cede__split *split)
{
    while (split->depth > 0)
        drop_level(split);
    cede__free(split->levels);
    split->levels = NULL;
    cede_unref(split->match);
    cede_unref(split->rest);
    split->match = split->rest = NULL;
}

/* ---- leaves -------------------------------------------------------------- */

typedef struct pointers {
    cede_exception **items;
    size_t count;
    size_t capacity;
} pointers;

static bool push(pointers *list, cede_exception *exception)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 8;
        cede_exception **items =
            cede__realloc(list->items, capacity * sizeof *items);

        if (!items)
            return false;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = exception;
    return true;
}

/* Adds the leaves of an exception to `leaves`; `todo` is empty before and
   after, and its members are pushed last first. */
static bool collect(pointers *leaves, pointers *todo, cede_exception *exception)
{
    size_t i;

    if (!push(todo, exception))
        return false;
    while (todo->count > 0) {
        exception = todo->items[--todo->count];
        if (!is_group(exception)) {
            if (!push(leaves, exception))
                return false;
            continue;
        }
        for (i = exception->members->count; i-- > 0;)
            if (!push(todo, exception->members->exceptions[i]))
                return false;
    }
    return true;
}

cede_exception **cede__group_leaves(cede_exception *group, size_t *count)
{
    pointers leaves = {NULL, 0, 0};
    pointers todo = {NULL, 0, 0};
    bool collected = collect(&leaves, &todo, group);

    cede__free(todo.items);
    if (!collected) {
        cede__free(leaves.items);
        return NULL;
    }
    *count = leaves.count;
    return leaves.items;
}

/* ---- putting together ---------------------------------------------------- */

/* Is `part` a piece of `original` that nobody has raised since? */
static bool is_piece(const cede_exception *part, const cede_exception *original)
{
    return part->cause == original->cause &&
           part->context == original->context &&
           part->trace_count == original->trace_count &&
           (part->trace_count == 0 ||
            memcmp(part->trace, original->trace,
                   part->trace_count * sizeof *part->trace) == 0);
}

static bool is_kept(const cede_exception *exception, void *kept)
{
    return !is_group(exception) && cede__visited_has(kept, exception);
}

/* The leaves that the pieces have, in the original's shape. NULL in *whole:
   there are none. */
static bool project(cede_exception *original, const pointers *pieces,
                    cede_exception **whole)
{
    pointers leaves = {NULL, 0, 0};
    pointers todo = {NULL, 0, 0};
    cede__visited kept;
    cede__split split = {
        .wanted = is_kept, .argument = &kept, .root = original};
    bool done = true;
    size_t i;

    cede__visited_init(&kept);
    for (i = 0; i < pieces->count && done; i++)
        done = collect(&leaves, &todo, pieces->items[i]);
    for (i = 0; i < leaves.count && done; i++) {
        cede__visited_add(&kept, leaves.items[i]);
        done = !kept.failed;
    }
    if (done)
        done = cede__split_run(&split);
    *whole = done ? cede_ref(split.match) : NULL;
    cede__split_clear(&split);
    cede__visited_clear(&kept);
    cede__free(todo.items);
    cede__free(leaves.items);
    return done;
}

/* What is raised: new exceptions, with the reconstructed original behind. */
static bool combine(const cede_exception *original, const pointers *others,
                    cede_exception **result)
{
    if (others->count == 0) {
        *result = NULL;
        return true;
    }
    if (others->count == 1) {
        *result = cede_ref(others->items[0]);
        return true;
    }
    *result = cede__group_try_new(cede_BaseExceptionGroup, "", others->items,
                                  others->count);
    if (*result) /* this statement has no line of its own in it */
        (*result)->inside = original->inside;
    return *result != NULL;
}

static bool reraise(cede_exception *original, cede_exception *const *raised,
                    size_t count, cede_exception **result)
{
    pointers others = {NULL, 0, 0};
    pointers pieces = {NULL, 0, 0};
    cede_exception *whole = NULL;
    bool done = true;
    size_t i;

    for (i = 0; i < count && done; i++)
        done =
            push(is_piece(raised[i], original) ? &pieces : &others, raised[i]);
    if (done && pieces.count > 0)
        done = project(original, &pieces, &whole);
    if (done && whole)
        done = push(&others, whole);
    if (done)
        done = combine(original, &others, result);
    cede_unref(whole);
    cede__free(others.items);
    cede__free(pieces.items);
    return done;
}

cede_exception *cede__group_reraise(cede_exception *original,
                                    cede_exception *const *raised, size_t count)
{
    cede_exception *result;

    if (count == 0)
        return NULL;
    /* A naked exception was wrapped for one clause, or none took it; or a
       group that no clause touched. */
    if (!is_group(original) || (count == 1 && raised[0] == original))
        return cede_ref(raised[0]);
    if (!reraise(original, raised, count, &result))
        return cede__memory_error;
    return result;
}
