/*
 * Exit stacks and managers that close: rules A07, A14, A16, as far as nothing
 * waits. tests/task/test_contextlib.c has what waits.
 */
#include "value/said.h"

#include "cede/contextlib.h"

typedef struct guard {
    cede_object head;
    const char *name;
    const cede_class *raises; /* in exit */
    bool swallows;
} guard;

static void enter_guard(void *self)
{
    say("enter-%s ", ((guard *)self)->name);
}

static bool leave_guard(void *self, cede_exception *exception)
{
    guard *now = self;

    say("exit-%s:%s ", now->name,
        exception ? cede_exception_name(exception) : "None");
    if (now->raises)
        cede_raise(now->raises, "%s", now->name);
    return now->swallows;
}

static const cede_manager_methods guard_methods = {enter_guard, leave_guard};
static CEDE_CLASS(Guard, guard, .manager = &guard_methods);

static guard *make(const char *name, const cede_class *raises, bool swallows)
{
    guard *made = cede_object_new(Guard);

    made->name = name;
    made->raises = raises;
    made->swallows = swallows;
    return made;
}

static guard *quiet(const char *name)
{
    return make(name, NULL, false);
}

/* For cede_auto. */
static void drop(void *variable)
{
    cede_unref(*(void **)variable);
}

/* --- A07: order --- */

TEST(A07_left_in_reverse_order)
{
    cede_with (stack, cede_exit_stack()) {
        guard *a = cede_exit_stack_enter_context(stack, quiet("a"));

        cede_exit_stack_enter_context(stack, quiet("b"));
        say("%s ", a->name);
    } cede_end
    CHECK_SAID("enter-a enter-b a exit-b:None exit-a:None ");
}

static void says(void *text)
{
    say("%s ", (char *)text);
}

static bool swallows_all(void *text, cede_exception *exception)
{
    say("%s:%s ", (char *)text,
        exception ? cede_exception_name(exception) : "None");
    return true;
}

TEST(A07_managers_exits_and_callbacks)
{
    cede_with (stack, cede_exit_stack()) {
        cede_exit_stack_push(stack, quiet("pushed"));
        cede_exit_stack_push_exit(stack, swallows_all, "exit");
        cede_exit_stack_callback(stack, says, "called");
        cede_exit_stack_enter_context(stack, quiet("entered"));
        cede_raise(cede_KeyError);
    } cede_end
    CHECK_SAID("enter-entered exit-entered:KeyError called exit:KeyError "
               "exit-pushed:None ");
}

static int say_number(const int *number)
{
    say("%d ", *number);
    return *number;
}

TEST(A07_a_callback_is_any_function_of_one_pointer)
{
    static const int number = 42;

    cede_with (stack, cede_exit_stack()) {
        cede_exit_stack_callback(stack, say_number, &number);
    } cede_end
    CHECK_SAID("42 ");
}

/* --- A14: what the exits make of the exception --- */

TEST(A14_what_nobody_swallows_passes)
{
    SAY_RAISED(
        cede_with (stack, cede_exit_stack()) {
            cede_exit_stack_enter_context(stack, quiet("a"));
            cede_raise(cede_ValueError, "v");
        } cede_end);
    CHECK_SAID("enter-a exit-a:ValueError ValueError: v\n");
}

TEST(A14_an_exit_swallows_for_those_below)
{
    cede_with (stack, cede_exit_stack()) {
        cede_exit_stack_push(stack, quiet("a"));
        cede_exit_stack_push(stack, make("b", NULL, true));
        cede_exit_stack_push(stack, quiet("c"));
        cede_raise(cede_ValueError);
    } cede_end
    CHECK_SAID("exit-c:ValueError exit-b:ValueError exit-a:None ");
}

static void say_chain(const cede_exception *e)
{
    for (; e; e = cede_exception_context(e))
        say("%s<", cede_exception_name(e));
}

TEST(A07_what_an_exit_raises_has_the_one_before_as_context)
{
    cede_try {
        cede_with (stack, cede_exit_stack()) {
            cede_exit_stack_push(stack, quiet("a"));
            cede_exit_stack_push(stack, make("b", cede_OSError, false));
            cede_exit_stack_push(stack, make("c", cede_KeyError, false));
            cede_raise(cede_ValueError);
        } cede_end
    } cede_except (cede_OSError, e) {
        say_chain(e);
    } cede_end
    CHECK_SAID("exit-c:ValueError exit-b:KeyError exit-a:OSError "
               "OSError<KeyError<ValueError<");
}

TEST(A07_what_is_raised_after_a_swallow_has_no_context)
{
    cede_try {
        cede_with (stack, cede_exit_stack()) {
            cede_exit_stack_push(stack, make("a", cede_OSError, false));
            cede_exit_stack_push(stack, make("b", NULL, true));
            cede_raise(cede_ValueError);
        } cede_end
    } cede_except (cede_OSError, e) {
        say_chain(e);
    } cede_end
    CHECK_SAID("exit-b:ValueError exit-a:None OSError<");
}

static bool raises_again(void *unused, cede_exception *exception)
{
    (void)unused;
    (void)exception;
    cede_reraise();
}

TEST(A07_an_exit_may_raise_the_same_again)
{
    SAY_RAISED(
        cede_with (stack, cede_exit_stack()) {
            cede_exit_stack_push(stack, quiet("a"));
            cede_exit_stack_push_exit(stack, raises_again, NULL);
            cede_raise(cede_ValueError, "v");
        } cede_end);
    CHECK_SAID("exit-a:ValueError ValueError: v\n");
}

