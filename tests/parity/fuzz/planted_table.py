"""Mistakes in cede that random programs must find; planted.py makes them."""

import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "../../mutants"))

from table import mutant  # noqa: E402


def plant(rule, file, what, old, new):
    return mutant(rule, "parity/fuzz", file, what, old, new)


GENERATORS = [
    plant("G01", "src/coro/generator.c",
          "a value may be sent to a generator that has not begun",
          "    if (!cede_is_none(sent)) {\n"
          "        cede_value_unref(sent);\n",
          "    if (false) {\n"),
    plant("G03", "src/coro/coroutine.c",
          "the mark of a chain under close stays behind in a sub that ended",
          "        ended->yield_flags & (CEDE_IMPL_RELEASED | "
          "CEDE_IMPL_CLOSING);",
          "        ended->yield_flags & CEDE_IMPL_RELEASED;"),
    plant("G04", "src/coro/coroutine.c",
          "the RuntimeError in the place of a StopIteration has no context",
          "    cede__exception_set_context(error, exception);\n"
          "    cede_unref(exception);\n    return error;",
          "    cede_unref(exception);\n    return error;"),
    plant("G06", "src/coro/generator.c",
          "a throw into a generator that has not begun does not end it",
          "        coroutine->state = CEDE_IMPL_CLOSED;\n"
          "        throw_at(thrown, where);",
          "        throw_at(thrown, where);"),
    plant("G13", "src/flow/raise.c",
          "what the resumer handles is not seen inside",
          "    for (; flow; flow = flow->outer)\n        if (flow->handled)",
          "    if (flow)\n        if (flow->handled)"),
    plant("Y06", "src/coro/coroutine.c",
          "a sub that swallows GeneratorExit keeps its delegator alive",
          "        if (!exception || cede_exception_is(exception, "
          "cede_GeneratorExit)) {",
          "        if (exception && cede_exception_is(exception, "
          "cede_GeneratorExit)) {"),
    plant("Y12", "src/coro/generator.c",
          "an abandoned delegator stays known to its sub",
          "    if (coroutine->delegate && coroutine->delegate->parent == "
          "coroutine)\n"
          "        cede__coroutine_detach(coroutine->delegate);\n",
          ""),
    plant("Y21", "src/coro/delegate.c",
          "an iterator that is delegated to is not closed",
          "        if (methods->close)\n"
          "            methods->close(iterator);\n",
          ""),
    plant("E01", "src/flow/raise.c",
          "an exception raised in a handler has no context",
          "    cede__exception_set_context(exception, handled);\n"
          "    cede__throw(exception);",
          "    cede__throw(exception);"),
    plant("E08", "src/value/chain.c",
          "a link back to an exception is not cut",
          "    if (is_linked(exception))\n"
          "        cut_contexts(context, exception);\n",
          ""),
    plant("E12", "src/coro/contextlib.c",
          "a StopIteration that passes a generator's block is another one",
          "           (cede_exception_is(thrown, cede_StopIteration) &&",
          "           (cede_exception_is(thrown, cede_GeneratorExit) &&"),
]

TASKS = [
    plant("T06", "src/task/task.c",
          "who cancels itself and returns has a result",
          "    } else if (task->must_cancel) {\n",
          "    } else if (false) {\n"),
    plant("T12", "src/task/cancel.c",
          "what is taken back is delivered all the same",
          "        task->must_cancel = false; /* D06 */",
          "        ;"),
    plant("T19", "src/task/cancel.c",
          "a cancel does not overtake sleeps that are over",
          "        cede__task_undo_wait(task);\n"
          "        cede__task_overtake(task);\n",
          "        cede__task_undo_wait(task);\n"),
    plant("W04", "src/task/gather.c",
          "a gather that was cancelled gives the results of those who refused",
          "    if (gathering->cancel_requested) {\n",
          "    if (false) {\n"),
    plant("W07", "src/task/wait.c",
          "a cancelled task ends a wait for the first exception",
          "    return child->state == CEDE__FUTURE_FINISHED && "
          "child->exception;",
          "    return child->state == CEDE__FUTURE_CANCELLED || "
          "child->exception;"),
    plant("W15", "src/task/shield.c",
          "the shield of a cancelled task has a result",
          "    else if (inner->state == CEDE__FUTURE_CANCELLED)\n",
          "    else if (false)\n"),
    plant("W18", "src/task/timeout.c",
          "a timeout converts though another cancel is pending",
          "    if (cede_task_uncancel(task) > timeout->cancelling || "
          "!exception)",
          "    if ((cede_task_uncancel(task), !exception))"),
    plant("K10", "src/task/task_group.c",
          "a group leaves behind what it asked of its parent",
          "    if (!group->parent_asked || cede_task_uncancel(group->parent) "
          "> 0)\n",
          "    if (!group->parent_asked)\n"),
    plant("K18", "src/task/task_group.c",
          "who was cancelled from outside hears of it no more after errors",
          "    cede_task_uncancel(parent);\n"
          "    cede__task_request_cancel(parent, NULL);\n",
          "    (void)0;\n"),
    plant("P01", "src/sync/lock.c",
          "a lock that is promised can be taken by another task",
          "    if (lock->locked || lock->promised)\n"
          "        wait_for_turn(lock);",
          "    if (lock->locked)\n"
          "        wait_for_turn(lock);"),
]

PLANTED = GENERATORS + TASKS
