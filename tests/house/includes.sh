#!/bin/sh
# The tree obeys the direction of includes, and the program that says so can
# say no: a small tree that breaks each rule once is refused line by line.
#
# usage: includes.sh SOURCE-DIRECTORY
set -u

source=$1
passed=0
failed=0
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

if "$source/tools/check-includes.sh" "$source"; then
    passed=1
else
    failed=1
fi

mkdir -p "$tree/include/cede/impl" "$tree/examples"
for room in base arch stack value flow coro loop task sync net sim; do
    mkdir -p "$tree/src/$room"
    : >"$tree/src/$room/${room}_thing.h"
done
: >"$tree/include/cede/impl/platform.h"
: >"$tree/include/cede/impl/coro_thing.h"
: >"$tree/include/cede/task_thing.h"

# try FILE TARGET ok|wrong
try() {
    echo "#include \"$2\"" >"$tree/$1"
    if "$source/tools/check-includes.sh" "$tree" >"$tree/said"; then
        said=ok
    elif grep -q "^$1:1: " "$tree/said"; then
        said=wrong
    else
        said="wrong elsewhere"
    fi
    if [ "$said" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL  $1 includes $2: $said, not $3"
        cat "$tree/said"
    fi
    rm "$tree/$1"
}

try src/flow/x.c value/value_thing.h ok
try src/flow/x.c flow/flow_thing.h ok
try src/flow/x.c coro/coro_thing.h wrong
try src/base/x.c arch/arch_thing.h wrong
try src/loop/x.c flow/flow_thing.h ok
try src/loop/x.c coro/coro_thing.h wrong
try src/loop/x.c task/task_thing.h wrong
try src/loop/x.c cede/task_thing.h wrong
try src/task/x.c loop/loop_thing.h ok
try src/sync/x.c cede/task_thing.h ok
try src/sync/x.c task/task_thing.h wrong
try src/sync/x.c sync/sync_thing.h ok
try src/sync/x.c base/base_thing.h ok
try src/net/x.c sim/sim_thing.h wrong
try src/coro/x.c coro_thing.h wrong
try src/coro/x.c cede/impl/coro_thing.h ok
try src/task/x.c cede/impl/coro_thing.h wrong
try src/task/x.c cede/impl/platform.h ok
try src/task/x.c nowhere/thing.h wrong
try include/cede/task_thing2.h cede/task_thing.h wrong
try include/cede/loop.h cede/task_thing.h wrong
try include/cede/task.h cede/impl/coro_thing.h ok
try include/cede/task.h task/task_thing.h wrong
try examples/x.c cede/task_thing.h ok
try examples/x.c task/task_thing.h wrong
try examples/x.c cede/impl/platform.h wrong

# What a door leaves out is a complaint about the door.
: >"$tree/include/cede/stack_thing.h"
try include/cede.h cede/task_thing.h wrong
try include/cede/coro.h cede/stack_thing.h ok
try include/cede/coro.h cede/task_thing.h wrong
rm "$tree/include/cede/task_thing.h"
try include/cede.h cede/stack_thing.h ok
try include/cede/coro.h cede/impl/platform.h wrong

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
