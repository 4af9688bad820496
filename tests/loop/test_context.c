/*
 * test_context.c - callbacks run in contexts: rules C02, C07
 */
#include <unistd.h>

#include "loop/loop.h"
#include "world.h"

#include "cede/context.h"

static CEDE_CONTEXT_VAR(v, "d");

/* The scenario runs in a new context: the thread's own would outlive it. */
static void in_new_context(cede_function scenario)
{
    cede_context *context = cede_context_new();
    cede_defer (cede_unref, context);

    cede_value_unref(cede_context_run(context, scenario, NULL));
}

static const char *value_of_v(void)
{
    return cede_value_str(cede_context_var_get(v));
}

static void say_v(void *name)
{
    say("%s=%s", (const char *)name, value_of_v());
}

static void say_and_set_v(void *name)
{
    say_v(name);
    cede_context_var_set(v, (const char *)name);
}

/* --- C02: C02_callback_context, as far as it needs no task --- */

static cede_value c02(void *unused)
{
    (void)unused;
    OPEN_WORLD();
    cede_context_var_set(v, "at schedule");
    cede_loop_call_soon(world.loop, say_and_set_v, "soon");
    cede_loop_call_later(world.loop, 0, say_and_set_v, "later");
    cede_loop_call_at(world.loop, 1, say_and_set_v, "at");
    cede_loop_call_soon_threadsafe(world.loop, say_and_set_v, "threadsafe");
    cede_context_var_set(v, "changed");
    cede_loop_call_soon(world.loop, say_v, "changed");
    cede_loop_call_at(world.loop, 2, stop, NULL);
    CHECK_RUN("soon=at schedule threadsafe=at schedule changed=changed "
              "later=at schedule at=at schedule");
    CHECK_STR(value_of_v(), "changed");
    return cede_none;
}

/* C02 */
TEST(C02_a_callback_runs_in_the_context_it_was_scheduled_in)
{
    in_new_context(c02);
}

static cede_value set_and_schedule(void *name)
{
    cede_context_var_set(v, (const char *)name);
    cede_loop_call_soon(world.loop, say_v, name);
    return cede_none;
}

static void schedule_another(void *name)
{
    cede_context_var_set(v, (const char *)name);
    cede_loop_call_soon(world.loop, say_v, "child");
    cede_context_var_set(v, "later");
}

static cede_value chains(void *unused)
{
    cede_context *context = cede_context_new();
    cede_defer (cede_unref, context);

    (void)unused;
    OPEN_WORLD();
    cede_context_run(context, set_and_schedule, "inside");
    cede_loop_call_soon(world.loop, schedule_another, "parent");
    cede_loop_call_soon(world.loop, say_v, "outside");
    cede_loop_call_later(world.loop, 1, stop, NULL);
    CHECK_RUN("inside=inside outside=d child=parent");
    return cede_none;
}

/* C02 */
TEST(C02_what_a_callback_schedules_gets_its_context)
{
    in_new_context(chains);
}

static cede_handle *unlucky;

static void move_itself(void *context)
{
    CHECK_RAISES(cede_RuntimeError, cede_handle_set_context(unlucky, context));
    say_v("still");
}

static cede_value given(void *unused)
{
    cede_context *context = cede_copy_context();
    cede_defer (cede_unref, context);

    (void)unused;
    OPEN_WORLD();
    cede_context_var_set(v, "mine");
    cede_handle_set_context(
        cede_loop_call_soon(world.loop, say_and_set_v, "first"), context);
    cede_handle_set_context(
        cede_loop_call_later(world.loop, 1, say_and_set_v, "second"), context);
    unlucky = cede_loop_call_later(world.loop, 2, move_itself, context);
    CHECK_RAISES(cede_TypeError, cede_handle_set_context(unlucky, NULL));
    cede_loop_call_later(world.loop, 3, stop, NULL);
    CHECK_RUN("first=d second=first still=mine");
    CHECK_STR(cede_value_str(cede_context_get(context, v)), "second");
    CHECK_STR(value_of_v(), "mine");
    return cede_none;
}

/* C02 */
TEST(C02_a_callback_may_be_given_a_context)
{
    in_new_context(given);
}

static int pipe_ends[2];

static void close_pipe(int *ends)
{
    close(ends[0]);
    close(ends[1]);
}

static void read_byte(void *name)
{
    char byte;

    CHECK_INT(read(pipe_ends[0], &byte, 1), 1);
    say_and_set_v(name);
}

static void write_byte(void *unused)
{
    (void)unused;
    CHECK_INT(write(pipe_ends[1], "x", 1), 1);
}

