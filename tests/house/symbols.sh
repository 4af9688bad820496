#!/bin/sh
# What the shared library exports: names that begin with cede_ and not with
# cede__, under its version, and all functions of the headers that its door
# includes. And the static one: no other global name either, so that it meets
# no user's, and no name of ours that it lacks.
#
# usage: symbols.sh libcede.so libcede.a VERSION INCLUDE-DIRECTORY DOOR
set -u

shared=$1
static=$2
version=$3
include=$4
door=$5
passed=0
failed=0

# expect_none TEXT LINES: passes when there are no lines.
expect_none() {
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  $1:"
        echo "$2" | sed 's/^/    /'
    fi
}

exported=$(nm -D --defined-only "$shared" | awk '{ print $3 }' |
    grep -vx "$version")
[ -n "$exported" ] || exported="nothing at all"
expect_none "exported though internal" \
    "$(echo "$exported" | grep '^cede__')"
expect_none "exported without our prefix" \
    "$(echo "$exported" | grep -v '^cede_')"
expect_none "exported without a version" \
    "$(echo "$exported" | grep -v "@@$version\$")"
expect_none "global in the static library without our prefix" \
    "$(nm -g --defined-only "$static" 2>/dev/null |
        awk 'NF == 3 { print $3 }' | grep -v '^cede_')"
defined=$(nm -g --defined-only "$static" 2>/dev/null |
    awk 'NF == 3 { print $3 }' | sort -u)
expect_none "missing in the static library" \
    "$(nm -u "$static" 2>/dev/null | awk '$1 == "U" { print $2 }' |
        grep '^cede_' | sort -u | while read -r name; do
        echo "$defined" | grep -qx "$name" || echo "$name"
    done)"

# Every function that a public header declares at the start of a line.
headers=$(sed -n 's/^#include "\(cede\/.*\)"/\1/p' "$include/$door")
# shellcheck disable=SC2086  # several headers
declared=$(cd "$include" && cat $headers |
    grep -oE '^[a-z][a-z_ 0-9]*[ *]+cede_[a-z0-9_]+\(' |
    grep -vE '^(typedef|static|return|struct .*;)' |
    grep -oE 'cede_[a-z0-9_]+\($' | tr -d '(' | sort -u)
[ -n "$declared" ] || failed=$((failed + 1))
plain=$(echo "$exported" | sed 's/@.*//')
expect_none "declared but not exported" \
    "$(for name in $declared; do
        echo "$plain" | grep -qx "$name" || echo "$name"
    done)"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
