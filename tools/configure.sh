#!/bin/sh
# Configures a build folder, if that is not done yet or the compiler or the
# arguments are others than last time.
#
# usage: tools/configure.sh FOLDER [cmake argument ...]
set -eu

cd "$(dirname "$0")/.."
folder=$1
shift
compiler=${CC:-cc}
stamp=$folder/.configured
wanted="$compiler
$*"

if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

# CMake cannot change the compiler of a folder; what it found out with the old
# one is worth nothing either.
if [ "$(head -n 1 "$stamp" 2>/dev/null)" != "$compiler" ]; then
    rm -rf "$folder/CMakeCache.txt" "$folder/CMakeFiles"
fi
mkdir -p "$folder"
rm -f "$stamp"
if ! CC=$compiler cmake -S . -B "$folder" "$@" >"$folder/configure.log" 2>&1
then
    cat "$folder/configure.log" >&2
    exit 1
fi
echo "$wanted" >"$stamp"
