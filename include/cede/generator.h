/*
 * Generators: functions that yield.
 *
 * A generator is a function with a stack of its own. cede_generator makes one
 * without running anything; each resume runs it to its next cede_yield, from any
 * depth of calls. PEP 255, PEP 342 (send,
 * throw, close), PEP 380 (yield from), PEP 479; "Generator-iterator methods"
 * in the Python language reference. Rules G01-G31, Y01-Y21.
 *
 * A generator may also await: then its task suspends with it, and it is an
 * asynchronous generator (PEP 525) without another word. A generator belongs
 * to the thread that first resumed it.
 *
 * Wherever cede is given a function and its argument, here as for tasks and
 * threads, the function has no parameter or one, a pointer to anything or an
 * integer, and returns a cede_value or nothing, which gives none:
 *
 *     static void countdown(int from);            cede_generator(countdown, 3)
 *     static cede_value total(struct order *o);   cede_generator(total, &order)
 *     static void ticks(void);                    cede_generator(ticks)
 *
 * The compiler checks that the argument is what the function wants. Several
 * things go into a struct (docs/decisions/0049).
 */
#pragma once

#include "cede/impl/coroutine.h"
#include "cede/iterator.h"
#include "cede/try.h"

/* Above the pragma: cede/impl/platform.h says why. */

/*
 * cede_generator(fn, argument): a new generator, one reference; fn is not
 * called before the first resume (G23). What argument points to is borrowed: it
 * must live as long as the generator runs. Raises MemoryError. Never suspends.
 * Python: calling a generator function.
 */
#define cede_generator(...)                                                    \
    cede_impl_generator_new(CEDE_IMPL_CALLING(__VA_ARGS__), NULL, 0,           \
                            CEDE_IMPL_NAME(__VA_ARGS__), CEDE_IMPL_HERE)

/*
 * cede_generator_with(fn, value): the same with a copy of `value`, any object
 * of C that wants no more alignment than max_align_t; fn gets the copy's
 * address. Raises MemoryError. Never suspends.
 */
#define cede_generator_with(function, ...)                                     \
    cede_impl_generator_new(CEDE_IMPL_CALLEE_OF_COPY(function, __VA_ARGS__),   \
                            NULL, CEDE_IMPL_COPY(__VA_ARGS__),                 \
                            CEDE_IMPL_COPY_SIZE(__VA_ARGS__), #function,       \
                            CEDE_IMPL_HERE)

/*
 * cede_yield_from(iterable): yields all that another iterable yields and
 * returns what it returned (PEP 380). Sends, throws and close go to the
 * innermost generator; a resume costs the same at every depth. Takes your
 * reference to the iterable; what it returns is yours. Suspends the generator
 * that runs, as cede_yield, and the task if the iterable waits. Raises
 * ValueError "generator already executing" if it runs, TypeError if it is not
 * iterable, what it raises. Python: yield from.
 */
#define cede_yield_from(iterable)                                              \
    (__extension__({                                                           \
        CEDE_IMPL_MAY_NOT_RETURN;                                              \
        cede_impl_yield_from((iterable), CEDE_IMPL_HERE);                      \
    }))

#pragma GCC system_header

CEDE_IMPL_BEGIN

#ifndef __cplusplus

cede_generator *cede_impl_generator_new(cede_function function, void *argument,
                                        const void *copy, size_t size,
                                        const char *name,
                                        const cede_location *where)
    CEDE_IMPL_NEW;

/*
 * cede_yield(value): suspends the generator that runs and gives `value` (boxed
 * by cede_box; a reference it owns is handed over) to whoever resumed it.
 * Returns what the next resume sends, none for a plain next (yours to unref if
 * it owns). Raises what is thrown in, GeneratorExit when the generator is
 * closed; RuntimeError outside a generator, or inside a timeout, task group or
 * cancel scope that this generator opened.
 */
#define cede_yield(...)                                                        \
    (__extension__({                                                           \
        CEDE_IMPL_MAY_NOT_RETURN;                                              \
        cede_impl_yield(cede_box(__VA_ARGS__), CEDE_IMPL_HERE);                \
    }))

