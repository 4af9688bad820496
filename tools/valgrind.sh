#!/bin/sh
# Runs every test under valgrind's memcheck, and examples/crawler end to end.
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

# What it says of system calls it does not know must not be the crawler's words.
echo "== crawler, end to end"
UNDER="valgrind --log-file=$build/valgrind/crawler.%p.log --error-exitcode=99 \
--leak-check=full --errors-for-leak-kinds=definite" \
    tests/crawler/run.sh . "$build/valgrind" || status=1
exit $status
