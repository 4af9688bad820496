/*
 * Nurseries: tasks that end before a block does, in one cancel scope.
 *
 *     cede_nursery (nursery) {
 *         cede_value port = cede_nursery_start(nursery, serve, NULL);
 *         cede_nursery_start_soon(nursery, client, &port);
 *     } cede_end
 *
 * The block is left when its body and every child are done. When one fails the
 * nursery's scope is cancelled, level-triggered: the body and all children get
 * a CancelledError at every checkpoint until they have ended. What they raised
 * comes out as an ExceptionGroup "unhandled errors in a nursery", always a
 * group, in the order of their ends, the body's own error last. CancelledErrors
 * are no errors (Z06). Leaving the block is a checkpoint.
 *
 * Against a task group (cede/task_group.h): children stand below the cancelled
 * scopes around the nursery; a child enters its body even if it is cancelled
 * before it has begun (Z07); the scope can have a deadline and a shield.
 *
 * cede_supervisor is a nursery whose children fail alone (Z20): what one raises
 * goes to the loop's exception handler and the others go on; an error of the
 * body ends it as above. For servers, where no connection may end another.
 *
 * When the task that entered the nursery is cancelled by cede_task_cancel, the
 * scope is cancelled, and that CancelledError comes out when all are done,
 * unless there are errors. SystemExit and KeyboardInterrupt come out bare, and
 * so does the GeneratorExit of a body whose loop is being closed, if no child has
 * failed. The block must not yield (RuntimeError). All calls: the loop's thread
 * only. Unless it says otherwise a call neither raises nor suspends; what a
 * block is called by, as `nursery` above, is borrowed until its statement ends.
 *
 * Counterpart: trio.open_nursery, anyio.create_task_group; Kotlin's
 * supervisorScope. Rules Z06, Z07, Z20; docs/decisions/0021.
 */
#pragma once

#include "cede/cancel_scope.h"
#include "cede/group.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* Children, and the scope they are in. */
typedef struct cede_nursery cede_nursery;

#ifndef __cplusplus

/*
 * cede_nursery (name) {…} cede_end, cede_supervisor (name) {…} cede_end: a
 * nursery around the block, whose end suspends until all children are done.
 * Raise what the head says; MemoryError; RuntimeError outside a task.
 */
#define cede_nursery(name) cede_with (name, cede_impl_nursery_new(false))
#define cede_supervisor(name) cede_with (name, cede_impl_nursery_new(true))

/*
 * cede_nursery_start_soon(nursery, fn, argument, …), …_with(nursery, fn, copy),
 * …_from(nursery, coroutine, …): a child, made as by the forms of
 * cede_create_task, with their options. Borrowed, unlike theirs: valid until it
 * is done, and to be awaited by cede_await(cede_ref(task)). Any task of the loop
 * may call this as long as the block has not been left. Raises RuntimeError
 * before and after that (then …_from closes the coroutine), MemoryError. Does
 * not suspend. Counterpart: nursery.start_soon.
 */
#define cede_nursery_start_soon(nursery, ...)                                  \
    cede_impl_nursery_new_task((nursery), CEDE_IMPL_TASK_CALL(__VA_ARGS__),    \
                               CEDE_IMPL_HERE)
#define cede_nursery_start_soon_with(nursery, function, ...)                   \
    cede_impl_nursery_new_task_with(                                           \
        (nursery), CEDE_IMPL_CALLEE_OF_COPY(function, __VA_ARGS__),            \
        CEDE_IMPL_COPY(__VA_ARGS__),                                           \
        CEDE_IMPL_COPY_SIZE(__VA_ARGS__), #function, CEDE_IMPL_HERE)
#define cede_nursery_start_soon_from(nursery, ...)                             \
    cede_impl_nursery_new_task_from(                                           \
        (nursery), CEDE_IMPL_TASK_OPTIONS(__VA_ARGS__), CEDE_IMPL_HERE)

/*
 * cede_nursery_start(nursery, fn, argument, …): starts a child and suspends
 * until it calls cede_started; returns the value it gave, with a reference of
 * your own. Until then the child stands below the caller's scopes, not the
 * nursery's, and if the caller is cancelled it is too and is waited for. What it
 * raises before comes out here and not in the nursery; if it returns without
 * having called cede_started: RuntimeError. Raises also as start_soon does.
 * Counterpart: await nursery.start(fn).
 */
#define cede_nursery_start(nursery, ...)                                       \
    cede_impl_nursery_start((nursery), CEDE_IMPL_TASK_CALL(__VA_ARGS__),       \
                            CEDE_IMPL_HERE)

/*
 * cede_started(value): the current task, a child that cede_nursery_start has
 * started, is ready; the value (boxed) and its reference are handed over. Once:
 * RuntimeError again, and in a task nobody waits for; then the value is given
 * up. Does not suspend. Counterpart: task_status.started(value).
 */
#define cede_started(...) cede_impl_started(cede_box(__VA_ARGS__))

cede_nursery *cede_impl_nursery_new(bool supervisor) CEDE_IMPL_NEW;
cede_task *cede_impl_nursery_new_task(cede_nursery *nursery,
                                      cede_function function,
                                      const cede_task_options *options,
                                      const char *name,
                                      const cede_location *where);
cede_task *cede_impl_nursery_new_task_with(cede_nursery *nursery,
                                           cede_function function,
                                           const void *copy, size_t size,
                                           const char *name,
                                           const cede_location *where);
cede_task *cede_impl_nursery_new_task_from(cede_nursery *nursery,
                                           const cede_task_options *options,
                                           const cede_location *where);
cede_value cede_impl_nursery_start(cede_nursery *nursery,
                                   cede_function function,
                                   const cede_task_options *options,
                                   const char *name,
                                   const cede_location *where);
void cede_impl_started(cede_value value);

#endif /* !__cplusplus */

/* Its scope, borrowed: to cancel it, to give it a deadline, to ask. Counterpart:
   nursery.cancel_scope. */
cede_cancel_scope *cede_nursery_cancel_scope(const cede_nursery *nursery);

/* How many children are not done, and the children: a new list of tasks, oldest
   first (raises MemoryError). Counterpart: nursery.child_tasks. */
size_t cede_nursery_count(const cede_nursery *nursery);
cede_list *cede_nursery_child_tasks(const cede_nursery *nursery) CEDE_IMPL_NEW;

CEDE_IMPL_END