/*
 * cede_generator_send(generator, value): resumes it with a value (boxed; a
 * reference it owns is handed over) and returns what it yields next, yours.
 * Borrows the generator. Raises StopIteration with its return value when it
 * ends, TypeError for a value other than none to one that has not started,
 * ValueError if it is running, RuntimeError if it awaits or belongs to another
 * thread. Suspends if the generator awaits. Python: generator.send, PEP 342.
 */
#define cede_generator_send(generator, ...)                                    \
    CEDE_IMPL_CHECKED(generator, cede_impl_generator_send)                     \
    ((generator), cede_box(__VA_ARGS__), CEDE_IMPL_HERE)

/* What may be anything, a `void *` from cede_iter or from a value, is looked
   at: AttributeError if it has no such method. */
#define CEDE_IMPL_CHECKED(object, function)                                    \
    _Generic((object), void *: function##_checked, default: function)
cede_value cede_impl_generator_send_checked(void *object, cede_value value,
                                            const cede_location *where);
cede_value cede_impl_generator_throw_checked(void *object,
                                             cede_exception *exception,
                                             const cede_location *where);
cede_value cede_impl_generator_send(cede_generator *generator, cede_value value,
                                    const cede_location *where);

/*
 * cede_generator_throw(generator, e), …(generator, cls), …(generator, cls,
 * format, …): raises the exception (borrowed; or a new one of the class) where
 * the generator is suspended and returns what it yields next. Raises what
 * comes out of it; else as cede_generator_send. Python: generator.throw.
 */
#define cede_generator_throw(generator, ...)                                   \
    CEDE_IMPL_CHECKED(generator, cede_impl_generator_throw)                    \
    ((generator), CEDE_IMPL_EXCEPTION(__VA_ARGS__), CEDE_IMPL_HERE)
cede_value cede_impl_generator_throw(cede_generator *generator,
                                     cede_exception *exception,
                                     const cede_location *where);

/*
 * Raises GeneratorExit where the generator is suspended, so that its finally
 * clauses run; it must end. Returns what it returned (3.13), none if nothing.
 * Nothing happens to one that has ended; one that has not started ends without
 * running (G02). Raises RuntimeError "generator ignored GeneratorExit" if it
 * yields (G03), ValueError if it is running, and what escapes it. Suspends if
 * its clean-up awaits. Borrows. Python: generator.close.
 */
cede_value cede_generator_close(cede_generator *generator);

/* What a generator does now; neither raises nor suspends. Python:
   inspect.getgeneratorstate. */
enum cede_generator_state {
    CEDE_GEN_CREATED,
    CEDE_GEN_SUSPENDED,
    CEDE_GEN_RUNNING,
    CEDE_GEN_CLOSED,
};
enum cede_generator_state
cede_getgeneratorstate(const cede_generator *generator);

/* Is it a generator? Borrowed, NULL allowed. Neither raises nor suspends; any
   thread. Python: inspect.isgenerator. */
bool cede_isgenerator(const void *object);

/* The name of its function, a constant. Neither raises nor suspends. Python:
   generator.__name__. */
const char *cede_generator_name(const cede_generator *generator);

/* "GEN_CREATED" and so on, as inspect calls them. Neither raises nor suspends.
 */
const char *cede_generator_state_name(enum cede_generator_state state);

/*
 * What a generator or coroutine delegates to now: the object it yields from
 * (awaits), borrowed, or NULL. While that one runs both are RUNNING (G31).
 * Neither raises nor suspends.
 * Python: generator.gi_yieldfrom, coroutine.cr_await.
 */
void *cede_generator_yieldfrom(const cede_generator *generator);

/* The exception for `e` (one more reference), `cls`, or `cls, format, …`. */
#define CEDE_IMPL_EXCEPTION(...)                                               \
    CEDE_IMPL_PASTE(cede_impl_exception_, CEDE_IMPL_ONE_OR_MORE(__VA_ARGS__))  \
    (__VA_ARGS__)
#define cede_impl_exception_one(what)                                          \
    _Generic((what), const cede_class *: cede_impl_exception_of_class,         \
        cede_class *: cede_impl_exception_of_class,                            \
        cede_exception *: cede_impl_exception_of_object)(what)
#define cede_impl_exception_more(...) cede_exception(__VA_ARGS__)
cede_exception *cede_impl_exception_of_class(const cede_class *exception_class);
cede_exception *cede_impl_exception_of_object(cede_exception *exception);

#endif /* !__cplusplus */

CEDE_IMPL_END
