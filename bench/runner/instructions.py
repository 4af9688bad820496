"""Instructions per operation: callgrind's count of two runs of different
length, subtracted, so that starting up and warming up do not count.

The count is exact: the same program gives the same number, whatever else the
machine does. Instructions are not time: a miss of the cache costs as much as
hundreds of them, and system calls count as one.
"""

import re
import shutil
import subprocess

from runner import toolchain
from runner.work import Failure


def missing():
    return None if shutil.which("valgrind") else "no valgrind"


def total(argv, timeout=300):
    """The instructions of one run."""
    try:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
             *argv], capture_output=True, text=True, timeout=timeout,
            check=False)
    except subprocess.TimeoutExpired:
        raise Failure(f"under valgrind it took over {timeout} s") from None
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        raise Failure(f"under valgrind: status {done.returncode}")
    return int(found[1])


def per_operation(argv, case):
    """Both runs warm up by as many operations, and have one slice."""
    few, many = case.counted
    warm = str(few)
    runs = [total([*argv, case.word, str(ops), warm, "1"])
            for ops in (few, many)]
    return (runs[1] - runs[0]) / (many - few)


def counted(program):
    """Machine code whose instructions say something: no interpreters, and no
    runtime that valgrind does not know."""
    return isinstance(program.toolchain, (toolchain.Compiled, toolchain.Rust))
