/*
 * A manager that swallows exceptions of some classes: contextlib.suppress of
 * Python 3.13. It knows nothing of what runs in its block and keeps no state,
 * so it may be entered again, also inside itself.
 */
#include "base/memory.h"
#include "flow/flow.h"
#include "value/object.h"

#include "cede/contextlib.h"
#include "cede/group.h"

#include <string.h>

struct cede_suppress {
    cede_object head;
    size_t count;
    const cede_class *classes[]; /* borrowed: classes stay */
};

static bool is_wanted(const cede_exception *exception, void *self)
{
    const cede_suppress *suppress = self;
    size_t i;

    for (i = 0; i < suppress->count; i++)
        if (cede_exception_is(exception, suppress->classes[i]))
            return true;
    return false;
}

static bool leave(void *self, cede_exception *exception)
{
    cede_exception *match, *rest;

    if (!exception)
        return false;
    if (is_wanted(exception, self))
        return true;
    if (!cede_exception_is(exception, cede_BaseExceptionGroup))
        return false;
    cede_exception_group_split_if(exception, is_wanted, self, &match, &rest);
    cede_unref(match);
    if (rest)
        cede__raise(rest, NULL);
    return true;
}

static const cede_manager_methods methods = {.exit = leave};

static const cede_class suppress_class[1] = {{.name = "suppress",
                                              .size = sizeof(cede_suppress),
                                              .manager = &methods}};

cede_suppress *cede_impl_suppress_new(const cede_class *const *classes,
                                      size_t count)
{
    size_t size = sizeof(cede_suppress) + count * sizeof *classes;
    cede_suppress *suppress;

    cede__check_clause(classes, count);
    suppress = cede__calloc(1, size);
    if (!suppress)
        cede_raise(cede_MemoryError);
    suppress->head = (cede_object){suppress_class, 1, 0};
    suppress->count = count;
    memcpy(suppress->classes, classes, count * sizeof *classes);
    cede__object_born(&suppress->head, size);
    return suppress;
}
