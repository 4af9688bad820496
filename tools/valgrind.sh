#!/bin/sh
# Runs every test under valgrind's memcheck.
#
# usage: tools/valgrind.sh
set -u

cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}
tools/configure.sh "$build/valgrind" -DCEDE_VALGRIND=ON || exit 1
cmake --build "$build/valgrind" --parallel "${JOBS:-2}" || exit 1

status=0
for program in "$build"/valgrind/tests/*/test_*; do
    [ -f "$program" ] || continue
    room=$(basename "$(dirname "$program")")
    echo "== $room/${program##*/test_}"
    # A child that ends early leaks on purpose, so only errors count; leaks are
    # the harness's to find.
    valgrind --quiet --error-exitcode=99 --leak-check=no \
        --child-silent-after-fork=no "$program" || status=1
done
exit $status
