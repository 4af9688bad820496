"""A work: one thing that cede and its peers all do, at one or more sizes.

A work names its programs, how to measure one of them once, and which of the
numbers that come back are compared. `Work` is for programs that measure
themselves (bench/lib); one that wants a server and a client has a class of its
own with another `measure`.
"""

import dataclasses
import subprocess
import typing


@dataclasses.dataclass(frozen=True)
class Metric:
    """A number of a result line that is compared; lower is better."""

    key: str            # the word before the "=" in the line
    unit: str           # what the number is, in words: "ns per item"
    label: str = ""     # behind the work's name; "" for the first one
    divide: float = 1   # from the line's unit to the shown one
    beside: bool = False  # for the tables only: no target, not in pictures


@dataclasses.dataclass(frozen=True)
class Case:
    """One size, or one kind, of a work."""

    label: str          # shown and in results: "1000"; "" if there is one only
    ops: int            # operations in a slice; divided by a program's scale
    argument: str = ""  # what programs are told; the label if empty
    slices: int = 5     # of a run; the median of these is its result
    counted: tuple = (1000, 11000)  # operations of the two runs in which
                        # instructions are counted; () if they are not

    @property
    def word(self):
        return self.argument or self.label or "-"


@dataclasses.dataclass(frozen=True)
class Program:
    """One side of a comparison: cede, or a peer."""

    name: str           # "cede", or as the tables show it: "Boost.Context"
    source: str         # below bench/, or what the toolchain takes
    toolchain: typing.Any
    scale: float = 1    # does this many times fewer operations than the rest
    cases: tuple = ()   # the labels of the cases it has; () for all
    arguments: tuple = ()  # put before the case
    note: str = ""      # what a reader must know beside the ratio

    def does(self, case):
        return not self.cases or case.label in self.cases

    def missing(self):
        """Why it cannot be built here, in a word, or None."""
        return self.toolchain.missing()


@dataclasses.dataclass
class Setup:
    """How this run of the bench measures: given to every `measure`."""

    build: str          # the folder of what is built, build/bench
    quick: bool         # a smoke run: a tenth of the operations
    program_core: int   # where programs, or servers, run
    client_core: int    # where whoever loads a server runs
    commands: dict      # (work name, program name) -> argv


@dataclasses.dataclass
class Work:
    name: str
    cases: list
    programs: list      # the first is cede
    metrics: list = dataclasses.field(
        default_factory=lambda: [Metric("ns_per_op", "ns")])
    about: str = ""     # one sentence for docs/performance.md
    counted: bool = False  # are its instructions counted?
    timeout: float = 120  # of one run, in seconds

    def commands(self, build):
        """Builds the programs that can be; yields (program, argv or None,
        reason)."""
        for program in self.programs:
            reason = program.missing()
            if reason:
                yield program, None, reason
                continue
            argv, reason = program.toolchain.build(self.name, program, build)
            yield program, argv, reason

    def measure(self, program, case, setup):
        """Runs one program once: a dict of numbers by key. Raises Failure."""
        ops = max(1, int(case.ops / program.scale))
        slices = case.slices
        if setup.quick:
            ops, slices = max(1, ops // 10), 1
        argv = setup.commands[self.name, program.name]
        return run_line(
            pinned(setup.program_core, *argv, *program.arguments, case.word,
                   str(ops), str(max(1, ops // 10)), str(slices)),
            self.timeout)


class Failure(Exception):
    """A program did not do what it should; the message says what it said."""


def pinned(core, *argv):
    return ["taskset", "-c", str(core), *argv]


def run_line(argv, timeout, **options):
    """Runs a program and reads the last line that it printed."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True,
                              timeout=timeout, check=False, **options)
    except subprocess.TimeoutExpired:
        raise Failure(f"took over {timeout:g} s") from None
    if done.returncode:
        said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
        raise Failure(f"status {done.returncode}: {said[0]}")
    return parse_line(done.stdout)


def parse_line(text):
    """`ns_per_op=1.5 ops=1000` -> {"ns_per_op": 1.5, "ops": 1000.0}"""
    for line in reversed(text.splitlines()):
        words = [word.split("=", 1) for word in line.split() if "=" in word]
        if words:
            return {key: float(value) for key, value in words}
    raise Failure("printed no result")
