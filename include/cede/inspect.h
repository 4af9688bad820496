/*
 * Seeing what tasks do: what they wait for, since when, who waits for them,
 * and in the middle of which calls.
 *
 * Reports go to `file` (borrowed; NULL: stderr), in one piece as far as that
 * goes. They are for people: their wording may change. Functions of the
 * program are named by the symbol tables of its files, others as
 * program+0x12f: `addr2line -fe program 0x12f` knows their lines. Frames are
 * found by the tables for unwinding that compilers write by default, with the
 * GNU C library; with others by frame pointers (-fno-omit-frame-pointer).
 *
 * Nothing here suspends, changes a task, or takes memory, but where it says
 * so. All of it is for the thread of the loop: it raises RuntimeError in
 * others, and nothing else unless it says so. A
 * debugger sees the same from outside, also in a core file: docs/debugging.md.
 *
 * When nothing can ever happen any more - no callback is ready, no timer, no
 * descriptor and no signal is waited for, no thread holds the loop
 * (cede_loop_hold) - then all tasks are asleep, and a run that waits for one
 * of them to end (cede_run, cede_run_simulated, cede_loop_run_until_complete)
 * prints every task to stderr and raises RuntimeError "all tasks are asleep -
 * deadlock!". With a clock that jumps always; with a real one when the process
 * has but one thread, for another may be about to call
 * cede_loop_call_soon_threadsafe. CEDE_DEADLOCK=1 in the environment asks for
 * it whatever threads there are, CEDE_DEADLOCK=0 never. Python has none of
 * this; Go has.
 *
 * Python counterparts: asyncio.print_call_graph (3.14), `python -m asyncio ps`
 * and `pstree` (3.14), Task.get_stack, Task.print_stack. Rules D11, D12, T28,
 * Z16, Z19.
 */
#pragma once

#include <stdio.h>

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * Every task of the loop that is not done, in the order of creation: name,
 * function, running, ready or waiting, for what and how long, where it was
 * created, who awaits it, and its stack, the innermost call first. With NULL
 * for the loop, as of cede_print_tasks, the running one. Raises RuntimeError
 * if there is none.
 */
void cede_loop_print_tasks(cede_loop *loop, FILE *file);
void cede_print_tasks(FILE *file);

/*
 * Who waits for whom, as a tree: below each task those that it awaits. Tasks
 * that wait for each other in a circle are reported as such. Takes memory; if
 * there is none, it says so in the report. Raises RuntimeError as above.
 * Python: `python -m asyncio pstree`.
 */
void cede_loop_print_task_tree(cede_loop *loop, FILE *file);
void cede_print_task_tree(FILE *file);

/*
 * Has cede_loop_print_tasks write to stderr when the signal arrives: SIGUSR1,
 * or SIGQUIT, which ^\ sends. It is a callback of the loop: a loop that is
 * stuck in another callback prints when that returns (look with a debugger
 * meanwhile). Until cede_loop_remove_signal_handler, or until the loop is
 * closed. Raises as cede_loop_add_signal_handler does: main thread only.
 */
void cede_loop_print_tasks_on_signal(cede_loop *loop, int number);

/*
 * The stack of a task (NULL: the current one) and, indented below it, of those
 * who await it and each other. Raises RuntimeError if there is no running loop;
 * NULL where no task runs prints nothing. Python: asyncio.print_call_graph.
 */
void cede_print_call_graph(cede_task *task, FILE *file);

/*
 * Says that `waiter` waits for `future`, where the runtime cannot know: a
 * primitive of yours that uses done callbacks. Both borrowed; the waiter is
 * kept alive until discard, or until the future is done, when this is
 * forgotten. Adding twice is once; discarding what was not added does nothing.
 * TypeError for what is no future; MemoryError. Python:
 * asyncio.future_add_to_awaited_by, future_discard_from_awaited_by.
 */
void cede_future_add_to_awaited_by(cede_future *future, cede_future *waiter);
void cede_future_discard_from_awaited_by(cede_future *future,
                                         cede_future *waiter);

/* One call of a stack, or one place of a traceback. */
typedef struct cede_frame {
    /* In the code of the function, just before where the call returns to;
       NULL: of a traceback. For dladdr(3) and its like. */
    const void *address;
    /* The task's function or the generator the call belongs to; NULL: of a
       traceback. */
    const char *coroutine;
    /* Of a traceback only. */
    const char *file;
    const char *function;
    int line;
} cede_frame;

/*
 * The calls a task is in the middle of, the outermost first: stores the
 * innermost `limit` of them at most and returns how many. Of a task that
 * failed, the places of its exception's traceback, the outermost first, and of
 * these the outermost `limit`. None of a task that has not begun, has returned
 * or was cancelled. Strings live as long as the task. Python: Task.get_stack
 * (which has one frame of a suspended task: the others are reached by await).
 */
size_t cede_task_get_stack(cede_task *task, cede_frame *frames, size_t limit);

/* Prints it. Python: Task.print_stack. */
void cede_task_print_stack(cede_task *task, FILE *file);

CEDE_IMPL_END
