#!/bin/sh
# Installs the build into a folder, moves that folder, and builds and runs a
# program against it in the four ways users have: pkg-config and find_package,
# each with the shared and the static library. libcede-coro gets a program of
# its own, which uses generators and exceptions alone, and one with every block
# form in every other, in standard C.
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

# by_pkg_config PACKAGE PROGRAM FLAGS...
by_pkg_config() {
    package=$1
    program=$2
    shift 2
    # shellcheck disable=SC2046  # several flags
    "$cc" -Wall -Wextra -Werror $(pkg-config --cflags "$package") \
        -o "$work/$program" "$here/$program.c" "$@" &&
        LD_LIBRARY_PATH=$libraries "$work/$program"
}

# needs PROGRAM LIBRARY
needs() {
    readelf -d "$1" | grep -q "NEEDED.*\[$2\]"
}

needs_none() {
    ! readelf -d "$1" | grep 'NEEDED.*cede'
}

# nested STANDARD
nested() {
    # shellcheck disable=SC2046  # several flags
    by_pkg_config cede-coro nesting "-std=$1" -O1 -Wpedantic -Wshadow \
        "-I$here/.." $(pkg-config --libs cede-coro)
}

# shellcheck disable=SC2046  # several flags
if command -v pkg-config >/dev/null; then
    for pair in cede:consumer cede-coro:generators; do
        package=${pair%%:*}
        program=${pair#*:}
        try "pkg-config $package, shared" by_pkg_config "$package" \
            "$program" $(pkg-config --libs "$package")
        try "pkg-config $package, shared: needs lib$package.so.0" \
            needs "$work/$program" "lib$package.so.0"
        try "pkg-config $package, static" by_pkg_config "$package" \
            "$program" -Wl,-Bstatic \
            $(pkg-config --libs --static "$package") -Wl,-Bdynamic
        try "pkg-config $package, static: needs no library of ours" \
            needs_none "$work/$program"
    done
    try "libcede-coro, all of it: nothing is missing" \
        by_pkg_config cede-coro generators -Wl,--whole-archive -Wl,-Bstatic \
        $(pkg-config --libs --static cede-coro) -Wl,-Bdynamic \
        -Wl,--no-whole-archive
    for standard in c11 c17; do
        try "block forms in each other, $standard" nested $standard
    done
else
    skipped=$((skipped + 11))
    echo "SKIP  pkg-config is not installed"
fi

by_find_package() {
    cmake -S "$here" -B "$work/build" -DCMAKE_C_COMPILER="$cc" \
        -DCMAKE_PREFIX_PATH="$work/moved" && cmake --build "$work/build"
}

try "find_package builds" by_find_package
for pair in cede:consumer cede-coro:generators; do
    program=$work/build/${pair#*:}
    library=lib${pair%%:*}.so.0
    try "find_package, shared ${pair%%:*}" "${program}_shared"
    try "find_package, shared: needs $library" \
        needs "${program}_shared" "$library"
    try "find_package, static ${pair%%:*}" "${program}_static"
done
finish
