/*
 * Protecting work from the cancellation of who waits for it: asyncio.shield.
 * Rules W14, W15, W24.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * A future, one reference, with the outcome of a task, a future, a coroutine
 * object or whatever else cede_await takes. Cancelling this future, or a task
 * that awaits it, leaves the inner one alone: who awaits gets its
 * CancelledError at once, and the inner one goes on and hears nothing of it
 * (W14). If the inner one is cancelled, so is this (W15).
 *
 *     cede_task *saving = cede_create_task(save, file);
 *
 *     cede_await(cede_shield(cede_ref(saving)));
 *
 * Takes your reference, also when it raises; keep one of your own (cede_ref)
 * to wait for what goes on: its exception, when this future is gone by then,
 * is reported as any that nobody retrieved. What is done already is returned
 * as it is.
 *
 * Not to be mixed up with scopes: cede_cancel_scope_set_shield protects a
 * block of the task itself.
 *
 * Raises TypeError for what cannot be awaited; RuntimeError for a coroutine
 * without a running loop; MemoryError. Never suspends. The loop's thread only.
 * Python: asyncio.shield.
 */
cede_future *cede_shield(void *awaitable) CEDE_IMPL_NEW;

CEDE_IMPL_END
