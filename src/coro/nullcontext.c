/*
 * A manager that does nothing: contextlib.nullcontext of Python 3.13.
 */
#include "value/object.h"

#include "cede/contextlib.h"

struct cede_nullcontext {
    cede_object head;
    cede_value value; /* owned */
};

static void destroy(void *self)
{
    cede_value_unref(((cede_nullcontext *)self)->value);
}

static bool leave(void *self, cede_exception *exception)
{
    (void)self;
    (void)exception;
    return false;
}

static const cede_manager_methods methods = {.exit = leave};

static const cede_class null_class[1] = {{.name = "nullcontext",
                                          .size = sizeof(cede_nullcontext),
                                          .flags = CEDE_CLASS_CONTAINER,
                                          .destroy = destroy,
                                          .manager = &methods}};

cede_nullcontext *cede_impl_nullcontext_new(cede_value value)
{
    cede_nullcontext *context = cede__object_try_new(null_class);

    if (!context) {
        cede_value_unref(value);
        cede_raise(cede_MemoryError);
    }
    context->value = value;
    return context;
}

cede_value cede_nullcontext_value(const cede_nullcontext *context)
{
    cede_check_alive(context);
    return context->value;
}
