#!/bin/sh
# Each public header compiles alone, twice in a row, and warning-free, as C11,
# as C17 and as C++17 (there: what it declares). So does every block form in
# every other, as C11 and as C17.
#
# usage: run.sh C-COMPILER C++-COMPILER INCLUDE-DIRECTORY
set -u

cc=$1
cxx=$2
include=$3
tests=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-Wall -Wextra -Wpedantic -Wshadow -Werror -fsyntax-only"
passed=0
failed=0
skipped=0

try() {
    if "$@" 2>"$work/errors"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  $*"
        cat "$work/errors"
    fi
}

have_cxx=true
command -v "$cxx" >/dev/null || have_cxx=false

for header in "$include"/cede.h "$include"/cede/*.h; do
    noun=${header#"$include"/}
    for kind in c cc; do
        printf '#include "%s"\n#include "%s"\nint unused_%s;\n' \
            "$noun" "$noun" "$kind" >"$work/alone.$kind"
    done
    for standard in c11 c17; do
        # shellcheck disable=SC2086  # several flags
        try "$cc" -std=$standard $flags -I"$include" "$work/alone.c"
    done
    if $have_cxx; then
        # shellcheck disable=SC2086
        try "$cxx" -std=c++17 $flags -I"$include" "$work/alone.cc"
    else
        skipped=$((skipped + 1))
    fi
done

for standard in c11 c17; do
    # shellcheck disable=SC2086
    try "$cc" -std=$standard $flags -I"$include" -I"$tests" \
        "$tests/consumer/nesting.c"
done

$have_cxx || echo "SKIP  no C++ compiler ($cxx)"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
