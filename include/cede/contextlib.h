/*
 * Context managers: of generators, of functions that close something, that
 * swallow exceptions, that do nothing, and a stack of any number of them.
 *
 * Python: contextlib; PEP 343, PEP 492. Rules E12, A07, A14-A16. All of it may
 * suspend where the code you give does: each is its asynchronous form as well.
 * Making one never suspends. Any thread; a manager belongs to one at a time.
 *
 * A generator that yields once becomes a context manager: what stands before
 * its yield is the enter, what stands behind it the exit, and an exception of
 * the block is raised at the yield:
 *
 *     static cede_value opened(void *path)
 *     {
 *         FILE *f = fopen(path, "r");
 *
 *         cede_defer (fclose, f);
 *         cede_yield(cede_pointer(f));
 *         return cede_none;
 *     }
 *
 *     cede_with (file, cede_contextmanager(cede_generator(opened, path))) {
 *         read(cede_value_pointer(cede_context_manager_value(file)));
 *     } cede_end
 */
#pragma once

#include "cede/generator.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* What the functions below make: context managers, for cede_with and
   cede_exit_stack_enter_context. */
typedef struct cede_context_manager cede_context_manager;
typedef struct cede_closing cede_closing;
typedef struct cede_exit_stack cede_exit_stack;
typedef struct cede_nullcontext cede_nullcontext;
typedef struct cede_suppress cede_suppress;

#ifndef __cplusplus

/*
 * A context manager that runs the generator: takes your reference to it,
 * returns one of its own. The generator must yield exactly once: RuntimeError
 * "generator didn't yield", "generator didn't stop", "generator didn't stop
 * after throw()". What it raises in the exit replaces the block's exception; if
 * it ends instead, the exception is swallowed. It may yield inside a timeout,
 * group or scope of its own, which then is around the block. The block may
 * suspend, and so may the generator. For one cede_with. Raises MemoryError, and
 * then the generator is given up. Python: contextlib.contextmanager.
 */
cede_context_manager *cede_contextmanager(cede_generator *generator)
    CEDE_IMPL_NEW;

/* What the generator yielded (`as` in Python), borrowed from the manager; none
   outside the block. Never raises. */
cede_value cede_context_manager_value(const cede_context_manager *manager);

/* --- closing --- */

/*
 * A context manager that closes the generator (cede_generator_close) where its
 * block ends, so that its clean-up has run, and waited, before what follows:
 *
 *     cede_generator *lines = cede_generator(read_lines, stream);
 *
 *     cede_with (closing, cede_aclosing(lines)) {
 *         cede_for (line, cede_ref(lines))
 *             …                          break, return: it is closed behind
 *     } cede_end
 *
 * Takes your reference to the generator, which lives as long as the manager;
 * returns one of its own. What the clean-up raises replaces the block's
 * exception. Raises TypeError for what is no generator, MemoryError. Python:
 * contextlib.aclosing, contextlib.closing.
 */
cede_closing *cede_aclosing(cede_generator *generator) CEDE_IMPL_NEW;

/*
 * cede_closing(function, thing): a context manager that calls function(thing)
 * where its block ends; as cede_defer, for where a manager is wanted. Borrows
 * the thing, any pointer that the function takes. Raises MemoryError. Python:
 * contextlib.closing.
 */
#define cede_closing(function, ...)                                            \
    cede_impl_closing_new(CEDE_IMPL_CALLBACK(function, __VA_ARGS__))
cede_closing *cede_impl_closing_new(void (*function)(void *), const void *thing)
    CEDE_IMPL_NEW;

/* A function of one pointer and what it is to be called with, checked. */
#define CEDE_IMPL_CALLBACK(function, ...)                                      \
    (void (*)(void *))(void (*)(void))(function),                              \
        (1 ? (__VA_ARGS__)                                                     \
           : ((void)sizeof((function)(__VA_ARGS__), 0), (__VA_ARGS__)))

/* --- suppress, nullcontext --- */

/*
 * cede_suppress(cls, cls, …): a context manager that swallows what its block
 * raises of one of these classes or of a derived one; the program goes on
 * behind the block:
 *
 *     cede_with (suppress, cede_suppress(cede_FileNotFoundError))
 *         remove_file(path);
 *     cede_end
 *
 * From an exception group it takes the members of these classes, and raises
 * the others in a group of the same shape (3.12). One reference; can be entered
 * again, also inside itself. Raises TypeError for what is no exception class,
 * MemoryError. Python: contextlib.suppress.
 */
