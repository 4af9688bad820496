/*
 * The forms of statements that are about tasks and futures.
 */
#include "nouns.h"

#define FORM(name)                                                             \
    static enum outcome name(struct frame *frame,                              \
                             const struct statement *statement,                \
                             cede_value *result)
#define RUN frame->run
#define WORD(i) (&statement->words[i])

/* ---- making -------------------------------------------------------------- */

static struct thing *new_coroutine(const struct frame *frame,
                                   const struct statement *statement,
                                   size_t first, enum noun noun)
{
    const struct function *function =
        function_of(frame, WORD(first), FUNCTION_TASK);
    struct thing *thing = new_thing(RUN, function->name, function,
                                    evaluate(frame, WORD(first + 1)));

    thing->noun = noun;
    return thing;
}

FORM(run_task)
{
    struct thing *thing = new_coroutine(frame, statement, 0, NOUN_TASK);

    *result = name_object(
        thing, cede_create_task(run_thing, thing, .name = thing->name));
    return NEXT;
}

FORM(run_coroutine)
{
    struct thing *thing = new_coroutine(frame, statement, 0, NOUN_COROUTINE);

    *result = name_object(thing, cede_coroutine(run_thing, thing));
    return NEXT;
}

/* The group's task lives no longer than it runs: it is kept. */
FORM(run_group_task)
{
    cede_task_group *group = object_of(frame, WORD(0), NOUN_GROUP);
    struct thing *thing;

    cede_defer (cede_unref, group);
    thing = new_coroutine(frame, statement, 1, NOUN_TASK);
    *result = name_object(
        thing, cede_ref(cede_task_group_create_task(group, run_thing, thing,
                                                    .name = thing->name)));
    return NEXT;
}

FORM(run_future)
{
    struct thing *thing = new_noun(RUN, NOUN_PLAIN_FUTURE, "future");

    (void)statement;
    *result = name_object(
        thing, cede_loop_create_future(cede_get_running_loop()));
    return NEXT;
}

FORM(run_shield)
{
    struct row row = {.count = 0};
    struct thing *thing;

    cede_defer (release_row, &row);
    fill_row(&row, frame, statement, 0);
    thing = new_noun(RUN, NOUN_OUTCOME, "shield");
    *result = name_object(thing, cede_shield(cede_ref(row.objects[0])));
    return NEXT;
}

FORM(run_ensure)
{
    struct row row = {.count = 0};
    struct thing *thing;

    cede_defer (release_row, &row);
    fill_row(&row, frame, statement, 0);
    thing = new_noun(RUN, NOUN_OUTCOME, "ensure");
    *result =
        name_object(thing, cede_ensure_future(cede_ref(row.objects[0])));
    return NEXT;
}

/* ---- awaiting ------------------------------------------------------------ */

FORM(run_await)
{
    struct row row = {.count = 0};

    cede_defer (release_row, &row);
    fill_row(&row, frame, statement, 0);
    trace(frame, "await %s", row.things[0]->name);
    *result = cede_await(cede_ref(row.objects[0]));
    return NEXT;
}

struct invocation {
    const struct frame *caller;
    const struct function *function;
    cede_value argument;
};

static cede_value run_invocation(void *argument)
{
    struct invocation *now = argument;
    cede_value value = now->argument;

    now->argument = cede_none;
    return run_function(now->caller->run, now->function, now->caller->me,
                        now->caller->depth + 1, value);
}

/* `await f(x)`: a coroutine, though a call would do in C; but a StopIteration
   that leaves it is to become a RuntimeError. */
FORM(run_invoke)
{
    struct invocation now = {
        .caller = frame,
        .function = function_of(frame, WORD(0), FUNCTION_TASK),
    };

    if (frame->depth == MOST_CALLS)
        cede_raise(cede_RecursionError, "too many calls");
    now.argument = evaluate(frame, WORD(1));
    cede_defer (cede_value_clear, &now.argument);
    *result = cede_await(cede_coroutine(run_invocation, &now));
    return NEXT;
}

FORM(run_sleep)
{
    double time = seconds(frame, WORD(0));

    (void)result;
    trace(frame, "sleep");
    cede_sleep(time);
    trace(frame, "wakes");
    return NEXT;
}

/* Time passes, and nobody else runs. */
FORM(run_busy)
{
    int time = statement->words[0].number;

    (void)result;
    if (time > 0)
        RUN->clock.now += (int64_t)time * 1000000000;
    trace(frame, "busy");
    return NEXT;
}

/* ---- cancelling ---------------------------------------------------------- */

FORM(run_cancel)
{
    cede_future *future = object_of(frame, WORD(0), NOUN_FUTURE);
    const char *message = NULL;
    cede_value text = cede_none;

    cede_defer (cede_unref, future);
    if (statement->words[1].kind != WORD_ABSENT)
        text = evaluate(frame, WORD(1));
    cede_defer (cede_value_clear, &text);
    if (cede_value_kind(text) == CEDE_STR)
        message = cede_value_str(text);
    *result = cede_bool(cede_future_cancel(future, message));
    return NEXT;
}

FORM(run_cancelling)
{
    cede_task *task = object_of(frame, WORD(0), NOUN_TASK);

    *result = cede_int(cede_task_cancelling(task));
    cede_unref(task);
    return NEXT;
}

FORM(run_uncancel)
{
    cede_task *task = object_of(frame, WORD(0), NOUN_TASK);

    *result = cede_int(cede_task_uncancel(task));
    cede_unref(task);
    return NEXT;
}