TEST(A07_what_is_handled_outside_is_so_again)
{
    cede_try {
        cede_raise(cede_KeyError, "outer");
    } cede_except (cede_KeyError, e) {
        cede_with (stack, cede_exit_stack()) {
            cede_exit_stack_push(stack, make("a", NULL, true));
            cede_raise(cede_ValueError);
        } cede_end
        say("%s", cede_exception_name(cede_sys_exception()));
    } cede_end
    CHECK_SAID("exit-a:ValueError KeyError");
}

/* --- what goes wrong --- */

static void enter_fails(void *self)
{
    (void)self;
    cede_raise(cede_ValueError, "enter");
}

static const cede_manager_methods failing_methods = {enter_fails, leave_guard};
static CEDE_CLASS(Failing, guard, .manager = &failing_methods);

TEST(A07_one_that_was_not_entered_is_not_left)
{
    SAY_RAISED(
        cede_with (stack, cede_exit_stack()) {
            cede_exit_stack_enter_context(stack, quiet("a"));
            cede_exit_stack_enter_context(stack, cede_object_new(Failing));
        } cede_end);
    CHECK_SAID("enter-a exit-a:ValueError ValueError: enter\n");
}

TEST(A07_what_is_no_manager)
{
    cede_auto (cede_exit_stack *, stack, drop) = cede_exit_stack();

    SAY_RAISED(cede_exit_stack_enter_context(stack, cede_exception(cede_OSError,
                                                                   NULL)));
    SAY_RAISED(cede_exit_stack_push(stack, cede_exception(cede_OSError, NULL)));
    SAY_RAISED(cede_exit_stack_push_exit(stack, NULL, NULL));
    SAY_RAISED(cede_impl_exit_stack_callback(stack, NULL, NULL));
    CHECK_SAID("TypeError: 'OSError' object does not support the context "
               "manager protocol: its class needs cede_manager_methods\n"
               "TypeError: 'OSError' object does not support the context "
               "manager protocol: its class needs cede_manager_methods\n"
               "TypeError: a function was expected, got NULL\n"
               "TypeError: a function was expected, got NULL\n");
}

/* --- pop_all, close, reuse --- */

static cede_exit_stack *set_up(bool fails)
{
    cede_exit_stack *volatile kept = NULL;

    cede_with (stack, cede_exit_stack()) {
        cede_exit_stack_enter_context(stack, quiet("a"));
        if (fails)
            cede_raise(cede_ValueError, "set up");
        kept = cede_exit_stack_pop_all(stack);
    } cede_end
    return kept;
}

TEST(A07_pop_all_takes_everything_out_of_the_block)
{
    cede_auto (cede_exit_stack *, kept, drop) = set_up(false);

    say("kept ");
    cede_exit_stack_close(kept);
    cede_exit_stack_close(kept);
    SAY_RAISED(cede_unref(set_up(true)));
    CHECK_SAID("enter-a kept exit-a:None enter-a exit-a:ValueError "
               "ValueError: set up\n");
}

TEST(A07_a_stack_is_used_again)
{
    cede_auto (cede_exit_stack *, stack, drop) = cede_exit_stack();

    for (int i = 0; i < 2; i++) {
        cede_with (again, cede_ref(stack)) {
            cede_exit_stack_callback(again, says, "called");
        } cede_end
    }
    CHECK_SAID("called called ");
}

TEST(A07_one_that_is_given_up_calls_nothing)
{
    cede_auto (cede_exit_stack *, stack, drop) = cede_exit_stack();

    cede_exit_stack_push(stack, quiet("a"));
    cede_exit_stack_callback(stack, says, "called");
    CHECK_SAID("");
}

static void pushes_more(void *stack)
{
    say("pushes ");
    cede_exit_stack_callback((cede_exit_stack *)stack, says, "pushed");
}

TEST(A07_an_exit_may_push)
{
    cede_with (stack, cede_exit_stack()) {
        cede_exit_stack_callback(stack, says, "first");
        cede_exit_stack_callback(stack, pushes_more, (void *)stack);
    } cede_end
    CHECK_SAID("pushes pushed first ");
}

/* --- A16 --- */

static cede_value counts(void *unused)
{
    (void)unused;
    cede_try {
        for (int i = 0;; i++)
            cede_yield(i);
    } cede_finally {
        say("closed ");
    } cede_end
    return cede_none;
}

TEST(A16_aclosing_closes_where_the_block_ends)
{
    cede_generator *generator = cede_generator(counts, NULL);

    cede_with (closing, cede_aclosing(generator)) {
        cede_for (v, cede_ref(generator)) {
            say("%d ", (int)cede_value_int(v));
            if (cede_value_int(v) == 1)
                break;
        }
        say("block ");
    } cede_end
    CHECK_SAID("0 1 block closed ");
}

TEST(A16_whatever_ends_the_block)
{
    cede_auto (cede_generator *, kept, drop) = cede_generator(counts, NULL);

    SAY_RAISED(
        cede_with (closing, cede_aclosing(cede_ref(kept))) {
            cede_next(kept);
            cede_raise(cede_ValueError, "v");
        } cede_end);
    CHECK(cede_getgeneratorstate(kept) == CEDE_GEN_CLOSED);
    CHECK_SAID("closed ValueError: v\n");
}

TEST(A16_what_is_no_generator)
{
    SAY_RAISED(
        cede_unref(cede_aclosing((cede_generator *)cede_exit_stack())));
    CHECK_SAID("TypeError: a generator was expected, got ExitStack\n");
}

TEST(A16_closing_calls_the_function)
{
    SAY_RAISED(
        cede_with (closing, cede_closing(says, (void *)"called")) {
            cede_raise(cede_ValueError, "v");
        } cede_end);
    CHECK_SAID("called ValueError: v\n");
}
