#!/bin/sh
# Builds and tests configurations of cede, one after the other, and sums up.
#
# usage: tools/check.sh [configuration ...]     (default: the whole gate)
#
#   release    build/ itself: all tests, torture and shuffling by sample, and
#              the tests of the tree (headers, includes, symbols, installed files)
#   ucontext   the portable switch            build/ucontext
#   call       the switch out of line         build/call
#   poller     the release's tests again, with CEDE_POLLER=poll
#   asan       address and undefined          build/asan
#   tsan       threads                        build/tsan
#   debug      without optimisation           build/debug
#
# The last lines are one total per configuration and one over all. The exit
# status is 0 only if nothing failed.
set -u

cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}
jobs=${JOBS:-2}
[ $# -gt 0 ] || set -- release poller ucontext call asan
summary=$(mktemp)
trap 'rm -f "$summary"' EXIT

arguments_of() {
    case $1 in
    release | poller)
        echo "-DCEDE_TORTURE_SAMPLE=10 -DCEDE_SHUFFLE_SAMPLE=3" ;;
    ucontext) echo "-DCEDE_SWITCH=ucontext" ;;
    call) echo "-DCEDE_SWITCH=call -DCEDE_BUILD_EXAMPLES=OFF" ;;
    asan) echo "-DCEDE_SANITIZE=address" ;;
    tsan) echo "-DCEDE_SANITIZE=thread" ;;
    debug) echo "-DCMAKE_BUILD_TYPE=Debug" ;;
    *) return 1 ;;
    esac
}

# What a compiler has to say is shown when it matters.
build_quietly() {
    cmake --build "$1" --parallel "$jobs" >"$1/build.log" 2>&1 && return
    cat "$1/build.log"
    return 1
}

run() {
    name=$1
    folder=$build/$name
    case $name in
    release | poller) folder=$build ;;
    esac

    if ! arguments=$(arguments_of "$name"); then
        echo "tools/check.sh: no configuration named $name" >&2
        exit 2
    fi
    echo "==== $name, in $folder"
    # shellcheck disable=SC2086  # one argument per word
    if ! tools/configure.sh "$folder" -DCEDE_WERROR=ON $arguments ||
        ! build_quietly "$folder"; then
        echo "$name 0 1 0 (did not build)" >>"$summary"
        return
    fi
    poller=${CEDE_POLLER-}
    case $name in
    release) set -- ;;
    poller) poller=poll; set -- -LE "house|torture|fuzz" ;;
    *) set -- -LE house ;;
    esac
    rm -rf "$folder/Testing/Temporary"
    (cd "$folder" && CEDE_POLLER=$poller \
        ctest --parallel "$jobs" --output-on-failure "$@")
    echo "$name $(tools/sum-tests.sh "$folder/Testing/Temporary")" \
        >>"$summary"
}

for name in "$@"; do
    run "$name"
done

echo "===="
tools/total.sh <"$summary"
