#!/bin/sh
# Sums results up: lines of "NAME PASSED FAILED SKIPPED [remark ...]" in, one
# line for each and a total out. Fails if anything failed or nothing passed.
#
# usage: tools/total.sh <lines
exec awk '
    {
        printf "%-10s %d passed, %d failed, %d skipped", $1 ":", $2, $3, $4
        for (i = 5; i <= NF; i++)
            printf " %s", $i
        print ""
        passed += $2
        failed += $3
        skipped += $4
    }
    END {
        printf "%-10s ", "total:"
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0 || passed == 0
    }'
