#!/bin/sh
# Builds cede for aarch64 on another CPU and runs its tests under qemu-user.
#
# usage: tools/check-aarch64.sh [configuration ...]     (default: all)
#
#   gcc        everything, -O2: the tests of all floors, the programs beside
#              CPython, random programs, and the examples with the shared
#              library                                   build/aarch64/gcc
#   O0, O3     floors 0 to 2                             build/aarch64/O0, O3
#   protected  floors 0 to 2, landing pads and signed return addresses
#              (-mbranch-protection=standard)            build/aarch64/protected
#   clang      floors 0 to 2, where clang is installed   build/aarch64/clang
#
# The last lines are one total per configuration and one over all. The exit
# status is 0 only if nothing failed.
#
# Tests hear from CEDE_EMULATOR in the environment that they run under qemu-user
# (harness_emulated). What it cannot do they leave out:
#
#   stack/guard     overflow_meets_a_guard_region: qemu has no
#                   MADV_GUARD_INSTALL, so all guards are mprotected here
#   stack/overflow  nothing_is_said_unasked: qemu itself says on stderr which
#                   signal ended the program (others look past that line)
#   stack/pages     refusal_in_the_middle_is_counted: qemu says yes to advice
#                   about memory that is not there
#   stack/slab      slab_shrinks_to_what_fits: qemu does not hand the limit of
#                   the address space on
set -u

cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}/aarch64
jobs=${JOBS:-2}
root=/usr/aarch64-linux-gnu # also in tools/packaging/aarch64.cmake
summary=$(mktemp)
trap 'rm -f "$summary"' EXIT

qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64)
cross=$(command -v aarch64-linux-gnu-gcc)
if [ -z "$qemu" ] || [ -z "$cross" ] || [ ! -e $root/include/stdlib.h ]; then
    echo "tools/check-aarch64.sh: qemu-user, gcc or the C library for aarch64" \
        "is missing; tools/deps.sh aarch64 installs them" >&2
    exit 2
fi
CEDE_EMULATOR="$qemu -L $root"
CEDE_TEST_TIME_SCALE=${CEDE_TEST_TIME_SCALE:-10}
# Signing by a quicker hash than the architecture's, which costs nothing in
# hardware and most of the time here.
QEMU_CPU=${QEMU_CPU:-max,pauth-impdef=on}
export CEDE_EMULATOR CEDE_TEST_TIME_SCALE QEMU_CPU
if [ $# -eq 0 ]; then
    set -- gcc O0 O3 protected
    ! command -v clang >/dev/null || set -- "$@" clang
fi

# One argument of cmake a line.
arguments_of() {
    case $1 in
    gcc) echo "-DCMAKE_C_FLAGS_RELEASE=-O2 -g" ;;
    O0 | O3) echo "-DCMAKE_C_FLAGS_RELEASE=-$1" ;;
    protected)
        echo "-DCMAKE_C_FLAGS_RELEASE=-O2 -g"
        for language in C ASM; do
            echo "-DCMAKE_${language}_FLAGS=-march=armv8.5-a \
-mbranch-protection=standard"
        done
        ;;
    clang) printf '%s\n' "-DCMAKE_C_FLAGS_RELEASE=-O2 -g" -DCEDE_CLANG=ON ;;
    *) return 1 ;;
    esac
    [ "$1" = gcc ] || echo -DCEDE_CORO_ONLY=ON
}

# What a compiler has to say is shown when it matters.
build_quietly() {
    cmake --build "$1" --parallel "$jobs" >"$1/build.log" 2>&1 && return
    cat "$1/build.log"
    return 1
}

# Each example whose output is known, with the shared library; says how many
# passed, failed and were skipped.
run_shared() {
    work=$1/shared
    passed=0 failed=0
    mkdir -p "$work"
    for expected in tests/examples/*.out; do
        noun=$(basename "$expected" .out)
        if "$cross" -O2 -Iinclude "examples/$noun.c" -o "$work/$noun" \
            -L"$1" -lcede -Wl,-rpath,"$(realpath "$1")" &&
            $CEDE_EMULATOR "$work/$noun" >"$work/$noun.out" &&
            diff -u "$expected" "$work/$noun.out"; then
            passed=$((passed + 1))
        else
            echo "FAIL  $noun, with the shared library" >&2
            failed=$((failed + 1))
        fi
    done
    echo "$passed $failed 0"
}

run() {
    name=$1
    folder=$build/$name

    if ! arguments=$(arguments_of "$name"); then
        echo "tools/check-aarch64.sh: no configuration named $name" >&2
        exit 2
    fi
    echo "==== $name, in $folder"
    set --
    while IFS= read -r argument; do
        set -- "$@" "$argument"
    done <<END
$arguments
END
    if ! tools/configure.sh "$folder" -DCEDE_WERROR=ON -DCEDE_BUILD_LINT=OFF \
        --toolchain "$PWD/tools/packaging/aarch64.cmake" "$@" ||
        ! build_quietly "$folder"; then
        echo "$name 0 1 0 (did not build)" >>"$summary"
        return
    fi
    # The tree is tested elsewhere. The examples' tests start servers as any
    # user would; the random programs want a compiler without --target.
    left_out='house|examples'
    [ "$name" != clang ] || left_out="$left_out|fuzz"
    rm -rf "$folder/Testing/Temporary"
    (cd "$folder" && ctest --parallel "$jobs" --output-on-failure \
        -LE "$left_out")
    echo "$name $(tools/sum-tests.sh "$folder/Testing/Temporary")" \
        >>"$summary"
    [ "$name" != gcc ] || echo "shared $(run_shared "$folder")" >>"$summary"
}

for name in "$@"; do
    run "$name"
done

echo "===="
tools/total.sh <"$summary"
