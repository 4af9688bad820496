#!/bin/sh
# cede-lint finds the mistakes that are planted here, each on its line and
# nothing else, and finds none in this repository.
#
# usage: run.sh CEDE-LINT SOURCE-DIRECTORY BUILD-DIRECTORY
#
# A line with a mistake has the comment "lint: <check>". The build directory's
# compile_commands.json says how the repository is compiled.
set -u

lint=$1
source=$2
build=$3
here=$source/tests/lint
passed=0
failed=0
planted=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pass() {
    passed=$((passed + 1))
}

# fail TEXT FILE: shows the file.
fail() {
    failed=$((failed + 1))
    echo "FAIL  $1:"
    sed 's/^/    /' "$2"
}

examine() {
    "$lint" "$@" -- -std=gnu11 -D_GNU_SOURCE -I "$source/include" \
        -I "$source/tests" >"$work/said" 2>"$work/errors"
}

# ---- what is planted ---------------------------------------------------------

for file in "$here"/*.c; do
    name=$(basename "$file")
    examine "$file"
    status=$?
    grep -no 'lint: [a-z]* \*/' "$file" | grep -v 'lint: ok' |
        sed 's/:lint: \([a-z]*\).*/ \1/' | sort -u >"$work/expected"
    sed -n 's/^[^:]*:\([0-9]*\):[0-9]*: warning: .* \[\([a-z]*\)\]$/\1 \2/p' \
        "$work/said" | sort >"$work/found"
    wanted=0
    [ ! -s "$work/expected" ] || wanted=1

    if ! diff "$work/expected" "$work/found" >"$work/diff"; then
        fail "$name: < missed, > not a mistake" "$work/diff"
    elif [ "$status" -ne "$wanted" ] || [ -s "$work/errors" ]; then
        echo "exit status $status, not $wanted" >>"$work/errors"
        fail "$name" "$work/errors"
    else
        pass
        planted=$((planted + $(wc -l <"$work/found")))
    fi
done

# ---- how it is called --------------------------------------------------------

# expect STATUS TEXT ARGUMENT …: the exit status, and a part of what it says.
expect() {
    wanted=$1
    text=$2
    shift 2
    "$lint" "$@" >"$work/said" 2>&1
    status=$?
    if [ "$status" -eq "$wanted" ] && grep -q -e "$text" "$work/said"; then
        pass
    else
        echo "exit status $status, not $wanted; expected: $text" >>"$work/said"
        fail "cede-lint $*" "$work/said"
    fi
}

echo 'int main(void) { return nothing; }' >"$work/broken.c"
mkdir "$work/empty"
expect 0 "usage: cede-lint" --help
expect 0 "cede-lint [0-9]" --version
expect 2 "neither a file nor a folder"
expect 2 "unknown option --nonsense" --nonsense
expect 2 "no compile_commands.json in $work/empty" -p "$work/empty"
expect 2 "undeclared identifier 'nothing'" "$work/broken.c"
expect 2 "cannot read .*missing.c" "$work/missing.c"

# ---- what it knows of cede by name -------------------------------------------

names=$(grep -ohE '"cede_impl_[a-z_]*[a-z]"' "$source"/tools/cede-lint/*.c |
    tr -d '"' | sort -u)
: >"$work/gone"
for name in $names; do
    grep -rqw "$name" "$source/include" || echo "$name" >>"$work/gone"
done
if [ -n "$names" ] && [ ! -s "$work/gone" ]; then
    pass
else
    fail "names that cede does not have any more" "$work/gone"
fi

# ---- this repository ---------------------------------------------------------

# Files without a form are left out: there is little to be found in them.
files=$(cd "$source" && grep -lE 'cede_(end|defer|for|auto|catch|await)\b' \
    src/*/*.c src/*/*/*.c examples/*.c examples/*/*.c tests/*/*.c 2>/dev/null |
    grep -v '^tests/lint/')
if [ ! -e "$build/compile_commands.json" ]; then
    echo "SKIP  the repository: $build has no compile_commands.json"
    echo "$passed passed, $failed failed, 1 skipped"
    [ "$failed" -eq 0 ]
    exit
fi
# shellcheck disable=SC2086  # one argument per file
if (cd "$source" && "$lint" -p "$build" $files) >"$work/said" 2>&1; then
    pass
else
    fail "the repository" "$work/said"
fi

echo "$planted mistakes found, $(echo "$files" | wc -l) files without one"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
