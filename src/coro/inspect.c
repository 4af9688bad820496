/*
 * Generators and coroutine objects from outside: states, names, and the calls
 * that take a pointer to anything and look at it first.
 */
#include "coro/coroutine.h"

#include "flow/flow.h"
#include "value/object.h"

#include "cede/coroutine.h"

enum cede_generator_state
cede_getgeneratorstate(const cede_generator *generator)
{
    const cede_impl_coroutine *coroutine = &generator->coroutine;

    cede_check_alive(generator);
    switch (coroutine->state) {
    case CEDE_IMPL_CREATED:
        return CEDE_GEN_CREATED;
    case CEDE_IMPL_CLOSED:
        return CEDE_GEN_CLOSED;
    default:
        return cede__coroutine_is_running(coroutine) ? CEDE_GEN_RUNNING
                                                     : CEDE_GEN_SUSPENDED;
    }
}

const char *cede_generator_state_name(enum cede_generator_state state)
{
    static const char *const names[] = {
        [CEDE_GEN_CREATED] = "GEN_CREATED",
        [CEDE_GEN_SUSPENDED] = "GEN_SUSPENDED",
        [CEDE_GEN_RUNNING] = "GEN_RUNNING",
        [CEDE_GEN_CLOSED] = "GEN_CLOSED",
    };

    return names[state];
}

enum cede_coroutine_state
cede_getcoroutinestate(const cede_coroutine *coroutine)
{
    return (enum cede_coroutine_state)cede_getgeneratorstate(
        &coroutine->generator);
}

const char *cede_coroutine_state_name(enum cede_coroutine_state state)
{
    static const char *const names[] = {
        [CEDE_CORO_CREATED] = "CORO_CREATED",
        [CEDE_CORO_SUSPENDED] = "CORO_SUSPENDED",
        [CEDE_CORO_RUNNING] = "CORO_RUNNING",
        [CEDE_CORO_CLOSED] = "CORO_CLOSED",
    };

    return names[state];
}

bool cede_isgenerator(const void *object)
{
    return cede_isinstance(object, cede_impl_generator_class);
}

bool cede_iscoroutine(const void *object)
{
    return cede_isinstance(object, cede_impl_coroutine_class);
}

bool cede_isawaitable(const void *object)
{
    const cede_object *head = object;
    const cede_awaitable_methods *methods;

    if (!head)
        return false;
    cede_check_alive(head);
    if (cede_isinstance(head, cede_impl_generator_class))
        return ((const cede_generator *)head)->coroutine.kind ==
               CEDE_IMPL_KIND_AWAITABLE;
    methods = head->object_class->awaitable;
    return methods && (methods->wait_at || methods->wait || methods->await_);
}

const char *cede_generator_name(const cede_generator *generator)
{
    cede_check_alive(generator);
    return generator->coroutine.name;
}

static void raise_no_method(const void *object, const char *method)
    CEDE_IMPL_NORETURN;
static void raise_no_method(const void *object, const char *method)
{
    cede__check_given(object);
    cede_raise(cede_AttributeError, "'%s' object has no attribute '%s'",
               cede__class_name(object), method);
}

static cede_value checked_send(void *object, const cede_class *wanted,
                               cede_value value, const cede_location *where)
{
    if (!cede_isinstance(object, wanted)) {
        cede_value_unref(value);
        raise_no_method(object, "send");
    }
    return cede_impl_generator_send(object, value, where);
}

static cede_value checked_throw(void *object, const cede_class *wanted,
                                cede_exception *exception,
                                const cede_location *where)
{
    if (!cede_isinstance(object, wanted)) {
        cede_unref(exception);
        raise_no_method(object, "throw");
    }
    return cede_impl_generator_throw(object, exception, where);
}

cede_value cede_impl_generator_send_checked(void *object, cede_value value,
                                            const cede_location *where)
{
    return checked_send(object, cede_impl_generator_class, value, where);
}

cede_value cede_impl_generator_throw_checked(void *object,
                                             cede_exception *exception,
                                             const cede_location *where)
{
    return checked_throw(object, cede_impl_generator_class, exception, where);
}

cede_value cede_impl_coroutine_send(cede_coroutine *coroutine, cede_value value,
                                    const cede_location *where)
{
    return cede_impl_generator_send(&coroutine->generator, value, where);
}

cede_value cede_impl_coroutine_send_checked(void *object, cede_value value,
                                            const cede_location *where)
{
    return checked_send(object, cede_impl_coroutine_class, value, where);
}

cede_value cede_impl_coroutine_throw(cede_coroutine *coroutine,
                                     cede_exception *exception,
                                     const cede_location *where)
{
    return cede_impl_generator_throw(&coroutine->generator, exception, where);
}

cede_value cede_impl_coroutine_throw_checked(void *object,
                                             cede_exception *exception,
                                             const cede_location *where)
{
    return checked_throw(object, cede_impl_coroutine_class, exception, where);
}

cede_value cede_coroutine_close(cede_coroutine *coroutine)
{
    return cede_generator_close(&coroutine->generator);
}

void *cede_coroutine_await(const cede_coroutine *coroutine)
{
    return cede_generator_yieldfrom(&coroutine->generator);
}
