/*
 * Futures and tasks in one line, for reports: as their repr in Python, and
 * what a task waits for.
 */
#include "task/inspect.h"

#include <string.h>

const char *cede__task_label(const cede_task *task, char *buffer, size_t size)
{
    if (task->name)
        return task->name;
    snprintf(buffer, size, "Task-%llu", (unsigned long long)task->number);
    return buffer;
}

void cede__future_describe(const cede_future *future, char *line, size_t size)
{
    static const char *const states[] = {"pending", "cancelled", "finished"};
    const char *kind = future->head.object_class->name;
    const char *state = states[future->state];
    char created[256] = "";

    if (future->created && cede_loop_get_debug(future->loop))
        snprintf(created, sizeof created, " created at %s:%d",
                 future->created->file, future->created->line);

    if (cede_isinstance(future, cede__task_class)) {
        const cede_task *task = (const cede_task *)future;
        char label[32];

        snprintf(line, size, "<%s %s name='%s' coro=<%s()>%s>", kind, state,
                 cede__task_label(task, label, sizeof label),
                 task->coroutine.name, created);
    } else {
        snprintf(line, size, "<%s %s%s>", kind, state, created);
    }
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
