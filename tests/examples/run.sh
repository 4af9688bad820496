#!/bin/sh
# Runs the examples as their users do and looks at what they print.
#
# usage: tests/examples/run.sh SOURCE BUILD
#
# SOURCE is the tree, BUILD the folder with examples/ and tests/examples/. The
# last line is "N passed, N failed, N skipped". What has to wait for another
# process waits until it sees what it waits for, with a limit that only a hang
# reaches.
set -u

source=$1
build=$2
examples=$build/examples
helpers=$build/tests/examples
expected=$source/tests/examples
# shellcheck source=tests/harness/play.sh
. "$source/tests/harness/play.sh"

# --- servers ---

# Starts a server whose output says where it listens; sets server and port.
start()
{
    : >"$work/listening"
    "$@" >"$work/listening" 2>"$work/server_errors" &
    server=$!
    await_line 'listening on ' "$work/listening" || return 1
    port=$(sed -n 's/^listening on .*:\([0-9]*\)\/*$/\1/p' "$work/listening")
    [ -n "$port" ]
}

# Sends the signal $1 to the server, which must end with status 0 in silence.
stop()
{
    kill -"$1" "$server"
    wait "$server"
    ended=$?
    server=
    same "$ended" 0 "status of the server after SIG$1" &&
        same "$(cat "$work/server_errors")" "" "errors of the server"
}

# --- the tests ---

# A program whose whole output is known.
prints()
{
    "$examples/$1" >"$work/output" 2>"$work/errors"
    same $? 0 "exit status" &&
        diff -u "$expected/$1.out" "$work/output" &&
        same "$(cat "$work/errors")" "" "standard error"
}

usage_of_echo_server()
{
    explains_itself "$examples/echo_server" &&
        refuses_arguments "$examples/echo_server" &&
        refuses_arguments "$examples/echo_server" 65536 &&
        refuses_arguments "$examples/echo_server" -1 &&
        refuses_arguments "$examples/echo_server" ' 1' &&
        refuses_arguments "$examples/echo_server" 7x &&
        refuses_arguments "$examples/echo_server" 0 127.0.0.1 more
}

usage_of_echo_load()
{
    explains_itself "$examples/echo_load" &&
        refuses_arguments "$examples/echo_load" &&
        refuses_arguments "$examples/echo_load" 127.0.0.1 1 1 &&
        refuses_arguments "$examples/echo_load" 127.0.0.1 0 1 1 &&
        refuses_arguments "$examples/echo_load" 127.0.0.1 1 0 1 &&
        refuses_arguments "$examples/echo_load" 127.0.0.1 1 1 0 &&
        refuses_arguments "$examples/echo_load" 127.0.0.1 1 1 1 --server-pid &&
        refuses_arguments "$examples/echo_load" 127.0.0.1 1 1 1 --server 1
}

usage_of_http_hello()
{
    explains_itself "$examples/http_hello" &&
        refuses_arguments "$examples/http_hello" &&
        refuses_arguments "$examples/http_hello" 1 2 &&
        refuses_arguments "$examples/http_hello" x
}

# make demo, smaller.
demo()
{
    CONNECTIONS=200 ROUNDS=5 BUILD=$build PATIENCE=600 \
        "$source/tools/demo.sh" >"$work/output" 2>"$work/errors"
    same $? 0 "exit status" || { cat "$work/errors"; return 1; }
    last='demo: connections=200 requests=1000 errors=0'
    last="$last seconds=[0-9]*\.[0-9][0-9] p99_ms=[0-9]*\.[0-9]"
    last="$last server_rss_mib=[0-9]*\.[0-9]"
    tail -n 1 "$work/output" >"$work/last"
    has_line "^$last\$" "$work/last" &&
        has_line '^connections  *200$' "$work/output" &&
        has_line '^requests  *1000$' "$work/output" &&
        has_line '^  per connection  *-*[0-9.]* KiB' "$work/output" &&
        has_line '^requests: 1000 of 1000 (100 %), errors: 0$' "$work/errors"
}

# Bytes come back as they were, whatever they are.
echoes()
{
    start "$examples/echo_server" 0 || return 1
    head -c 300000 "$examples/echo_server" >"$work/input"
    "$helpers/say" "$port" <"$work/input" >"$work/output"
    same $? 0 "exit status of say" &&
        cmp "$work/input" "$work/output" &&
        stop TERM
}

