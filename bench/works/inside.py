"""Works inside one process: programs that measure themselves."""

from runner import toolchain as by
from runner.work import Case, Metric, Program, Work

WORKS = [
    Work("generator", [Case("", 20_000_000)], [
        Program("cede", "generator/cede.c", by.CEDE),
        Program("ucontext", "generator/ucontext.c", by.C, scale=50),
    ], [Metric("ns_per_op", "ns per item")],
        about="one item through a generator, from yield to the loop's body"),
]
