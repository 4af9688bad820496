/*
 * Managers that close something where their block ends: contextlib.closing and
 * aclosing of Python 3.13. Rule A16.
 */
#include "coro/coroutine.h"

#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/contextlib.h"

struct cede_closing {
    cede_object head;
    cede_generator *generator; /* owned; or NULL, and these: */
    void (*function)(void *);
    void *thing;
};

static void destroy(void *self)
{
    cede_unref(((cede_closing *)self)->generator);
}

static bool leave(void *self, cede_exception *exception)
{
    cede_closing *closing = self;

    (void)exception;
    if (closing->generator)
        cede_value_unref(cede_generator_close(closing->generator));
    else
        closing->function(closing->thing);
    return false;
}

static const cede_manager_methods methods = {.exit = leave};

static const cede_class closing_class[1] = {{.name = "closing",
                                             .size = sizeof(cede_closing),
                                             .destroy = destroy,
                                             .manager = &methods}};

cede_closing *cede_aclosing(cede_generator *generator)
{
    cede_closing *closing;
    cede__hold hold;

    cede__check_given(generator);
    cede__hold_push(&hold, generator);
    if (!cede_isinstance(generator, cede_impl_generator_class))
        cede_raise(cede_TypeError, "a generator was expected, got %s",
                   cede__class_name(generator));
    closing = cede_object_new(closing_class);
    cede__hold_pop(&hold);
    closing->generator = generator;
    return closing;
}

cede_closing *cede_impl_closing_new(void (*function)(void *), const void *thing)
{
    cede_closing *closing = cede_object_new(closing_class);

    closing->function = function;
    closing->thing = (void *)thing;
    return closing;
}
