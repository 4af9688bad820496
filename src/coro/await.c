/*
 * await, and coroutine objects as what is awaited.
 *
 * It knows how a coroutine, a marked generator and an iterator are awaited;
 * futures bring their own `wait`. Two ways: where a coroutine object awaits,
 * what it awaits becomes part of its chain, so that whoever drives it by hand
 * sees what is yielded and can throw and close (Y19). Everywhere else (in a
 * task, in a generator, inside a timeout) it is run from here, and what it
 * yields is the task's to decide.
 *
 * Semantics: PEP 492, language reference 6.4; rules Y19, T16, T24, T31.
 */
#include "coro/coroutine.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/coroutine.h"

cede_exception *(*cede__await_trap)(cede_value value);

static cede_exception *trap(cede_value value)
{
    cede_exception *(*task_trap)(cede_value) =
        __atomic_load_n(&cede__await_trap, __ATOMIC_RELAXED);

    if (task_trap)
        return task_trap(value);
    cede_value_unref(value);
    return cede__exception_make(cede_RuntimeError,
                                "what was awaited yielded a value, and nobody "
                                "drives this code by cede_coroutine_send");
}

/* Runs it from here to its end. */
static cede_value drive(cede_generator *awaited, const cede_location *where)
{
    cede_exception *thrown = NULL;
    cede_value value;

    while (cede_impl_resume_slow(awaited, cede_none, thrown, &value, where))
        thrown = trap(value);
    return value;
}

static cede_value trap_exchange(cede_value item, uintptr_t *word,
                                const cede_location *where)
{
    (void)where;
    *word = (uintptr_t)trap(item);
    return cede_none;
}

static bool passes_on(const cede_impl_coroutine *here)
{
    return here->kind == CEDE_IMPL_KIND_COROUTINE &&
           !(here->yield_flags & CEDE_IMPL_IN_SCOPE);
}

static void check_coroutine(const cede_impl_coroutine *awaited)
{
    if (awaited->state == CEDE_IMPL_CLOSED)
        cede_raise(cede_RuntimeError, "cannot reuse already awaited coroutine");
    if (awaited->state != CEDE_IMPL_CREATED &&
        (awaited->delegate || awaited->yields_from ||
         awaited->state != CEDE_IMPL_RUNNING))
        cede_raise(cede_RuntimeError, "coroutine is being awaited already");
}

static void raise_not_awaitable(const char *name) CEDE_IMPL_NORETURN;
static void raise_not_awaitable(const char *name)
{
    cede_raise(cede_TypeError, "object %s can't be used in 'await' expression",
               name);
}

static cede_value await_generator(cede_generator *awaited,
                                  const cede_location *where)
{
    cede_impl_coroutine *here = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());

    switch (awaited->coroutine.kind) {
    case CEDE_IMPL_KIND_COROUTINE:
        check_coroutine(&awaited->coroutine);
        break;
    case CEDE_IMPL_KIND_AWAITABLE:
        break;
    default:
        raise_not_awaitable("generator");
    }
    return passes_on(here) ? cede__delegate(awaited, where)
                           : drive(awaited, where);
}

cede_value cede__await_generator(void *self, const cede_location *where)
{
    cede__hold hold;
    cede_value value;

    cede__hold_push(&hold, self);
    value = await_generator(self, where);
    cede__hold_pop(&hold);
    cede_unref(self);
    return value;
}

/* What __await__ returned must be an iterator, and no coroutine. */
static void check_await_result(const cede_object *iterator)
{
    const cede_generator *generator = (const cede_generator *)iterator;

    if (cede_isinstance(iterator, cede_impl_coroutine_class) ||
        (cede_isinstance(iterator, cede_impl_generator_class) &&
         generator->coroutine.kind == CEDE_IMPL_KIND_AWAITABLE))
        cede_raise(cede_TypeError, "__await__() returned a coroutine");
    if (!cede__is_iterator(iterator))
        cede_raise(cede_TypeError,
                   "__await__() returned non-iterator of type '%s'",
                   cede__class_name(iterator));
}

static cede_value await_iterator(void *iterator, const cede_location *where)
{
    cede_impl_coroutine *here = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());

    check_await_result(iterator);
    if (cede_isinstance(iterator, cede_impl_generator_class))
        return passes_on(here) ? cede__delegate(iterator, where)
                               : drive(iterator, where);
    return cede__delegate_to_iterator(
        iterator, passes_on(here) ? cede__yield : trap_exchange, where);
}

/* An object of a class of the user's. */
static cede_value await_object(cede_object *object, const cede_location *where)
{
    const cede_awaitable_methods *methods =
        object ? object->object_class->awaitable : NULL;
    cede__hold hold;
    cede_value value;

    if (methods && methods->wait)
        return methods->wait(object);
    if (!methods || !methods->await_)
        raise_not_awaitable(cede__class_name(object));
    cede__hold_push(&hold, methods->await_(object));
    value = await_iterator(hold.object, where);
    cede__hold_pop(&hold);
    cede_unref(hold.object);
    return value;
}

static cede_value await_other(void *awaitable, const cede_location *where)
    __attribute__((noinline));
static cede_value await_other(void *awaitable, const cede_location *where)
{
    cede__hold hold;
    cede_value value;

    cede__hold_push(&hold, awaitable);
    value = await_object(awaitable, where);
    cede__hold_pop(&hold);
    cede_unref(awaitable);
    return value;
}

/* The runtime's own end this call by a jump: after a change of stacks each
   return is one that the CPU has not foreseen. */
cede_value cede_impl_await(void *awaitable, const cede_location *where)
{
    const cede_object *object = awaitable;
    const cede_awaitable_methods *methods;

    cede__check_given(object);
    methods = object ? object->object_class->awaitable : NULL;
    if (CEDE_IMPL_LIKELY(methods && methods->wait_at))
        return methods->wait_at(awaitable, where);
    return await_other(awaitable, where);
}

cede_generator *cede_types_coroutine(cede_generator *generator)
{
    cede_check_alive(generator);
    generator->coroutine.kind = CEDE_IMPL_KIND_AWAITABLE;
    return generator;
}
