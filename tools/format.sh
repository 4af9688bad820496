#!/bin/sh
# Formats the sources by .clang-format.
#
# usage: tools/format.sh [--check] [file ...]     (default: all C files)
#
# clang-format does not know that `} cede_except (X, e) {` goes on with a
# statement and that `} cede_end` ends one. So the forms are spelled as if and
# else while it looks, and spelled back behind it. A file that comes back with
# other characters than white space changed is left alone and reported. --check
# changes nothing and lists the files that are not formatted.
set -u

cd "$(dirname "$0")/.." || exit 2
formatter=${CLANG_FORMAT:-clang-format}
check=false
if [ "${1-}" = --check ]; then
    check=true
    shift
fi
if ! command -v "$formatter" >/dev/null; then
    echo "tools/format.sh: no $formatter here" >&2
    exit 2
fi
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046  # no blanks in our names
    set -- $(find include src tests examples bench tools -name '*.[ch]' \
        2>/dev/null | sort)
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# In comments nothing is respelled: they are not formatted either.
spell_as_if() {
    sed -E '
        /^[ \t]*(\*|\/\*)/b
        s/\bcede_(try|foreign) \{/if (cede_\1) {/g
        s/\} cede_(except|except_group) \(/} else cede_\1 (/g
        s/\} cede_(finally|else) \{/} else if (cede_\1) {/g
        s/(\} |^[ \t]+)cede_end\b/\1\/*cede_end*\//g' "$1"
}

spell_back() {
    sed -E '
        s/^([ \t]+)\/\*cede_end\*\//\1cede_end/
        /^[ \t]*(\*|\/\*)/b
        s/\bif \(cede_(try|foreign)\) \{/cede_\1 {/g
        s/\} else cede_(except|except_group) \(/} cede_\1 (/g
        s/\} else if \(cede_(finally|else)\) \{/} cede_\1 {/g
        s/\} *\/\*cede_end\*\//} cede_end/g
        s/\/\*cede_end\*\//cede_end/g
        /^#/!s/\bcede_(defer|auto|own)\(/cede_\1 (/g'
}

# The text without what formatting may change.
essence() {
    tr -d ' \t\n\\' <"$1"
}

status=0
for file in "$@"; do
    spell_as_if "$file" |
        "$formatter" --style=file --assume-filename="$file" |
        spell_back >"$work/new" || exit 2
    if cmp -s "$file" "$work/new"; then
        continue
    fi
    if [ "$(essence "$file")" != "$(essence "$work/new")" ]; then
        echo "$file: formatting would change more than its layout: left alone"
        status=1
    elif $check; then
        echo "$file: not formatted"
        status=1
    else
        cat "$work/new" >"$file"
        echo "$file"
    fi
done
exit $status
