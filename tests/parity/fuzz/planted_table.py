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
          "        if (coroutine->delegate && coroutine->delegate->parent == "
          "coroutine)\n"
          "            cede__coroutine_detach(coroutine->delegate);\n",
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

PLANTED = GENERATORS
