#!/bin/sh
# Does every semantic rule have a test that names it?
#
# usage: tests/house/rules.sh SOURCE [-v]
#
# A test names a rule in its own name (TEST(G09_…), or G09 anywhere in it; also
# of a macro of the file's own, like CONTEXT_TEST) or in the comment right
# above. With -v the tests are listed, rule by rule. The last line is
# "N passed, N failed, N skipped".
set -u

source=$1
verbose=${2-}
work=$(mktemp)
trap 'rm -f "$work"' EXIT

# "RULE file test", for every rule that a test names.
find "$source/tests" -name 'test_*.c' | sort | while read -r file; do
    awk -v file="${file#"$source"/tests/}" '
        function note(text) {
            while (match(text, /[IGYEXCPQ][0-9][0-9]/)) {
                print substr(text, RSTART, RLENGTH), file, test
                text = substr(text, RSTART + RLENGTH)
            }
        }
        /^\/\*/ { comment = "" }
        /^(\/\*| \*|   )/ || /\*\/$/ { comment = comment " " $0 }
        /^[A-Z_]*TEST\(/ {
            test = $0
            sub(/^[A-Z_]*TEST\(/, "", test)
            sub(/[,)].*/, "", test)
            note(test " " comment)
        }
        /^[^\/ ]/ || /^$/ { comment = "" }' "$file"
done | sort -u >"$work"

passed=0
failed=0
check()
{
    group=$1
    number=1
    while [ "$number" -le "$2" ]; do
        rule=$(printf '%s%02d' "$group" "$number")
        number=$((number + 1))
        case " $3 " in
        *" $rule "*) continue ;;
        esac
        if grep -q "^$rule " "$work"; then
            passed=$((passed + 1))
            [ -z "$verbose" ] || grep "^$rule " "$work"
        else
            failed=$((failed + 1))
            echo "FAIL  $rule: no test names it"
        fi
    done
}

check I 10 ''
check G 31 ''
check Y 21 ''
check E 19 ''
check X 9 ''
check C 7 'C05' # needs threads: with the executors
check P 15 ''
check Q 8 ''

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
