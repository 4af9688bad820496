/*
 * What becomes of this floor when its loop is closed: tasks are ended first,
 * then whatever is still queued is dropped.
 */
#include "task/future.h"

static void drop(cede_loop *loop, cede__job *job)
{
    (void)loop;
    if (!cede__callback_drop(job) && !cede__gather_drop(job))
        cede__timeout_drop(job);
}

const cede__loop_hooks cede__task_hooks = {.on_close = cede__tasks_close,
                                           .on_drop = drop};