# A signal while 50 clients are at work: the server ends at once and with
# status 0; each client notices, and the others go on.
ends_by()
{
    start "$examples/echo_server" 0 || return 1
    "$examples/echo_load" 127.0.0.1 "$port" 50 1000000 >"$work/output" \
        2>"$work/errors" &
    load=$!
    await_line '^connections: 50 of 50 ' "$work/errors" && stop "$1"
    stopped=$?
    wait $load
    same $? 1 "exit status of echo_load" && [ $stopped -eq 0 ] &&
        has_line '^demo: connections=50 .* errors=50 ' "$work/output" &&
        has_line '^connection [0-9]*: ' "$work/errors" &&
        has_line '^further errors are only counted$' "$work/errors"
}

# echo_load against a server that lies: $1, how many errors there are among 20
# connections, and what is said of them.
notices()
{
    start "$helpers/liar" "$1" || return 1
    "$examples/echo_load" 127.0.0.1 "$port" 20 50 >"$work/output" \
        2>"$work/errors"
    status=$?
    stop TERM || return 1
    same $status "$2" "exit status of echo_load" &&
        has_line "^demo: connections=20 .* errors=$3 " "$work/output" &&
        { [ -z "$4" ] || has_line "$4" "$work/errors"; }
}

# Nobody listens: every connection is an error.
notices_refusal()
{
    start "$helpers/liar" truth && stop TERM || return 1
    "$examples/echo_load" 127.0.0.1 "$port" 5 2 >"$work/output" \
        2>"$work/errors"
    same $? 1 "exit status" &&
        has_line '^demo: connections=5 requests=0 errors=5 ' "$work/output" &&
        has_line '^connection 0: ConnectionRefusedError: ' "$work/errors"
}

# Few open files: fewer connections, and that is said.
respects_limit()
{
    start "$examples/echo_server" 0 || return 1
    setpriv --bounding-set -sys_resource sh -c 'ulimit -n 64; exec "$@"' sh \
        "$examples/echo_load" 127.0.0.1 "$port" 100 2 >"$work/output" \
        2>"$work/errors"
    status=$?
    stop TERM || return 1
    same $status 0 "exit status" &&
        has_line '^this process may open 64 files: using 48 connections$' \
            "$work/errors" &&
        has_line '^demo: connections=48 requests=96 errors=0 ' "$work/output"
}

can_limit()
{
    setpriv --bounding-set -sys_resource true 2>/dev/null
}

# --- http_hello ---

# Sends $1 (for printf) and compares status lines and bodies with $2: header
# lines are left out, an empty line stands for the end of a head.
answers()
{
    # shellcheck disable=SC2059  # the argument is the format
    printf "$1" | "$helpers/say" "$port" >"$work/reply" || return 1
    tr -d '\r' <"$work/reply" | grep -v '^[A-Z][A-Za-z-]*: ' >"$work/output"
    # shellcheck disable=SC2059
    printf "$2" >"$work/wanted"
    diff -u "$work/wanted" "$work/output" && return 0
    echo "    the request was: $1"
    return 1
}

hello='HTTP/1.1 200 OK\n\nHello, world!\n'
refusal='\n\nnot understood\n'
host='Host: x\r\n'

http_answers()
{
    answers "GET / HTTP/1.1\r\n$host\r\n" "$hello" &&
        answers "GET / HTTP/1.0\r\n\r\n" "$hello" &&
        answers "GET /?q=1 HTTP/1.1\r\n$host\r\n" "$hello" &&
        answers "GET http://x/ HTTP/1.1\r\n$host\r\n" "$hello" &&
        answers "GET http://x HTTP/1.1\r\n$host\r\n" "$hello" &&
        answers "\r\n\nGET / HTTP/1.1\n$host\n" "$hello" &&
        answers "HEAD / HTTP/1.1\r\n$host\r\n" 'HTTP/1.1 200 OK\n\n' &&
        has_line '^Content-Length: 14' "$work/reply" &&
        has_line '^Date: [MTWFS][a-z][a-z], .* GMT' "$work/reply" &&
        answers "GET /x HTTP/1.1\r\n$host\r\n" \
            'HTTP/1.1 404 Not Found\n\nnothing here\n' &&
        answers "PUT / HTTP/1.1\r\n$host\r\n" \
            'HTTP/1.1 405 Method Not Allowed\n\nno such method\n' &&
        has_line '^Allow: GET, HEAD' "$work/reply"
}

