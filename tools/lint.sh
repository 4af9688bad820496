#!/bin/sh
# What a program can say about the sources without running them: the direction
# of includes, and clang-tidy's opinion where it is installed.
set -u

cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}/lint
status=0

tools/check-includes.sh || status=1

if ! command -v clang-tidy >/dev/null; then
    echo "clang-tidy is not installed: left out"
    exit $status
fi
CC=clang tools/configure.sh "$build" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON ||
    exit 1
find src -name '*.c' | sort | xargs clang-tidy -p "$build" --quiet || status=1
exit $status
