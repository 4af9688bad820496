#!/bin/sh
# `cede tasks` and `cede bt` on a process that is stopped and on a core file.
#
# usage: tests/gdb/run.sh GDB SOURCE PROGRAM
set -u

gdb=$1
commands=$2/tools/gdb/cede-gdb.py
program=$3
passed=0
failed=0
skipped=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# look WHAT ARGUMENTS-OF-GDB...: what gdb says about it, in a file.
look() {
    what=$1
    shift
    "$gdb" -batch -nx -iex 'set auto-load no' -iex 'set debuginfod enabled off' \
        -ex 'set width 0' "$@" >"$work/said" 2>"$work/complaints"
}

# expect PATTERN...: each stands in a line, one after the other.
expect() {
    from=1
    for pattern; do
        line=$(tail -n "+$from" "$work/said" | grep -n -m 1 -e "$pattern" |
            cut -d : -f 1)
        if [ -z "$line" ]; then
            failed=$((failed + 1))
            echo "FAIL  $what: no line (or not after the one before): $pattern"
            sed 's/^/    /' "$work/said" "$work/complaints"
            return
        fi
        from=$((from + line))
    done
    passed=$((passed + 1))
}

# tell FUNCTION: what every look says; the process is stopped in the function.
tell() {
    expect '^loop 0x[0-9a-f]* at 0.000000 s: 4 task(s)$' \
        ' Task-1 waits(): running, created at .*waiting.c:' \
        ' the reader awaits(): waiting for 0.000000 s: await Future, created' \
        ' Task-3 iterates(): waiting .*await Future, created at .*waiting.c' \
        ' Task-4 sleeps(): waiting .* s: sleep until 100.000000, created at'
    expect '^the reader awaits(): waiting for ' '^#1 ' '^#.* cede__await_future ' \
        '^#.* deeper (' '^#.* awaits (' '^#.* cede.*switch_entry ('
    expect '^Task-3 iterates(): waiting for' '^#.* deeper (' \
        '^#.* generates (' '^resumed by delegates():' '^#.* delegates (' \
        '^resumed by iterates():' '^#.* iterates ('
    expect '^Task-1 waits(): running' \
        '^it runs: see the backtrace of its thread'
    # gdb is where it was before.
    expect '^the end$' "^#0 .*$1"
}

set -- -ex 'cede tasks' -ex 'cede bt "the reader"' -ex 'cede bt 3' \
    -ex 'cede bt Task-1' -ex 'echo the end\n' -ex 'bt'

if ! look 'python' -ex 'python print("there")' ||
    ! grep -q '^there$' "$work/said"; then
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi

look 'a process' -ex 'break stop_here' -ex run -ex "source $commands" "$@" \
    "$program"
if grep -q 'warning: Could not trace the inferior\|ptrace: Operation not' \
    "$work/said" "$work/complaints"; then
    echo "SKIP  a process: nobody may trace here"
    skipped=$((skipped + 1))
else
    tell stop_here
fi

# The kernel's, if it puts it here; else gdb's own, which leaves out what is
# behind a guard page that is no mapping of its own.
(cd "$work" && ulimit -c unlimited && "$program" die) 2>/dev/null
core=$(ls "$work"/core* 2>/dev/null | head -1)
if [ -z "$core" ]; then
    core=$work/core
    CEDE_STACK_GUARD=mprotect look 'dying' -ex run \
        -ex "generate-core-file $core" --args "$program" die
fi
if [ -f "$core" ]; then
    look 'a core file' -ex "source $commands" "$@" "$program" "$core"
    tell '\(kill\|raise\|abort\)'
else
    echo "SKIP  a core file: gdb cannot make one"
    skipped=$((skipped + 1))
fi

look 'no such task' -ex 'break stop_here' -ex run -ex "source $commands" \
    -ex 'cede bt nobody' "$program"
cat "$work/complaints" >>"$work/said"
[ "$skipped" -gt 0 ] || expect 'cede: no task nobody'

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