http_keeps_alive()
{
    get="GET / HTTP/1.1\r\n$host"

    answers "$get\r\n$get\r\n$get\r\n" "$hello$hello$hello" &&
        answers "${get}Connection: close\r\n\r\n$get\r\n" "$hello" &&
        has_line '^Connection: close' "$work/reply" &&
        answers "${get}Connection: a, CLOSE\r\n\r\n$get\r\n" "$hello" &&
        answers "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n" "$hello" &&
        answers "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n$get\r\n" \
            "$hello$hello" &&
        has_line '^Connection: keep-alive' "$work/reply"
}

http_drops_bodies()
{
    post="POST / HTTP/1.1\r\n$host"
    get="GET / HTTP/1.1\r\n$host\r\n"
    no='HTTP/1.1 405 Method Not Allowed\n\nno such method\n'
    chunked="${post}Transfer-Encoding: chunked\r\n\r\n"

    answers "${post}Content-Length: 5\r\n\r\nGET /$get" "$no$hello" &&
        answers "${chunked}5\r\nGET /\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n$get" \
            "$no$hello" &&
        answers "${chunked}0\r\nTrailer: x\r\n\r\n$get" "$no$hello" &&
        answers "${post}Content-Length: 1\r\nExpect: 100-continue\r\n\r\nx" \
            "HTTP/1.1 100 Continue\n\n$no" &&
        answers "${post}Content-Length: 5\r\n\r\nGET" ''
}

http_refuses()
{
    bad="HTTP/1.1 400 Bad Request$refusal"
    get="GET / HTTP/1.1\r\n$host"
    chunked='Transfer-Encoding: chunked\r\n'
    long=$(head -c 9000 /dev/zero | tr '\0' x)
    part=$(head -c 6000 /dev/zero | tr '\0' x)

    answers "GET / HTTP/1.1\r\n\r\n" "$bad" &&
        answers "$get$host\r\n" "$bad" &&
        answers "GET /\r\n\r\n" "$bad" &&
        answers "GET  / HTTP/1.1\r\n$host\r\n" "$bad" &&
        answers "GET / HTTX/1.1\r\n$host\r\n" "$bad" &&
        answers "G:T / HTTP/1.1\r\n$host\r\n" "$bad" &&
        answers "${get}no colon\r\n\r\n" "$bad" &&
        answers "${get}Space : x\r\n\r\n" "$bad" &&
        answers "${get}A: b\r\n folded\r\n\r\n" "$bad" &&
        answers "${get}A: b\rc\r\n\r\n" "$bad" &&
        answers "${get}Content-Length: -1\r\n\r\n" "$bad" &&
        answers "${get}Content-Length: 1\r\nContent-Length: 2\r\n\r\n" "$bad" &&
        answers "${get}${chunked}Content-Length: 1\r\n\r\n" "$bad" &&
        answers "${get}${chunked}\r\nx\r\n" "$bad" &&
        answers "${get}Transfer-Encoding: gzip\r\n\r\n" \
            "HTTP/1.1 501 Not Implemented$refusal" &&
        answers "${get}Content-Length: 99999999999999999999\r\n\r\n" \
            "HTTP/1.1 413 Content Too Large$refusal" &&
        answers "GET / HTTP/2.0\r\n$host\r\n" \
            "HTTP/1.1 505 HTTP Version Not Supported$refusal" &&
        answers "GET /$long HTTP/1.1\r\n$host\r\n" \
            "HTTP/1.1 414 URI Too Long$refusal" &&
        answers "${get}A: $long\r\n\r\n" \
            "HTTP/1.1 431 Request Header Fields Too Large$refusal" &&
        answers "${get}A: $part\r\nB: $part\r\nC: $part\r\n\r\n" \
            "HTTP/1.1 431 Request Header Fields Too Large$refusal"
}

