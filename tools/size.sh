#!/bin/sh
# How big floors 0 to 2 are as libcede-coro: what a program that links it loads
# (text and data, by size) and what lies on the disk, both stripped.
#
# usage: tools/size.sh
set -u

cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}/size
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# total FILE...: text, data and their sum, over all members of archives.
total() {
    size -B "$@" | awk '
        $1 ~ /^[0-9]+$/ { text += $1; data += $2 }
        END { printf "text %d + data %d = %d bytes", text, data, text + data }'
}

# run NAME FLAGS
run() {
    tools/configure.sh "$build/$1" -DCEDE_CORO_ONLY=ON -DCEDE_BUILD_TESTS=OFF \
        -DCEDE_VALGRIND=OFF -DCMAKE_BUILD_TYPE=None "-DCMAKE_C_FLAGS=$2" \
        "-DCMAKE_C_COMPILER_LAUNCHER=$(command -v ccache)" || exit 1
    cmake --build "$build/$1" --parallel "${JOBS:-2}" >"$work/log" 2>&1 || {
        cat "$work/log"
        exit 1
    }
    # cp follows the link, strip replaces it.
    cp "$build/$1/libcede-coro.so" "$build/$1/libcede-coro.a" "$work"
    strip --strip-unneeded "$work/libcede-coro.so" "$work/libcede-coro.a" \
        2>"$work/log" || {
        cat "$work/log"
        exit 1
    }
    echo "$2:"
    for library in libcede-coro.so libcede-coro.a; do
        printf '  %-16s %s, file %d bytes\n' "$library" \
            "$(total "$work/$library")" "$(wc -c <"$work/$library")"
    done
}

run O2 -O2
run Os -Os
# Without what debuggers and backtrace() need to pass through its functions.
run smallest "-Os -fno-asynchronous-unwind-tables"
