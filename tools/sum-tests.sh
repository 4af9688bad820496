#!/bin/sh
# Adds up what the programs of one ctest run said in their last lines, and
# prints "PASSED FAILED SKIPPED". A program that ended badly without counting a
# failure (it crashed, ran out of time, was not found) is one failure.
#
# usage: tools/sum-tests.sh FOLDER      (ctest's Testing/Temporary)
set -eu

cd "$1"
if [ ! -e LastTest.log ]; then
    echo "0 1 0 (ctest did not run)"
    exit 0
fi
[ -e LastTestsFailed.log ] || : >LastTestsFailed.log

# The list of failures names one test a line: "12:loop/timer".
awk '
    FILENAME == "LastTestsFailed.log" {
        sub(/^[0-9]+:/, "")
        counted_in[$0] = 0
        next
    }
    / Testing: / {
        test = $0
        sub(/^.* Testing: /, "", test)
    }
    /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ {
        passed += $1
        failed += $3
        skipped += $5
        if (test in counted_in)
            counted_in[test] += $3
    }
    END {
        for (test in counted_in)
            if (counted_in[test] == 0)
                failed++
        print passed + 0, failed + 0, skipped + 0
    }' LastTestsFailed.log LastTest.log