# A client that first sends all it has and then listens sees the refusal too.
http_lingers()
{
    {
        printf 'POST / HTTP/1.1\r\nHost: x\r\n'
        printf 'Content-Length: 9999999\r\n\r\n'
        head -c 9000000 /dev/zero
    } | "$helpers/say" "$port" >"$work/reply"
    same $? 0 "exit status of say" &&
        has_line '^HTTP/1.1 413 Content Too Large' "$work/reply"
}

with_http_hello()
{
    start "$examples/http_hello" 0 || return 1
    "$@" || { kill -KILL "$server"; wait "$server"; server=; return 1; }
    stop TERM
}

http_curl()
{
    url=http://127.0.0.1:$port
    same "$(curl -s "$url/" "$url/" -w '%{num_connects} ')" \
        "Hello, world!
1 Hello, world!
0 " "two requests over one connection" &&
        same "$(curl -s -o /dev/null -w '%{http_code}' "$url/x")" 404 status &&
        same "$(curl -s -o /dev/null -w '%{http_code}' -I "$url/")" 200 HEAD &&
        same "$(curl -s -0 "$url/")" "Hello, world!" "HTTP/1.0" &&
        same "$(head -c 1000000 /dev/zero | curl -s -o /dev/null \
            -w '%{http_code}' --data-binary @- "$url/")" 405 "a big POST"
}

# --- taxi_sim ---

# The trace is CPython's for the same source of chance.
taxis_as_in_python()
{
    { "$examples/taxi_sim" -s 3 &&
        echo "-- end_time 60, two taxis, seed 7" &&
        "$examples/taxi_sim" --end-time 60 --taxis 2 --seed 7; } \
        >"$work/taxis" || return 1
    diff -u "$source/tests/parity/seeds/S73_taxi_simulation.out" "$work/taxis"
}

taxi_fleet()
{
    "$examples/taxi_sim" --fleet 5000 -s 1 >"$work/out" 2>"$work/progress" &&
        has_line '^\*\*\* end of event \*\*\*$' "$work/out" &&
        has_line '5000 taxis, 55000 events, ' "$work/progress"
}

usage_of_taxi_sim()
{
    "$examples/taxi_sim" -e many >/dev/null 2>"$work/errors"
    same $? 2 status &&
        has_line "'many' is not a number" "$work/errors" || return 1
    refuses_arguments "$examples/taxi_sim" --what
}

# --- million_generators ---

generators_are_guarded()
{
    "$examples/million_generators" 2000 >"$work/out" || return 1
    has_line '^stacks=2000 guard_madvise=[0-9]* guard_mprotect=[0-9]* '\
'canary=[0-9]* rss_mib=[0-9]*$' "$work/out"
}

run()
{
    name=$1
    shift
    "$@"
    verdict "$name" $?
}

for file in "$expected"/*.out; do
    name=$(basename "$file" .out)
    run "$name" prints "$name"
done
run usage_of_echo_server usage_of_echo_server
run usage_of_echo_load usage_of_echo_load
run usage_of_http_hello usage_of_http_hello
run demo demo
run echoes echoes
run ends_by_SIGTERM ends_by TERM
run ends_by_SIGINT ends_by INT
run notices_nothing notices truth 0 0 ''
run notices_wrong_bytes notices flip 1 20 \
    '^connection [0-9]*: WrongReply: wrong bytes among '
run notices_early_end notices short 1 20 '^connection [0-9]*: '
run notices_surplus notices more 1 20 \
    '^connection [0-9]*: WrongReply: 1 bytes after the last reply$'
run notices_refusal notices_refusal
if can_limit; then
    run respects_limit respects_limit
else
    skip respects_limit "setpriv cannot take a capability away"
fi
run http_answers with_http_hello http_answers
run http_keeps_alive with_http_hello http_keeps_alive
run http_drops_bodies with_http_hello http_drops_bodies
run http_refuses with_http_hello http_refuses
run http_lingers with_http_hello http_lingers
if command -v curl >/dev/null; then
    run http_curl with_http_hello http_curl
else
    skip http_curl "no curl"
fi
run taxis_as_in_python taxis_as_in_python
run taxi_fleet taxi_fleet
run usage_of_taxi_sim usage_of_taxi_sim
run generators_are_guarded generators_are_guarded

sum_up
