#!/bin/sh
# Does `make docs` make the reference, and does it look as it should?
#
# usage: docs.sh SOURCE BUILD
#
# Doxygen's warnings are errors (tools/reference/reference.sh). Then: each
# public name has a man page, which speaks of it; the HTML has a page for each
# header; and no page shows a name that is not for users. The last line is
# "N passed, N failed, N skipped".
set -u

source=$1
docs=$2/docs
passed=0
failed=0

expect() {
    complaint=$1
    shift
    if "$@" > /dev/null 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$complaint"
    fi
}

mkdir -p "$2"
if ! "$source/tools/reference/reference.sh" "$2" > "$2/docs.log" 2>&1; then
    cat "$2/docs.log"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi

# What the shared library exports to users is what they look up.
for name in $(sed -n 's/^.*\b\(cede_[a-z0-9_]*\)(.*;$/\1/p' \
    "$source"/include/cede/*.h | grep -v cede_impl_ | sort -u); do
    page=$docs/man/man3/$name.3
    expect "$name: no man page" test -f "$page"
    to=$(sed -n 's/^\.so man3\///p' "$page")
    expect "$name: its page does not speak of it" \
        grep -q "$name" "$docs/man/man3/${to:-$name.3}"
done
for header in "$source"/include/cede/*.h; do
    page=$(basename "$header" .h | sed 's/_/__/g')_8h.html
    expect "$header: no page $page" test -f "$docs/html/$page"
done
for pages in "$docs/html" "$docs/man"; do
    found=$(grep -rlE 'CEDE_IMPL_|cede_impl_' \
        --include='*.html' --include='*.3' "$pages" | head -3)
    expect "$pages: not for users: $found" test -z "$found"
done
if [ "$passed" -lt 300 ]; then
    failed=$((failed + 1))
    echo "only $passed things were looked at"
fi
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