#define cede_suppress(...)                                                     \
    cede_impl_suppress_new(                                                    \
        (const cede_class *const[]){NULL, __VA_ARGS__} + 1,                    \
        sizeof((const cede_class *const[]){NULL, __VA_ARGS__}) /               \
                sizeof(const cede_class *) -                                   \
            1)
cede_suppress *cede_impl_suppress_new(const cede_class *const *classes,
                                      size_t count) CEDE_IMPL_NEW;

/*
 * cede_nullcontext(x): a context manager that does nothing but carry x, boxed
 * by cede_box, whose reference it takes, also when it raises: for where one
 * is wanted only sometimes.
 *
 *     cede_with (held, lock ? (void *)cede_ref(lock)
 *                           : (void *)cede_nullcontext(cede_none)) …
 *
 * One reference; can be entered again. Raises MemoryError. Python:
 * contextlib.nullcontext.
 */
#define cede_nullcontext(...) cede_impl_nullcontext_new(cede_box(__VA_ARGS__))
cede_nullcontext *cede_impl_nullcontext_new(cede_value value) CEDE_IMPL_NEW;

/* What it carries (`as` in Python), borrowed from it. Never raises. */
cede_value cede_nullcontext_value(const cede_nullcontext *context);

/* --- exit stacks --- */

/*
 * cede_exit_stack(): a context manager of managers that are entered one after
 * the other while its block runs, and left in reverse order where it ends, as
 * if their with statements were nested (A07):
 *
 *     cede_with (stack, cede_exit_stack()) {
 *         for (i = 0; i < count; i++)
 *             cede_exit_stack_enter_context(stack, opened(names[i]));
 *         …
 *     } cede_end
 *
 * Each exit hears of the exception that the ones above it left; it may swallow
 * it or raise another. All of them run, also when one is cancelled while it
 * waits. One reference. A stack that is given up without being left calls
 * nothing. It can be used again when it has been left. Raises MemoryError.
 * Python: contextlib.ExitStack, AsyncExitStack.
 */
#define cede_exit_stack() cede_exit_stack_new()
cede_exit_stack *cede_exit_stack_new(void) CEDE_IMPL_NEW;

/*
 * Enters a manager, whose reference it takes, and returns it, borrowed from the
 * stack. Raises what the enter raises, TypeError for what is no manager,
 * MemoryError; the manager is given up then and will not be left. Suspends if
 * the enter does. Python: enter_context, enter_async_context.
 */
#define cede_exit_stack_enter_context(stack, manager)                          \
    ((__typeof__(manager))cede_impl_exit_stack_enter((stack), (manager)))
void *cede_impl_exit_stack_enter(cede_exit_stack *stack, void *manager);

/*
 * Will leave a manager that has been entered already, whose reference it takes.
 * Raises TypeError, MemoryError; then the manager is given up. Does not
 * suspend. Python: push, push_async_exit.
 */
void cede_exit_stack_push(cede_exit_stack *stack, void *manager);

/* The same with a function in place of a manager's exit, called with the
   argument (borrowed) and the exception or NULL. Raises MemoryError. */
void cede_exit_stack_push_exit(cede_exit_stack *stack,
                               bool (*leave)(void *argument,
                                             cede_exception *exception),
                               void *argument);

/*
 * cede_exit_stack_callback(stack, function, argument): will call
 * function(argument), any function of one pointer; it hears of no exception and
 * swallows none. Borrows the argument. Raises MemoryError. Python: callback,
 * push_async_callback.
 */
#define cede_exit_stack_callback(stack, function, ...)                         \
    cede_impl_exit_stack_callback(                                             \
        (stack), CEDE_IMPL_CALLBACK(function, __VA_ARGS__))
void cede_impl_exit_stack_callback(cede_exit_stack *stack,
                                   void (*function)(void *),
                                   const void *argument);

/*
 * A new stack, one reference, with everything that is on this one, which is
 * empty then: what has been set up outlives the block if all of it succeeded.
 * Raises MemoryError. Does not suspend. Python: pop_all.
 */
cede_exit_stack *cede_exit_stack_pop_all(cede_exit_stack *stack) CEDE_IMPL_NEW;

/* Leaves all of it now. Raises what the exits raise; suspends if they do.
   Borrows the stack. Python: close, aclose. */
void cede_exit_stack_close(cede_exit_stack *stack);

#endif /* !__cplusplus */

CEDE_IMPL_END
