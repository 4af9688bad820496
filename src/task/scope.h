/*
 * Cancel scopes as this floor sees them: a tree, and the tasks in it.
 *
 * Invariants: `effective` says whether the scope or one around it is cancelled,
 * with no shield between; it is brought up to date when anything it follows
 * from changes, so that a task's checkpoint reads one flag of its own. A task
 * stands in the list of the innermost scope around it, a scope in the list of
 * the one around it; each owns a reference to what it stands in.
 */
#pragma once

#include "coro/coroutine.h"
#include "task/task.h"

struct cede_cancel_scope {
    cede_object head;
    uint8_t state;
    bool cancelled;
    bool caught;
    bool shield;
    bool effective;
    bool fails;    /* cede_fail_after */
    size_t number; /* its CancelledErrors carry it; never 0 */
    int64_t when;  /* the deadline, CEDE__NEVER */
    cede_loop *loop; /* a reference, from when it is entered */
    cede_cancel_scope *parent;
    cede__list children;
    cede__list link; /* among the parent's children */
    cede__list tasks;
    cede__yield_ban ban;
    cede__timer timer;
};

/* A scope, or NULL: no memory. */
cede_cancel_scope *cede__scope_try_new(void);

/* The block begins and ends, in the current task; leave returns true when it
   swallows the exception (which may be NULL), and may raise TimeoutError. */
void cede__scope_enter(cede_cancel_scope *scope);
bool cede__scope_leave(cede_cancel_scope *scope, cede_exception *exception);

/* A scope no block belongs to begins and ends, below another (which may be
   NULL). hang may be called again: then it moves. */
void cede__scope_hang(cede_cancel_scope *scope, cede_cancel_scope *parent);
void cede__scope_unhang(cede_cancel_scope *scope);

/* The task's innermost scope is another now, NULL: none. */
void cede__scope_move_task(cede_task *task, cede_cancel_scope *scope);

/* A CancelledError of the outermost cancelled scope a task in `scope` can see;
   never NULL. */
cede_exception *cede__scope_cancelled_error(const cede_cancel_scope *scope);
