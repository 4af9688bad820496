/*
 * current.h - which loop runs in this thread, and in which process
 *
 * Knows: one pointer per thread (L28, PEP 3156's "current event loop" in the
 * sense of asyncio's get_running_loop) and how often this process is a fork
 * of another that had loops. Does not know: what a loop is.
 *
 * Invariant: a loop's generation is the number at its making; in a child it
 * differs from then on, and the child must leave the loop alone, because
 * epoll instances and event descriptors are shared with the parent.
 */
#pragma once

#include "base/list.h"

#include "cede/impl/platform.h"

struct cede_loop;

extern CEDE_IMPL_THREAD_LOCAL struct cede_loop *cede__running_loop;

extern unsigned cede__fork_generation;

/* Asks to be told of forks, once per process: 0, or a negative errno. */
int cede__fork_watch(void);

/* The open loops of the process, of all threads, by their `node`: for debuggers
   (tools/gdb), which stop everybody. Under a lock that no fork splits. */
extern cede__list cede__loops;
void cede__loops_enter(cede__list *node);
void cede__loops_leave(cede__list *node);
