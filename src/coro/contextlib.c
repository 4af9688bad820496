/*
 * A generator as a context manager: the part before its yield enters, the part
 * behind it leaves. Rule E12; contextlib.contextmanager of Python 3.13.
 */
#include "coro/coroutine.h"

#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/contextlib.h"

struct cede_context_manager {
    cede_object head;
    cede_generator *generator; /* owned */
    cede_value value;          /* owned; what it yielded */
};

static void destroy(void *self)
{
    cede_context_manager *manager = self;

    cede_value_unref(manager->value);
    cede_unref(manager->generator);
}

/* It ended in the place of yielding: in Python the StopIteration that says so
   is the context, which is not shown. */
static void raise_no_yield(cede_context_manager *manager) CEDE_IMPL_NORETURN;
static void raise_no_yield(cede_context_manager *manager)
{
    cede_exception *error =
        cede__exception_make(cede_RuntimeError, "generator didn't yield");
    cede_exception *stop = cede__exception_make(cede_StopIteration, NULL);

    cede_exception_set_value(stop, manager->value);
    manager->value = cede_none;
    cede__exception_set_context(stop, cede_sys_exception());
    cede_exception_set_cause(error, NULL);
    cede__exception_set_context(error, stop);
    cede_unref(stop);
    cede__throw(error);
}

static void enter(void *self)
{
    cede_context_manager *manager = self;

    cede_value_clear(&manager->value); /* if it is entered inside its block */
    if (!cede_next_or_end(manager->generator, &manager->value))
        raise_no_yield(manager);
}

/* It yielded a second time: it is closed, and that is an error. */
static void refuse(cede_context_manager *manager, cede_value item,
                   const char *message) CEDE_IMPL_NORETURN;
static void refuse(cede_context_manager *manager, cede_value item,
                   const char *message)
{
    cede_value_unref(item);
    cede_try {
        cede_raise(cede_RuntimeError, "%s", message);
    } cede_finally {
        cede_value_unref(cede_generator_close(manager->generator));
    } cede_end
    __builtin_unreachable();
}

static void leave_well(cede_context_manager *manager)
{
    cede_value item;

    if (cede_next_or_end(manager->generator, &item))
        refuse(manager, item, "generator didn't stop");
    cede_value_unref(item);
}

/* A StopIteration of the block's comes back as the cause of a RuntimeError (PEP
   479), though nobody meant it for the generator. */
static bool is_same(const cede_exception *came, const cede_exception *thrown)
{
    return came == thrown ||
           (cede_exception_is(thrown, cede_StopIteration) &&
            cede_exception_is(came, cede_RuntimeError) &&
            cede_exception_cause(came) == thrown);
}

typedef struct throwing {
    cede_context_manager *manager;
    cede_exception *exception;
    bool yielded; /* it should have ended */
} throwing;

static cede_value throw_in(void *argument)
{
    throwing *now = argument;
    cede_value item;

    now->yielded = cede_impl_resume_slow(now->manager->generator, cede_none,
                                         cede_ref(now->exception), &item,
                                         CEDE_IMPL_HERE);
    return item;
}

static bool leave_with(cede_context_manager *manager, cede_exception *exception)
{
    throwing now = {manager, exception, false};
    cede_value value;
    cede_exception *came = cede_catch(throw_in, &now, &value);

    if (!came && now.yielded)
        refuse(manager, value, "generator didn't stop after throw()");
    if (!came) {
        cede_value_unref(value);
        return true;
    }
    if (is_same(came, exception)) {
        cede_unref(came);
        return false;
    }
    cede__throw(came);
}

static bool leave(void *self, cede_exception *exception)
{
    cede_context_manager *manager = self;
    cede_defer (cede_value_clear, &manager->value);

    if (exception)
        return leave_with(manager, exception);
    leave_well(manager);
    return false;
}

static const cede_manager_methods methods = {.enter = enter, .exit = leave};

static const cede_class manager_class[1] = {
    {.name = "_GeneratorContextManager",
     .size = sizeof(cede_context_manager),
     .destroy = destroy,
     .manager = &methods}};

cede_context_manager *cede_contextmanager(cede_generator *generator)
{
    cede_context_manager *manager;
    cede__hold hold;

    cede__check_given(generator);
    cede__hold_push(&hold, generator);
    if (!cede_isinstance(generator, cede_impl_generator_class))
        cede_raise(cede_TypeError, "a generator was expected, got %s",
                   cede__class_name(generator));
    manager = cede_object_new(manager_class);
    cede__hold_pop(&hold);
    manager->generator = generator;
    generator->coroutine.kind = CEDE_IMPL_KIND_MANAGER;
    return manager;
}

cede_value cede_context_manager_value(const cede_context_manager *manager)
{
    cede_check_alive(manager);
    return manager->value;
}