static cede_value reader(void *unused)
{
    (void)unused;
    if (!CHECK(pipe(pipe_ends) == 0))
        return cede_none;
    cede_defer (close_pipe, pipe_ends);
    OPEN_WORLD();
    cede_context_var_set(v, "at add");
    cede_loop_add_reader(world.loop, pipe_ends[0], read_byte, "reader");
    cede_context_var_set(v, "changed");
    cede_loop_call_later(world.loop, 1, write_byte, NULL);
    cede_loop_call_later(world.loop, 2, write_byte, NULL);
    cede_loop_call_later(world.loop, 3, stop, NULL);
    CHECK_RUN("reader=at add reader=reader");
    CHECK_STR(value_of_v(), "changed");
    return cede_none;
}

/* C02: one handle, so one context for all its calls. */
TEST(C02_a_reader_keeps_its_context)
{
    in_new_context(reader);
}

/* --- C07 --- */

static void set_and_fail(void *text)
{
    cede_context_var_set(v, (const char *)text);
    cede_raise(cede_ValueError, "%s", (const char *)text);
}

static void note(cede_loop *loop, const cede_exception_handler_context *context,
                 void *argument)
{
    (void)loop;
    (void)argument;
    say("%s(%s)", cede_exception_message(context->exception), value_of_v());
}

static cede_value failing(void *unused)
{
    cede_context *context = cede_context_new();
    cede_defer (cede_unref, context);

    (void)unused;
    OPEN_WORLD();
    cede_context_var_set(v, "outside");
    cede_loop_set_exception_handler(world.loop, note, NULL);
    cede_handle_set_context(
        cede_loop_call_soon(world.loop, set_and_fail, "failed"), context);
    cede_loop_call_soon(world.loop, say_v, "next");
    cede_handle_set_context(cede_loop_call_later(world.loop, 1, say_v, "again"),
                            context);
    cede_loop_call_later(world.loop, 2, stop, NULL);
    /* The handler is told in the context of the callback (3.12). */
    CHECK_RUN("failed(failed) next=outside again=failed");
    CHECK_STR(value_of_v(), "outside");
    return cede_none;
}

/* C07 */
TEST(C07_a_failing_callback_leaves_contexts_intact)
{
    in_new_context(failing);
}

static void interrupt(void *unused)
{
    (void)unused;
    cede_context_var_set(v, "interrupted");
    cede_raise(cede_KeyboardInterrupt);
}

static cede_value interrupted(void *unused)
{
    (void)unused;
    OPEN_WORLD();
    cede_context_var_set(v, "outside");
    cede_loop_call_soon(world.loop, interrupt, NULL);
    CHECK_RAISES(cede_KeyboardInterrupt, cede_loop_run_forever(world.loop));
    CHECK_STR(value_of_v(), "outside");
    return cede_none;
}

/* C07 */
TEST(C07_also_when_the_exception_leaves_the_loop)
{
    in_new_context(interrupted);
}

/* --- handlers and ends --- */

static cede_value report_for_handle(void *unused)
{
    cede_exception *error = cede_exception(cede_ValueError, "note");
    cede_defer (cede_unref, error);
    cede_handle *handle;

    (void)unused;
    OPEN_WORLD();
    cede_context_var_set(v, "of the handle");
    handle = cede_loop_call_later(world.loop, 1, nothing, NULL);
    cede_context_var_set(v, "outside");
    cede_loop_set_exception_handler(world.loop, note, NULL);
    cede_loop_call_exception_handler(
        world.loop, &(cede_exception_handler_context){
                        .exception = error,
                        .handle = handle,
                    });
    CHECK_STR(world.log, "note(of the handle)");
    CHECK_STR(value_of_v(), "outside");
    return cede_none;
}

TEST(an_exception_handler_runs_in_the_context_of_the_handle)
{
    in_new_context(report_for_handle);
}

static cede_value close_early(void *unused)
{
    (void)unused;
    OPEN_WORLD();
    cede_context_var_set(v, cede_str_copy("dropped"));
    cede_loop_call_soon(world.loop, nothing, NULL);
    cede_loop_call_later(world.loop, 1, nothing, NULL);
    cede_handle_cancel(cede_loop_call_soon(world.loop, nothing, NULL));
    cede_handle_cancel(cede_loop_call_later(world.loop, 1, nothing, NULL));
    cede_loop_call_soon_threadsafe(world.loop, nothing, NULL);
    return cede_none;
}

/* The harness sees to it that nothing is left behind. */
TEST(a_callback_that_never_runs_gives_its_context_up)
{
    in_new_context(close_early);
}
