/*
 * Futures and tasks in one line, for reports: as their repr in Python, and
 * what a task waits for.
 */
#include "task/inspect.h"

#include "flow/flow.h"

#include "cede/print.h"

#include <string.h>

const char *cede__task_label(const cede_task *task, char *buffer, size_t size)
{
    if (task->name)
        return task->name;
    snprintf(buffer, size, "Task-%llu", (unsigned long long)task->number);
    return buffer;
}

/* " created at FILE:LINE" in debug mode, else nothing. */
static const char *creation(const cede_future *future, char *text, size_t size)
{
    if (!future->created || !cede_loop_get_debug(future->loop))
        return "";
    snprintf(text, size, " created at %s:%d", future->created->file,
             future->created->line);
    return text;
}

/* As Python, which says "cancelling" of a task that was asked to stop and has
   not. */
static const char *state_of(const cede_future *future)
{
    static const char *const states[] = {"pending", "cancelled", "finished"};

    if (future->state == CEDE__FUTURE_PENDING &&
        cede_isinstance(future, cede__task_class) &&
        cede_task_cancelling((const cede_task *)future) > 0)
        return "cancelling";
    return states[future->state];
}

/* Everything before the outcome. Returns how long it is. */
static size_t begin(const cede_future *future, char *line, size_t size)
{
    const char *kind = future->head.object_class->name;

    if (cede_isinstance(future, cede__task_class)) {
        const cede_task *task = (const cede_task *)future;
        char label[32];

        snprintf(line, size, "<%s %s name='%s' coro=<%s()>", kind,
                 state_of(future), cede__task_label(task, label, sizeof label),
                 task->coroutine.name);
    } else {
        snprintf(line, size, "<%s %s", kind, state_of(future));
    }
    return strlen(line);
}

void cede__future_describe(const cede_future *future, char *line, size_t size)
{
    char created[256];
    size_t length = begin(future, line, size);

    snprintf(line + length, size - length, "%s>",
             creation(future, created, sizeof created));
}

/* The same with the outcome, which may be long, and raise. */
cede_value cede__future_repr(void *self)
{
    cede_future *future = self;
    cede_value outcome = cede_none;
    char line[CEDE__LINE];
    char created[256];
    cede_defer (cede_value_clear, &outcome);

    begin(future, line, sizeof line);
    if (future->state != CEDE__FUTURE_FINISHED)
        return cede_str_format("%s%s>", line,
                               creation(future, created, sizeof created));
    outcome = future->exception ? cede_repr(future->exception)
                                : cede_repr(future->result);
    return cede_str_format("%s %s=%s%s>", line,
                           future->exception ? "exception" : "result",
                           cede_value_str(outcome),
                           creation(future, created, sizeof created));
}

static double seconds(int64_t time)
{
    return (double)time / (double)CEDE__SECOND;
}

static void tell_wait(const cede_task *task, char *line, size_t size)
{
    char what[CEDE__LINE / 2];
    int fd;

    if (task->awaited) {
        cede__future_describe(task->awaited, what, sizeof what);
        snprintf(line, size, "await %s", what);
    } else if (cede__descriptor_awaited(task, &fd)) {
        snprintf(line, size, "%s of descriptor %d", task->reason, fd);
    } else if (cede__timer_started(&task->timer)) {
        snprintf(line, size, "%s until %.6f", task->reason,
                 seconds(task->timer.when));
    } else {
        snprintf(line, size, "%s", task->reason ? task->reason : "?");
    }
}

void cede__task_tell_state(const cede_task *task, char *line, size_t size)
{
    char wait[CEDE__LINE];
    double since = seconds(task->future.loop->now - task->since);

    if (task->coroutine.state == CEDE_IMPL_CREATED)
        snprintf(line, size, "ready to begin");
    else if (task->coroutine.state == CEDE_IMPL_CLOSED)
        snprintf(line, size, "done");
    else if (!task->suspended)
        snprintf(line, size, "running");
    else if (task->scheduled ||
             (task->awaited && task->awaited->state != CEDE__FUTURE_PENDING))
        snprintf(line, size, "ready, suspended %.6f s ago", since);
    else {
        tell_wait(task, wait, sizeof wait);
        snprintf(line, size, "waiting for %.6f s: %s", since, wait);
    }
}
