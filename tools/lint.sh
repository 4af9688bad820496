#!/bin/sh
# What a program can say about the sources without running them: the direction
# of includes, cede-lint's findings, and clang-tidy's opinion where there is one.
set -u

cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}/lint
status=0

tools/check-includes.sh || status=1

# clang-tidy wants the flags that clang was given.
! command -v clang >/dev/null || export CC=clang
tools/configure.sh "$build" || exit 1
if grep -q "^CEDE_LIBCLANG:.*=/" "$build/CMakeCache.txt"; then
    cmake --build "$build" --target cede-lint >"$build/build.log" 2>&1 || {
        cat "$build/build.log"
        exit 1
    }
    "$build/tools/cede-lint/cede-lint" -p "$build" || status=1
else
    echo "cede-lint is not built, libclang is not installed: left out"
fi

if command -v clang-tidy >/dev/null; then
    find src -name '*.c' | sort | xargs clang-tidy -p "$build" --quiet ||
        status=1
else
    echo "clang-tidy is not installed: left out"
fi
exit $status
