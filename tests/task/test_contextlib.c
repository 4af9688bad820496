/*
 * Context managers that wait: rules A07, A14, A15, A16.
 */
#include "world.h"

#include "cede/contextlib.h"
#include "cede/timeout.h"

typedef struct gate {
    cede_object head;
    const char *name;
    bool swallows;
} gate;

static void enter_gate(void *self)
{
    cede_sleep(1);
    say("enter %s at %g", ((gate *)self)->name, now());
}

static bool leave_gate(void *self, cede_exception *exception)
{
    gate *passed = self;

    cede_sleep(1);
    say("exit %s at %g: %s", passed->name, now(),
        exception ? cede_exception_name(exception) : "None");
    return passed->swallows;
}

static const cede_manager_methods gate_methods = {enter_gate, leave_gate};
static CEDE_CLASS(Gate, gate, .manager = &gate_methods);

static gate *make(const char *name, bool swallows)
{
    gate *made = cede_object_new(Gate);

    made->name = name;
    made->swallows = swallows;
    return made;
}

/* --- A14: exit is waited for once, on every way out --- */

static void leave_by(const char *way)
{
    for (int i = 0; i < 2; i++) {
        cede_with (passed, make(way, false)) {
            if (strcmp(way, "break") == 0)
                break;
            if (strcmp(way, "continue") == 0)
                continue;
            if (strcmp(way, "return") == 0)
                return;
            if (strcmp(way, "raise") == 0)
                cede_raise(cede_ValueError);
        } cede_end
        return;
    }
}

static cede_value leaves_in_every_way(void *arg)
{
    static const char *const ways[] = {"end", "break", "return", "raise"};

    (void)arg;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        cede_try {
            leave_by(ways[i]);
        } cede_except (cede_ValueError) {
            say("raised");
        } cede_end
    }
    return cede_none;
}

TEST(A14_exit_is_waited_for_on_every_way_out)
{
    expect(leaves_in_every_way,
           "enter end at 1;exit end at 2: None;"
           "enter break at 3;exit break at 4: None;"
           "enter return at 5;exit return at 6: None;"
           "enter raise at 7;exit raise at 8: ValueError;raised;");
}

static cede_value swallows(void *arg)
{
    (void)arg;
    cede_with (passed, make("a", true)) {
        cede_raise(cede_ValueError);
    } cede_end
    say("went on at %g", now());
    return cede_none;
}

TEST(A14_a_true_exit_swallows)
{
    expect(swallows, "enter a at 1;exit a at 2: ValueError;went on at 2;");
}

static cede_value is_cancelled_in(void *seconds)
{
    cede_timeout (deadline, *(double *)seconds) {
        cede_with (passed, make("a", false)) {
            cede_sleep(1);
        } cede_end
    } cede_except (cede_TimeoutError) {
        say("timeout at %g", now());
    } cede_end
    return cede_none;
}

static cede_value cancelled_everywhere(void *arg)
{
    static double in_enter = 0.5, in_body = 1.5, in_exit = 2.5;

    (void)arg;
    cede_value_unref(is_cancelled_in(&in_enter));
    cede_value_unref(is_cancelled_in(&in_body));
    cede_value_unref(is_cancelled_in(&in_exit));
    return cede_none;
}

/* Cancelled in enter: exit is not called. In the body: it is, and may wait. In
   exit: it is not called again. */
TEST(A14_cancelled_in_enter_body_and_exit)
{
    expect(cancelled_everywhere,
           "timeout at 0.5;"
           "enter a at 1.5;exit a at 3: CancelledError;timeout at 3;"
           "enter a at 4;timeout at 5.5;");
}

/* --- A15: generators as managers --- */

static cede_value managed(void *name)
{
    cede_sleep(1);
    say("enter %s at %g", (char *)name, now());
    cede_try {
        cede_yield((const char *)name);
    } cede_except (cede_KeyError) {
        cede_sleep(1);
        say("swallowed at %g", now());
    } cede_finally {
        cede_sleep(1);
        say("exit %s at %g", (char *)name, now());
    } cede_end
    return cede_none;
}

static void raise_in(const cede_class *raised)
{
    cede_with (cm, cede_contextmanager(cede_generator(managed, "a"))) {
        say("%s", cede_value_str(cede_context_manager_value(cm)));
        if (raised)
            cede_raise(raised);
    } cede_end
}

static cede_value manages(void *arg)
{
    (void)arg;
    raise_in(NULL);
    raise_in(cede_KeyError);
    cede_try {
        raise_in(cede_ValueError);
    } cede_except (cede_ValueError) {
        say("raised");
    } cede_end
    return cede_none;
}

TEST(A15_a_generator_that_awaits_as_a_manager)
{
    expect(manages, "enter a at 1;a;exit a at 2;"
                    "enter a at 3;a;swallowed at 4;exit a at 5;"
                    "enter a at 6;a;exit a at 7;raised;");
}

