/*
 * Exception groups as their users make, ask and split them. It checks, raises
 * and keeps track of what is held while a predicate, which is users' code,
 * runs; taking groups apart is value/group.c's. Rules X01, X02, X08, X09.
 */
#include "flow/flow.h"

#include "base/memory.h"
#include "value/exception.h"

#include "cede/group.h"

/* ---- making and asking --------------------------------------------------- */

cede_exception *cede_exception_group(const char *message,
                                     cede_exception *const *exceptions,
                                     size_t count)
{
    return cede_exception_group_of(cede_BaseExceptionGroup, message, exceptions,
                                   count);
}

cede_exception *cede_exception_group_of(const cede_class *group_class,
                                        const char *message,
                                        cede_exception *const *exceptions,
                                        size_t count)
{
    cede_exception *error =
        cede__group_refused(group_class, message, exceptions, count);
    cede_exception *group;

    if (error)
        cede__raise(error, NULL);
    group = cede__group_try_new(group_class, message, exceptions, count);
    if (!group)
        cede_raise(cede_MemoryError);
    return group;
}

static const cede__members *members_of(const cede_exception *group,
                                       const char *attribute)
{
    if (!cede_isinstance(group, cede_BaseExceptionGroup))
        cede_raise(cede_AttributeError,
                   "'%s' object has no attribute '%s': it is no exception "
                   "group",
                   group ? cede_exception_name(group) : "NULL", attribute);
    return group->members;
}

const char *cede_exception_group_message(const cede_exception *group)
{
    return members_of(group, "message")->message;
}

cede_exception *const *
cede_exception_group_exceptions(const cede_exception *group, size_t *count)
{
    const cede__members *members = members_of(group, "exceptions");

    if (count)
        *count = members->count;
    return members->exceptions;
}

/* ---- splitting ----------------------------------------------------------- */

static void clear(void *split)
{
    cede__split_clear(split);
}

static void run(cede_exception *group, cede_exception_predicate predicate,
                void *argument, cede_exception **match, cede_exception **rest)
{
    cede__split split = {.wanted = predicate,
                         .argument = argument,
                         .root = group,
                         .want_rest = rest != NULL};

    cede_defer (cede_unref, cede_ref(group)); /* the predicate may drop it */
    cede_defer (clear, &split);
    if (!cede__split_run(&split))
        cede_raise(cede_MemoryError);
    if (match) {
        *match = split.match;
        split.match = NULL;
    }
    if (rest) {
        *rest = split.rest;
        split.rest = NULL;
    }
}

void cede_exception_group_split_if(cede_exception *group,
                                   cede_exception_predicate predicate,
                                   void *argument, cede_exception **match,
                                   cede_exception **rest)
{
    members_of(group, "split");
    if (!predicate)
        cede_raise(cede_TypeError,
                   "expected a function, exception type or tuple of exception "
                   "types");
    run(group, predicate, argument, match, rest);
}

cede_exception *cede_exception_group_subgroup_if(
    cede_exception *group, cede_exception_predicate predicate, void *argument)
{
    cede_exception *match = NULL;

    cede_exception_group_split_if(group, predicate, argument, &match, NULL);
    return match;
}

static bool is_of_class(const cede_exception *exception, void *wanted)
{
    return cede_exception_is(exception, wanted);
}

void cede_exception_group_split(cede_exception *group,
                                const cede_class *exception_class,
                                cede_exception **match, cede_exception **rest)
{
    cede_exception_predicate predicate =
        cede__is_exception_class(exception_class) ? is_of_class : NULL;

    cede_exception_group_split_if(group, predicate, (void *)exception_class,
                                  match, rest);
}

cede_exception *cede_exception_group_subgroup(cede_exception *group,
                                              const cede_class *exception_class)
{
    cede_exception *match = NULL;

    cede_exception_group_split(group, exception_class, &match, NULL);
    return match;
}

/* ---- leaves -------------------------------------------------------------- */

typedef struct leaves {
    cede_object head;
    cede_exception *group; /* owned: it holds the leaves */
    cede_exception **exceptions;
    size_t count;
    size_t next;
} leaves;

static bool next(void *self, cede_value *item)
{
    leaves *all = self;

    if (all->next == all->count)
        return false;
    *item = cede_object(cede_ref(all->exceptions[all->next++]));
    return true;
}

static void destroy(void *self)
{
    leaves *all = self;

    cede__free(all->exceptions);
    cede_unref(all->group);
}

static const cede_iterator_methods leaves_iterator = {.next = next};

static const cede_class leaves_class[1] = {{.name = "exception_group_leaves",
                                            .size = sizeof(leaves),
                                            .destroy = destroy,
                                            .iterator = &leaves_iterator}};

cede_object *cede_exception_group_leaves(cede_exception *group)
{
    leaves *all;

    if (!cede_isinstance(group, cede_BaseException))
        members_of(group, "exceptions");
    all = cede_object_new(leaves_class);
    all->group = cede_ref(group);
    all->exceptions = cede__group_leaves(group, &all->count);
    if (!all->exceptions) {
        cede_unref(all);
        cede_raise(cede_MemoryError);
    }
    return &all->head;
}
