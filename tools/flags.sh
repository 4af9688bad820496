#!/bin/sh
# Floors 0 to 2 and their tests under every set of flags that moves code, frames
# and registers about: run, not merely compiled, each without a warning. Then
# random programs of control flow, the same ones at every level.
#
# usage: tools/flags.sh [--long] [compiler ...]    (default: gcc clang)
#
# --long tries many more random programs. One line for each configuration and a
# total in the end; the exit status is 0 only if nothing failed.
set -u

cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build}/flags
jobs=${JOBS:-2}
programs=4
if [ "${1-}" = --long ]; then
    programs=60
    shift
fi
[ $# -gt 0 ] || set -- gcc clang
mkdir -p "$build"
summary=$build/summary
: >"$summary"

names="O0 O1 O2 O3 Os lto hardened"

flags_of() {
    case $1 in
    lto) echo "-O3 -march=native -flto" ;;
    hardened)
        echo "-O2 -fstack-protector-strong -fstack-clash-protection" \
            "-D_FORTIFY_SOURCE=2 -fPIE -pie -fcf-protection"
        ;;
    *) echo "-$1" ;;
    esac
}

# The archive must be read by what links it.
tools_of() {
    case $1/$2 in
    gcc*/lto) echo gcc-ar gcc-ranlib "" ;;
    clang*/lto) echo llvm-ar llvm-ranlib -fuse-ld=lld ;;
    *) echo ar ranlib "" ;;
    esac
}

sum() {
    awk '
        { passed += $1; failed += $2; skipped += $3 }
        END {
            printf "%d passed, %d failed, %d skipped\n",
                passed, failed, skipped
            exit failed > 0 || passed == 0
        }'
}

# configure COMPILER NAME FOLDER
configure() {
    flags=$(flags_of "$2")
    # shellcheck disable=SC2046  # three words
    set -- "$1" "$2" "$3" $(tools_of "$1" "$2")
    linking=
    case $flags in
    *-pie*) linking=-pie ;; # clang does not want to hear of it when compiling
    esac
    # -Wall is among the flags because LTO warns when it links. No debug
    # information: nobody looks at it.
    CC=$1 tools/configure.sh "$3" -DCEDE_CORO_ONLY=ON -DCEDE_WERROR=ON \
        -DCMAKE_BUILD_TYPE=None \
        "-DCMAKE_C_FLAGS=$(echo "$flags" | sed 's/ -pie//') -Wall -Wextra" \
        "-DCMAKE_AR=$(command -v "$4")" "-DCMAKE_RANLIB=$(command -v "$5")" \
        "-DCMAKE_EXE_LINKER_FLAGS=${6-} $linking" \
        "-DCMAKE_SHARED_LINKER_FLAGS=${6-}" \
        "-DCMAKE_C_COMPILER_LAUNCHER=$(command -v ccache)"
}

# Warnings, each once. gcc's LTO remarks that it uses one processor.
warnings() {
    grep 'warning: ' "$1" | grep -v 'using serial compilation' | sort -u
}

# run COMPILER NAME
run() {
    folder=$build/$1-$2
    line=$(printf '%-6s %s' "$1" "$(flags_of "$2")")
    : >"$folder.log"
    if ! configure "$1" "$2" "$folder" >>"$folder.log" 2>&1 ||
        ! cmake --build "$folder" --parallel "$jobs" >>"$folder.log" 2>&1; then
        tail -n 40 "$folder.log"
        counts="0 1 0"
        said="did not build"
    else
        rm -rf "$folder/Testing/Temporary"
        (cd "$folder" && ctest -LE fuzz --parallel "$jobs" \
            --output-on-failure) >"$folder.tests" 2>&1 ||
            tail -n 60 "$folder.tests"
        counts=$(tools/sum-tests.sh "$folder/Testing/Temporary")
        said=
    fi
    if [ -n "$(warnings "$folder.log")" ]; then
        warnings "$folder.log" | head -n 20
        counts="$counts
0 1 0"
        said="${said:-$(echo "$counts" | sum)}; warnings count as one"
    fi
    echo "$counts" >>"$summary"
    echo "$line: ${said:-$(echo "$counts" | sum)}"
}

# fuzz COMPILER OTHER SEED NAMES ARGUMENT...: a program is one test of each of
# the sets of flags. It is linked with the library that the other compiler
# built: frames of both must get on with each other.
fuzz() {
    compiler=$1
    library=$build/$2-O2/libcede-coro.a
    seed=$3
    levels=$4
    shift 4
    for name in $levels; do
        set -- "$@" --build "$compiler $(flags_of "$name")"
    done
    output=$(python3 tests/fuzz/flow_fuzz.py --library "$library" \
        --include include --count "$programs" --seed "$seed" --functions 8 \
        --keep "$build/fuzz" "$@")
    echo "$output" | sed '$d'
    said=$(echo "$output" | tail -n 1)
    number='([0-9]+)'
    counts=$(echo "$said" | sed -nE \
        "s/^$number programs, $number builds each, $number failed$/\1 \2 \3/p" |
        awk '{ print $1 * $2 - $3, $3, 0 }')
    echo "${counts:-0 1 0}" >>"$summary"
    echo "random programs from seed $seed, $compiler: $said"
}

missing=
for compiler in "$@"; do
    if ! command -v "$compiler" >/dev/null; then
        echo "$compiler: not installed"
        echo "0 1 0" >>"$summary"
        missing=yes
        continue
    fi
    for name in $names; do
        run "$compiler" "$name"
    done
done

if ! command -v python3 >/dev/null; then
    echo "random programs: no python3"
    echo "0 0 1" >>"$summary"
    missing=yes
fi
if [ -z "$missing" ]; then
    for compiler in "$@"; do
        other=$compiler
        for one in "$@"; do
            [ "$one" = "$compiler" ] || other=$one
        done
        # The rules of clang forbid some things, and without optimization
        # some more (cede/try.h).
        case $compiler in
        clang*)
            fuzz "$compiler" "$other" 1 "O1 O2 O3 Os hardened"
            fuzz "$compiler" "$other" 1001 "O0 O2" --tame
            ;;
        *)
            fuzz "$compiler" "$other" 1 "O0 O1 O2 O3 Os hardened"
            fuzz "$compiler" "$other" 1001 "O0 O1 O2 O3 Os hardened" --wild
            ;;
        esac
    done
fi

printf 'total: '
sum <"$summary"