static cede_value cancelled_manager(void *arg)
{
    (void)arg;
    cede_timeout (deadline, 1.5) {
        cede_with (cm, cede_contextmanager(cede_generator(managed, "a"))) {
            cede_sleep(5);
        } cede_end
    } cede_except (cede_TimeoutError) {
        say("timeout at %g", now());
    } cede_end
    return cede_none;
}

TEST(A15_a_cancelled_block_is_left)
{
    expect(cancelled_manager, "enter a at 1;exit a at 2.5;timeout at 2.5;");
}

static cede_value with_deadline(void *arg)
{
    (void)arg;
    cede_timeout (deadline, 1) {
        cede_yield(cede_none);
    } cede_end
    return cede_none;
}

static cede_value block_with_deadline(void *arg)
{
    (void)arg;
    cede_try {
        cede_with (cm,
                   cede_contextmanager(cede_generator(with_deadline, NULL))) {
            cede_sleep(5);
        } cede_end
    } cede_except (cede_TimeoutError) {
        say("timeout at %g", now());
    } cede_end
    return cede_none;
}

/* Decision 6: its yield may stand inside a timeout, which is around the block
   then. */
TEST(A15_a_timeout_around_the_yield_is_around_the_block)
{
    expect(block_with_deadline, "timeout at 1;");
}

static cede_value replaces(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(cede_none);
    } cede_finally {
        cede_sleep(1);
        cede_raise(cede_OSError, "exit");
    } cede_end
    return cede_none;
}

static cede_value sees_both(void *arg)
{
    (void)arg;
    cede_try {
        cede_with (cm, cede_contextmanager(cede_generator(replaces, NULL))) {
            cede_raise(cede_ValueError, "body");
        } cede_end
    } cede_except (cede_OSError, e) {
        say("%s<%s", cede_exception_message(e),
            cede_exception_message(cede_exception_context(e)));
    } cede_end
    return cede_none;
}

/* A14 */
TEST(A15_what_its_exit_raises_replaces_with_context)
{
    expect(sees_both, "exit<body;");
}

/* --- A07: exit stacks --- */

static void sleeps(void *name)
{
    cede_sleep(1);
    say("%s at %g", (char *)name, now());
}

static cede_value stacks(void *arg)
{
    (void)arg;
    cede_with (stack, cede_exit_stack()) {
        cede_exit_stack_enter_context(stack, make("a", false));
        cede_exit_stack_callback(stack, sleeps, (void *)"callback");
        cede_exit_stack_enter_context(
            stack, cede_contextmanager(cede_generator(managed, "b")));
        cede_raise(cede_KeyError);
    } cede_end
    return cede_none;
}

TEST(A07_what_waits_and_what_does_not)
{
    expect(stacks, "enter a at 1;enter b at 2;swallowed at 3;exit b at 4;"
                   "callback at 5;exit a at 6: None;");
}

static cede_value cancelled_stack(void *arg)
{
    (void)arg;
    cede_timeout (deadline, 2.5) {
        cede_with (stack, cede_exit_stack()) {
            cede_exit_stack_push(stack, make("a", false));
            cede_exit_stack_callback(stack, sleeps, (void *)"b");
            cede_exit_stack_push(stack, make("c", false));
            cede_exit_stack_callback(stack, sleeps, (void *)"d");
        } cede_end
    } cede_except (cede_TimeoutError) {
        say("timeout at %g", now());
    } cede_end
    return cede_none;
}

/* The one that is cancelled ends; those below hear of it and wait as before. */
TEST(A07_cancelled_while_one_waits)
{
    expect(cancelled_stack,
           "d at 1;exit c at 2: None;exit a at 3.5: CancelledError;"
           "timeout at 3.5;");
}

static cede_value cancelled_enter(void *arg)
{
    (void)arg;
    cede_timeout (deadline, 1.5) {
        cede_with (stack, cede_exit_stack()) {
            cede_exit_stack_enter_context(stack, make("a", false));
            cede_exit_stack_enter_context(stack, make("b", false));
        } cede_end
    } cede_except (cede_TimeoutError) {
        say("timeout at %g", now());
    } cede_end
    return cede_none;
}

TEST(A07_one_whose_enter_is_cancelled_is_not_left)
{
    expect(cancelled_enter,
           "enter a at 1;exit a at 2.5: CancelledError;timeout at 2.5;");
}

/* --- A16 --- */

static cede_value closes(void *arg)
{
    cede_auto (cede_generator *, ticker, drop) =
        cede_generator(each_second, NULL);

    (void)arg;
    cede_with (closing, cede_aclosing(cede_ref(ticker))) {
        cede_for (v, cede_ref(ticker)) {
            say("%d", (int)cede_value_int(v));
            break;
        }
    } cede_end
    say("behind at %g", now());
    return cede_none;
}

TEST(A16_aclosing_waits_for_the_clean_up)
{
    expect(closes, "0;closed at 2;behind at 2;");
}