/* ---- asking -------------------------------------------------------------- */

FORM(run_result)
{
    cede_future *future = object_of(frame, WORD(0), NOUN_FUTURE);

    cede_defer (cede_unref, future);
    *result = cede_future_result(future);
    return NEXT;
}

FORM(run_exception)
{
    cede_future *future = object_of(frame, WORD(0), NOUN_FUTURE);
    cede_exception *exception;

    cede_defer (cede_unref, future);
    exception = cede_future_exception(future);
    if (exception)
        *result = cede_object(cede_ref(exception));
    return NEXT;
}

FORM(run_status)
{
    cede_future *future = object_of(frame, WORD(0), NOUN_FUTURE);

    *result = cede_str(cede_future_cancelled(future) ? "cancelled"
                       : cede_future_done(future)    ? "finished"
                                                     : "pending");
    cede_unref(future);
    return NEXT;
}

FORM(run_tasks)
{
    (void)statement;
    *result = cede_int(
        (int64_t)cede_loop_task_count(cede_get_running_loop()));
    (void)frame;
    return NEXT;
}

FORM(run_current)
{
    struct thing *thing = thing_for(RUN, cede_current_task());

    (void)statement;
    if (thing)
        *result = cede_pointer(thing);
    return NEXT;
}

FORM(run_get_name)
{
    cede_task *task = object_of(frame, WORD(0), NOUN_TASK);

    cede_defer (cede_unref, task);
    *result = cede_str_copy(cede_task_get_name(task));
    return NEXT;
}

/* ---- futures ------------------------------------------------------------- */

FORM(run_set_result)
{
    cede_future *future = object_of(frame, WORD(0), NOUN_PLAIN_FUTURE);

    (void)result;
    cede_defer (cede_unref, future);
    cede_future_set_result(future, evaluate(frame, WORD(1)));
    trace(frame, "result set");
    return NEXT;
}

FORM(run_set_exception)
{
    cede_future *future = object_of(frame, WORD(0), NOUN_PLAIN_FUTURE);
    cede_exception *exception;

    (void)result;
    cede_defer (cede_unref, future);
    exception = make_exception(frame, WORD(1));
    cede_defer (cede_unref, exception);
    cede_future_set_exception(future, exception);
    trace(frame, "exception set");
    return NEXT;
}

/* A thing without an object: the function, and the future as its argument. */
static void call_back(cede_future *future, void *callback)
{
    struct thing *thing = callback;

    (void)future;
    cede_value_unref(run_function(thing->run, thing->function, NULL, 0,
                                  cede_value_ref(thing->argument)));
}

FORM(run_callback)
{
    cede_future *future = object_of(frame, WORD(0), NOUN_FUTURE);
    const struct function *function;
    struct thing *thing;

    (void)result;
    cede_defer (cede_unref, future);
    function = function_of(frame, WORD(1), FUNCTION_PLAIN);
    thing = new_thing(RUN, "callback", function, evaluate(frame, WORD(0)));
    cede_future_add_done_callback(future, call_back, thing);
    trace(frame, "callback added");
    return NEXT;
}

FORM(run_remove_callback)
{
    cede_future *future = object_of(frame, WORD(0), NOUN_FUTURE);

    cede_defer (cede_unref, future);
    *result = cede_int(
        (int64_t)cede_future_remove_done_callback(future, call_back));
    return NEXT;
}

const struct form task_forms[] = {
    {.name = "task", .words = "fV", .gives = true, .run = run_task},
    {.name = "coroutine", .words = "fV", .gives = true, .run = run_coroutine},
    {.name = "group_task", .words = "vfV", .gives = true,
     .run = run_group_task},
    {.name = "future", .words = "", .gives = true, .run = run_future},
    {.name = "shield", .words = "v", .gives = true, .run = run_shield},
    {.name = "ensure", .words = "v", .gives = true, .run = run_ensure},
    {.name = "await", .words = "v", .gives = true, .run = run_await,
     .only = 1 << FUNCTION_TASK},
    {.name = "invoke", .words = "fV", .gives = true, .run = run_invoke,
     .only = 1 << FUNCTION_TASK},
    {.name = "sleep", .words = "v", .run = run_sleep,
     .only = 1 << FUNCTION_TASK},
    {.name = "busy", .words = "n", .run = run_busy},
    {.name = "cancel", .words = "vV", .gives = true, .run = run_cancel},
    {.name = "cancelling", .words = "v", .gives = true,
     .run = run_cancelling},
    {.name = "uncancel", .words = "v", .gives = true, .run = run_uncancel},
    {.name = "result", .words = "v", .gives = true, .run = run_result},
    {.name = "exception", .words = "v", .gives = true, .run = run_exception},
    {.name = "status", .words = "v", .gives = true, .run = run_status},
    {.name = "tasks", .words = "", .gives = true, .run = run_tasks},
    {.name = "current", .words = "", .gives = true, .run = run_current},
    {.name = "get_name", .words = "v", .gives = true, .run = run_get_name},
    {.name = "set_result", .words = "vv", .run = run_set_result},
    {.name = "set_exception", .words = "ve", .run = run_set_exception},
    {.name = "callback", .words = "vf", .run = run_callback},
    {.name = "remove_callback", .words = "v", .gives = true,
     .run = run_remove_callback},
    {.name = NULL},
};
