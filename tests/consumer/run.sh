#!/bin/sh
# Installs the build into a folder, moves that folder, and builds and runs a
# program against it in the four ways users have: pkg-config and find_package,
# each with the shared and the static library.
#
# usage: run.sh C-COMPILER BUILD-DIRECTORY
set -u

cc=$1
build=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
skipped=0

# try NAME COMMAND: one way, with what it printed when it went wrong.
try() {
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok    $name"
    else
        failed=$((failed + 1))
        echo "FAIL  $name"
        cat "$work/log"
    fi
}

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
    exit
}

try install cmake --install "$build" --prefix "$work/first"
[ "$failed" -eq 0 ] || finish
mv "$work/first" "$work/moved"
libraries=$(dirname "$(find "$work/moved" -name libcede.a)")
PKG_CONFIG_PATH=$libraries/pkgconfig
export PKG_CONFIG_PATH

by_pkg_config() {
    # shellcheck disable=SC2046  # several flags
    "$cc" -Wall -Wextra -Werror $(pkg-config --cflags cede) \
        -o "$work/by_pkg_config" "$here/consumer.c" "$@" &&
        LD_LIBRARY_PATH=$libraries "$work/by_pkg_config"
}

needs_libcede() {
    readelf -d "$1" | grep -q 'NEEDED.*\[libcede\.so\.0\]'
}

# shellcheck disable=SC2046  # several flags
if command -v pkg-config >/dev/null; then
    try "pkg-config, shared" by_pkg_config $(pkg-config --libs cede)
    try "pkg-config, shared: needs libcede.so.0" \
        needs_libcede "$work/by_pkg_config"
    try "pkg-config, static" by_pkg_config -Wl,-Bstatic \
        $(pkg-config --libs --static cede) -Wl,-Bdynamic
    try "pkg-config, static: needs no libcede" \
        sh -c "! readelf -d '$work/by_pkg_config' | grep libcede"
else
    skipped=$((skipped + 4))
    echo "SKIP  pkg-config is not installed"
fi

by_find_package() {
    cmake -S "$here" -B "$work/build" -DCMAKE_C_COMPILER="$cc" \
        -DCMAKE_PREFIX_PATH="$work/moved" && cmake --build "$work/build"
}

try "find_package builds" by_find_package
try "find_package, shared" "$work/build/consumer_shared"
try "find_package, shared: needs libcede.so.0" \
    needs_libcede "$work/build/consumer_shared"
try "find_package, static" "$work/build/consumer_static"
finish
