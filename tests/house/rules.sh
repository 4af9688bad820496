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
        # What stands alone: neither SHA256 nor T1000 names a rule.
        function note(text) {
            text = " " text " "
            while (match(text, /[^A-Za-z0-9][A-Z][0-9][0-9][^A-Za-z0-9]/)) {
                print substr(text, RSTART + 1, 3), file, test
                text = substr(text, RSTART + 4)
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
check C 7 ''
check F 15 'F14' # a future has no iterator that others might resume
check L 31 ''
check T 32 ''
check W 28 ''
check K 18 ''
check P 15 ''
check Q 8 ''
check A 16 'A10' # what awaits may return a value: docs/decisions/0042
check H 11 ''
check R 5 ''
check D 14 ''
# Z11 (counting checkpoints, sequencers) and Z12 (instruments) are not offered;
# Z15 is about locks of threads, of which the runtime knows nothing.
check Z 20 'Z11 Z12 Z15'

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
