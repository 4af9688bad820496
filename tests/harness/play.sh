# What scripts share that play the users of a program: tests/examples/run.sh,
# tests/chat/run.sh, tests/crawler/run.sh. Not run by itself, but read:
#
#     . "$source/tests/harness/play.sh"
#
# Gives a folder $work, the counts passed, failed and skipped, and $server, which
# is killed when the script ends, as is what $beside holds.

work=$(mktemp -d)
passed=0
failed=0
skipped=0
server=
beside=

clean_up()
{
    for process in $server $beside; do
        kill -KILL "$process" 2>/dev/null
    done
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# Counts the test $1 by its status $2.
verdict()
{
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok    $1"
    else
        failed=$((failed + 1))
        echo "FAIL  $1"
    fi
}

# The test $1 is not run: why is $2.
skip()
{
    skipped=$((skipped + 1))
    echo "SKIP  $1: $2"
}

# Fails with a message unless $1 and $2 are the same: what is $3.
same()
{
    [ "$1" = "$2" ] && return 0
    echo "    $3: '$1' instead of '$2'"
    return 1
}

# Does the file $2 have a line that the basic regular expression $1 matches?
has_line()
{
    grep -q -e "$1" "$2" && return 0
    echo "    no line '$1' in:"
    sed 's/^/        /' "$2"
    return 1
}

# Does the program say how it is used when it is asked?
explains_itself()
{
    "$1" --help >"$work/output" 2>"$work/errors"
    same $? 0 "status of --help" &&
        has_line "^usage: ${1##*/} " "$work/output" &&
        same "$(cat "$work/errors")" "" "standard error"
}

# Does the program $1 refuse the arguments behind it? A word on standard error,
# nothing on standard output, status 2.
refuses_arguments()
{
    program=$1
    shift
    "$program" "$@" >"$work/output" 2>"$work/errors"
    same $? 2 "status with $*" &&
        has_line "^usage: ${program##*/} \|${program##*/} --help\.\$" \
            "$work/errors" &&
        same "$(cat "$work/output")" "" "standard output"
}

# Waits for a line to appear in a file; at most about a minute.
await_line()
{
    turns=0
    until grep -q -e "$1" "$2"; do
        turns=$((turns + 1))
        if [ $turns -gt 1200 ]; then
            echo "    '$1' never came"
            return 1
        fi
        sleep 0.05
    done
}

# The last line of a script, and its exit status.
sum_up()
{
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
