/*
 * A stack of context managers that are left together: contextlib.ExitStack and
 * AsyncExitStack of Python 3.13. Rule A07.
 *
 * Invariants: an entry is off the stack before it is left, so that none is left
 * twice, whatever its exit does. While an exit runs, the exception it is told
 * of is the one being handled, so what it raises has that one as its context,
 * as with nested with statements.
 */
#include "base/memory.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/contextlib.h"

/* One of: a manager, an exit, a callback. */
typedef struct entry {
    struct entry *below;
    cede_object *manager; /* owned */
    bool (*leave)(void *argument, cede_exception *exception);
    void (*callback)(void *argument);
    void *argument;
} entry;

struct cede_exit_stack {
    cede_object head;
    entry *top;
};

static void destroy(void *self)
{
    cede_exit_stack *stack = self;

    while (stack->top) {
        entry *one = stack->top;

        stack->top = one->below;
        cede_unref(one->manager);
        cede__free(one);
    }
}

/* --- leaving --- */

struct leaving {
    entry entry;
    cede_exception *exception; /* that passes; owned, or NULL */
    bool swallowed;
};

static bool leave_entry(const entry *one, cede_exception *exception)
{
    if (one->manager)
        return one->manager->object_class->manager->exit(one->manager,
                                                         exception);
    if (one->leave)
        return one->leave(one->argument, exception);
    one->callback(one->argument);
    return false;
}

static cede_value leave_caught(void *self)
{
    struct leaving *now = self;
    cede__hold hold;

    cede__hold_push(&hold, NULL); /* puts back what is handled */
    cede_impl_flow_now()->handled = now->exception;
    now->swallowed = leave_entry(&now->entry, now->exception);
    cede__hold_pop(&hold);
    return cede_none;
}

/* The holds are for a task that is abandoned while the exit waits. */
static cede_exception *leave_held(struct leaving *now)
{
    cede__hold manager, exception;
    cede_exception *raised;

    cede__hold_push(&manager, now->entry.manager);
    cede__hold_push(&exception, now->exception);
    raised = cede_catch(leave_caught, now, NULL);
    cede__hold_pop(&exception);
    cede__hold_pop(&manager);
    cede_unref(now->entry.manager);
    return raised;
}

/* An exit is not on the way of the exception it is told of. */
static void leave_one(struct leaving *now)
{
    uint32_t places = now->exception ? now->exception->trace_count : 0;
    const void *inside = now->exception ? now->exception->inside : NULL;
    cede_exception *raised;

    now->swallowed = false;
    raised = leave_held(now);
    if (raised || now->swallowed) {
        cede_unref(now->exception);
        now->exception = raised;
    } else if (now->exception) {
        cede__exception_cut_trace(now->exception, places, inside);
    }
}

static entry pop(cede_exit_stack *stack)
{
    entry *top = stack->top, popped = *top;

    stack->top = top->below;
    cede__free(top);
    return popped;
}

/* True: the exception (borrowed, or NULL) was swallowed. Raises what took its
   place. */
static bool unwind(cede_exit_stack *stack, cede_exception *exception)
{
    struct leaving now = {.exception = cede_ref(exception)};

    while (stack->top) {
        now.entry = pop(stack);
        leave_one(&now);
    }
    if (now.exception && now.exception != exception)
        cede__throw(now.exception);
    cede_unref(now.exception);
    return exception && !now.exception;
}

static bool leave(void *self, cede_exception *exception)
{
    return unwind(self, exception);
}

static const cede_manager_methods methods = {.exit = leave};

static const cede_class stack_class[1] = {{.name = "ExitStack",
                                           .size = sizeof(cede_exit_stack),
                                           .destroy = destroy,
                                           .manager = &methods}};

cede_exit_stack *cede_exit_stack_new(void)
{
    return cede_object_new(stack_class);
}

void cede_exit_stack_close(cede_exit_stack *stack)
{
    cede_check_alive(stack);
    unwind(stack, NULL);
}

/* --- pushing --- */

static entry *new_entry(cede_exit_stack *stack)
{
    entry *one;

    cede_check_alive(stack);
    one = cede__calloc(1, sizeof *one);
    if (!one)
        cede_raise(cede_MemoryError);
    return one;
}

static void push(cede_exit_stack *stack, entry *one)
{
    one->below = stack->top;
    stack->top = one;
}

static void free_unused(void *self)
{
    cede__free(*(entry **)self);
}

void *cede_impl_exit_stack_enter(cede_exit_stack *stack, void *manager)
{
    entry *one = NULL, *pushed;
    cede__hold hold;
    cede_defer (free_unused, &one);

    cede__check_given(manager);
    cede__hold_push(&hold, manager);
    one = new_entry(stack); /* nothing fails once it is entered */
    cede_impl_with_enter(manager);
    cede__hold_pop(&hold);
    one->manager = manager;
    pushed = one;
    one = NULL;
    push(stack, pushed);
    return manager;
}

static void check_manager(const cede_object *object)
{
    const cede_manager_methods *its =
        object ? object->object_class->manager : NULL;

    if (!its || !its->exit)
        cede_raise(cede_TypeError,
                   "'%s' object does not support the context manager protocol: "
                   "its class needs cede_manager_methods",
                   cede__class_name(object));
}

void cede_exit_stack_push(cede_exit_stack *stack, void *manager)
{
    cede__hold hold;
    entry *one;

    cede__check_given(manager);
    cede__hold_push(&hold, manager);
    check_manager(manager);
    one = new_entry(stack);
    cede__hold_pop(&hold);
    one->manager = manager;
    push(stack, one);
}

static void check_function(bool given)
{
    if (!given)
        cede_raise(cede_TypeError, "a function was expected, got NULL");
}

void cede_exit_stack_push_exit(cede_exit_stack *stack,
                               bool (*leave_with)(void *argument,
                                                  cede_exception *exception),
                               void *argument)
{
    entry *one;

    check_function(leave_with != NULL);
    one = new_entry(stack);
    one->leave = leave_with;
    one->argument = argument;
    push(stack, one);
}

void cede_impl_exit_stack_callback(cede_exit_stack *stack,
                                   void (*function)(void *),
                                   const void *argument)
{
    entry *one;

    check_function(function != NULL);
    one = new_entry(stack);
    one->callback = function;
    one->argument = (void *)argument;
    push(stack, one);
}

cede_exit_stack *cede_exit_stack_pop_all(cede_exit_stack *stack)
{
    cede_exit_stack *other;

    cede_check_alive(stack);
    other = cede_exit_stack_new();
    other->top = stack->top;
    stack->top = NULL;
    return other;
}
