/*
 * Task groups: tasks that end before a block does. asyncio.TaskGroup.
 *
 *     cede_task_group (group) {
 *         for (size_t i = 0; i < count; i++)
 *             cede_task_group_create_task(group, fetch, &urls[i]);
 *     } cede_except_group (cede_OSError, e) {
 *         …
 *     } cede_end
 *
 * The block is left when its body is done and every task is. When one fails,
 * the others and the body are cancelled, all are waited for, and what they
 * raised comes out together, as an ExceptionGroup "unhandled errors in a
 * TaskGroup": in the order of their ends, the body's own error last (K01, K02).
 * A task that is cancelled is no error (K03). When the task that entered the
 * group is cancelled from outside, so are its tasks, and the CancelledError
 * comes out when they are done, unless there are errors (K04). SystemExit and
 * KeyboardInterrupt come out bare (K05), and so does the GeneratorExit of a body
 * whose loop is being closed, if no task has failed (K17).
 *
 * The block must not yield (RuntimeError). All calls: the loop's thread only.
 * Unless it says otherwise a call neither raises nor suspends; what a block is
 * called by, as `group` above, is borrowed until its statement ends.
 * Python: asyncio.TaskGroup of 3.13, and cancel of newer ones; rules K01 to
 * K18. A nursery (cede/nursery.h) is the same with level-triggered cancellation.
 */
#pragma once

#include "cede/group.h"
#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A group, entered or not. A context manager. */
typedef struct cede_task_group cede_task_group;

#ifndef __cplusplus

/*
 * cede_task_group (name) {…} cede_end: a group around the block, whose end
 * suspends until the group's tasks are done. Raises what the head says;
 * MemoryError; RuntimeError outside a task (K13). Python: async with
 * asyncio.TaskGroup() as name.
 */
#define cede_task_group(name) cede_with (name, cede_task_group_new())

/*
 * cede_task_group_create_task(group, fn, argument, …), …_with(group, fn, copy),
 * …_from(group, coroutine, …): a task of the group, made as by the forms of
 * cede_create_task, with their options. Borrowed, unlike theirs: it is the
 * group's, valid until it is done, and not to be given up. cede_await takes a
 * reference, so await it by cede_await(cede_ref(task)); who wants its result
 * later keeps a reference too.
 *
 * A task of the group may call this too, as long as the group waits (K08).
 * Raises RuntimeError before the block is entered, when the group is finished,
 * and while it is shutting down (K06): then …_from closes the coroutine.
 * MemoryError.
 */
#define cede_task_group_create_task(group, ...)                                \
    cede_impl_task_group_new_task((group), CEDE_IMPL_TASK_CALL(__VA_ARGS__),   \
                                  CEDE_IMPL_HERE)
#define cede_task_group_create_task_with(group, function, ...)                 \
    cede_impl_task_group_new_task_with(                                        \
        (group), CEDE_IMPL_CALLEE_OF_COPY(function, __VA_ARGS__),              \
        CEDE_IMPL_COPY(__VA_ARGS__),                                           \
        CEDE_IMPL_COPY_SIZE(__VA_ARGS__), #function, CEDE_IMPL_HERE)
#define cede_task_group_create_task_from(group, ...)                           \
    cede_impl_task_group_new_task_from((group),                                \
                                       CEDE_IMPL_TASK_OPTIONS(__VA_ARGS__),    \
                                       CEDE_IMPL_HERE)

cede_task *cede_impl_task_group_new_task(cede_task_group *group,
                                         cede_function function,
                                         const cede_task_options *options,
                                         const char *name,
                                         const cede_location *where);
cede_task *cede_impl_task_group_new_task_with(cede_task_group *group,
                                              cede_function function,
                                              const void *copy, size_t size,
                                              const char *name,
                                              const cede_location *where);
cede_task *cede_impl_task_group_new_task_from(cede_task_group *group,
                                              const cede_task_options *options,
                                              const cede_location *where);

#endif /* !__cplusplus */

/* A group that is not entered yet, one reference: for cede_with, once. Raises
   MemoryError. */
cede_task_group *cede_task_group_new(void) CEDE_IMPL_NEW;

/*
 * Ends the group: its tasks and the rest of the body are cancelled, and the
 * block is left without an exception unless something else is raised. Again, or
 * when the group is finished, does nothing; before the block is entered, its
 * first wait is cancelled. Never suspends. Python: TaskGroup.cancel (K16).
 */
void cede_task_group_cancel(cede_task_group *group);

/* How many of its tasks are not done. */
size_t cede_task_group_count(const cede_task_group *group);

CEDE_IMPL_END
