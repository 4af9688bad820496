#!/bin/sh
# Runs every test program with each allocation, then each system call, failing
# in turn; then with the task cancelled at each suspension, then with an
# exception coming out of each; then with the loop's order of callbacks drawn by
# lot from 100 seeds. `--sample K` tries only K points and seeds of each test.
#
# usage: tools/torture.sh [--sample K]
set -u

cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}/torture
sample=
seeds=100
if [ "${1-}" = --sample ]; then
    sample="--sample $2"
    seeds=$2
    shift 2
fi

# Sanitizers see what a failed call leaves half done.
tools/configure.sh "$build" -DCEDE_SANITIZE=address || exit 1
cmake --build "$build" --parallel "${JOBS:-2}" || exit 1

status=0
for kind in allocation system_call cancel raise; do
    points=0 runs=0 failures=0
    for program in "$build"/tests/*/test_*; do
        [ -f "$program" ] || continue
        # shellcheck disable=SC2086  # two words or none
        output=$("$program" --torture $kind $sample) || status=1
        # What failed, without the totals.
        echo "$output" | grep -v -E '^(ok  |SKIP|torture:) ' | sed '$d'
        line=$(echo "$output" | grep '^torture: ') || {
            echo "$program: no summary"
            status=1
            continue
        }
        eval "$(echo "$line" | sed -E \
            's/.*points=([0-9]+) runs=([0-9]+) failures=([0-9]+).*/p=\1 r=\2 f=\3/')"
        points=$((points + p)) runs=$((runs + r)) failures=$((failures + f))
    done
    echo "torture: kind=$kind points=$points runs=$runs failures=$failures"
    [ "$failures" -eq 0 ] || status=1
done

runs=0 failures=0
for program in "$build"/tests/*/test_*; do
    [ -f "$program" ] || continue
    output=$("$program" --shuffle-sample "$seeds") || status=1
    echo "$output" | grep -v -E '^(ok  |SKIP|shuffle:) ' | sed '$d'
    line=$(echo "$output" | grep '^shuffle: ') || {
        echo "$program: no summary"
        status=1
        continue
    }
    eval "$(echo "$line" | sed -E \
        's/.*runs=([0-9]+) failures=([0-9]+).*/r=\1 f=\2/')"
    runs=$((runs + r)) failures=$((failures + f))
done
echo "shuffle: seeds=$seeds runs=$runs failures=$failures"
exit $status
