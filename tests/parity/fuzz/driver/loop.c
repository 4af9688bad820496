/*
 * Programs whose main is a task: a loop on a virtual clock, in which main runs
 * to its end, and then what is left is cancelled and waited for.
 *
 * The program's own loop and not cede_run's, because the trace ends in time:
 * what is still asleep when nothing can wake it up is ended in silence.
 */
#include "nouns.h"

#include <string.h>

/* ---- reports ------------------------------------------------------------- */

/* Of the reports only failed callbacks are compared (F08): the others are made
   when an object is given up, which is another moment in Python. */
static void hear(cede_loop *loop,
                 const cede_exception_handler_context *context, void *run)
{
    (void)loop;
    if (strcmp(context->message, "Exception in callback") == 0)
        trace_run(run, "callback raised %s",
                  show_exception(run, context->exception));
}

static void hear_nothing(cede_log_level level, const char *text, void *run)
{
    (void)level;
    (void)text;
    (void)run;
}

/* ---- the end ------------------------------------------------------------- */

static void show_outcome(struct run *run, struct thing *thing)
{
    cede_future *future = (cede_future *)thing->object;
    cede_exception *exception = NULL;
    cede_value result;

    if (!cede_future_done(future) || cede_future_cancelled(future)) {
        trace_run(run, "%s %s", thing->name,
                  cede_future_done(future) ? "cancelled" : "pending");
        return;
    }
    exception = cede_future_exception(future);
    if (exception) {
        trace_run(run, "%s raised %s", thing->name,
                  show_exception(run, exception));
        return;
    }
    result = cede_future_result(future);
    cede_defer (cede_value_clear, &result);
    trace_run(run, "%s gave %s", thing->name, show(run, result));
}

static void show_outcomes(struct run *run)
{
    for (size_t i = 0; i < run->thing_count; i++)
        if (run->things[i]->object && cede_isfuture(run->things[i]->object))
            show_outcome(run, run->things[i]);
}

/* As asyncio.run does at its end, in the order of their creation. */
static void cancel_rest(struct run *run)
{
    cede_list *rest = cede_all_tasks(NULL);
    void *tasks[2 * MOST_OBJECTS];
    size_t count = 0;
    cede_defer (cede_unref, rest);

    for (size_t i = 0; i < cede_list_size(rest); i++) {
        cede_task *task =
            cede_value_object(cede_list_get(rest, (int64_t)i));

        if (task != cede_current_task() && count < 2 * MOST_OBJECTS)
            tasks[count++] = cede_ref(task);
    }
    trace_run(run, "cancel %zu", count);
    for (size_t i = 0; i < count; i++)
        cede_task_cancel(tasks[i], NULL);
    cede_gather_array(NULL, tasks, count, CEDE_RETURN_EXCEPTIONS);
}

/* ---- the run ------------------------------------------------------------- */

static cede_value root(void *argument)
{
    struct run *run = argument;
    struct thing *main_task =
        new_thing(run, "main", run->program->main, cede_none);

    main_task->noun = NOUN_TASK;
    main_task->object = (cede_object *)cede_create_task(
        run_thing, main_task, .name = main_task->name);
    cede_try {
        cede_value_unref(cede_await(cede_ref(main_task->object)));
    } cede_except (cede_BaseException, e) {
        trace_run(run, "main raised %s", show_exception(run, e));
    } cede_end
    cancel_rest(run);
    return cede_none;
}

struct root {
    struct run *run;
    cede_task *task;
};

static cede_value begin_root(void *argument)
{
    struct root *now = argument;

    now->task = cede_loop_create_task(now->run->loop, root, now->run);
    return cede_none;
}

static cede_value run_root(void *argument)
{
    struct root *now = argument;

    return cede_loop_run_until_complete(now->run->loop, cede_ref(now->task));
}

/* SystemExit and KeyboardInterrupt leave the loop, which may go on (L11): true
   then. */
static bool run_once(struct root *now)
{
    cede_exception *exception = cede_catch(run_root, now, NULL);
    bool again = exception && !cede_task_done(now->task) &&
                 (cede_exception_is(exception, cede_SystemExit) ||
                  cede_exception_is(exception, cede_KeyboardInterrupt));

    if (exception)
        trace_run(now->run, "run raised %s",
                  show_exception(now->run, exception));
    cede_unref(exception);
    return again;
}

static cede_value close_loop(void *argument)
{
    cede_loop_close(((struct run *)argument)->loop);
    return cede_none;
}

void run_loop_of(struct run *run)
{
    cede_clock clock = cede_virtual_clock(&run->clock);
    cede_loop *loop =
        cede_loop_new_with(&(cede_loop_options){.clock = &clock});
    struct root now = {.run = run};

    run->loop = loop;
    cede_loop_set_exception_handler(loop, hear, run);
    cede_set_log_handler(hear_nothing, NULL);
    cede_unref(cede_catch(begin_root, &now, NULL));
    while (run_once(&now))
        continue;
    cede_unref(now.task);
    show_outcomes(run);
    run->steps = 0; /* the rest is silence */
    cede_unref(cede_catch(close_loop, run, NULL));
    run->loop = NULL;
    cede_unref(loop);
    cede_set_log_handler(NULL, NULL);
}
