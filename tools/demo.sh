#!/bin/sh
# make demo: an echo server and its load as two processes.
#
#   CONNECTIONS=10000 ROUNDS=20 BUILD=build tools/demo.sh
#
# PATIENCE: how many tenths of a second the server has to end, default 15.
#
# The exit status is echo_load's, or 1 if the server did not end as it should;
# the last line of the output is echo_load's last line.
set -eu

connections=${CONNECTIONS:-10000}
rounds=${ROUNDS:-20}
examples=${BUILD:-build}/examples

directory=$(mktemp -d)
server=

clean_up()
{
    if [ -n "$server" ]; then
        kill -KILL "$server" 2>/dev/null || :
    fi
    rm -rf "$directory"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail()
{
    echo "demo.sh: $*" >&2
    exit 1
}

# Waits up to $1 tenths of a second for the rest of the arguments to succeed.
within()
{
    tenths=$1
    shift
    until "$@"; do
        [ "$tenths" -gt 0 ] || return 1
        tenths=$((tenths - 1))
        sleep 0.1
    done
}

# In a shell, a child that has ended answers kill -0 until it is waited for.
has_ended()
{
    state=$(sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' \
        "/proc/$server/status" 2>/dev/null) || return 0
    [ -z "$state" ] || [ "$state" = Z ]
}

is_listening_or_has_ended()
{
    [ -s "$directory/listening" ] || has_ended
}

[ -x "$examples/echo_server" ] && [ -x "$examples/echo_load" ] ||
    fail "no echo_server in $examples: build first"

"$examples/echo_server" 0 >"$directory/listening" &
server=$!
within 100 is_listening_or_has_ended || fail "the server does not listen"
port=$(sed -n 's/^listening on .*://p' "$directory/listening")
[ -n "$port" ] || fail "the server did not say where it listens"

status=0
"$examples/echo_load" 127.0.0.1 "$port" "$connections" "$rounds" \
    --server-pid "$server" || status=$?

kill -TERM "$server" 2>/dev/null || fail "the server had ended by itself"
within "${PATIENCE:-15}" has_ended ||
    fail "the server did not end within a second"
server_status=0
wait "$server" || server_status=$?
server=
[ "$server_status" -eq 0 ] ||
    fail "the server ended with status $server_status"
exit "$status"
