/*
 * Futures and tasks in one line, for reports: as their repr in Python.
 */
#include "task/task.h"

#include <stdio.h>

void cede__future_describe(const cede_future *future, char *line, size_t size)
{
    static const char *const states[] = {"pending", "cancelled", "finished"};
    const char *kind = future->head.object_class->name;
    const char *state = states[future->state];

    if (cede_isinstance(future, cede__task_class)) {
        const cede_task *task = (const cede_task *)future;

        snprintf(line, size, "<%s %s name='%s' coro=<%s()>>", kind, state,
                 cede_task_get_name(task), task->coroutine.name);
    } else {
        snprintf(line, size, "<%s %s>", kind, state);
    }
}
