#!/bin/sh
# Plays the user of examples/crawler, with tasks and with threads, against the
# server of hostile.c.
#
# usage: tests/crawler/run.sh SOURCE BUILD
#
# SOURCE is the tree, BUILD the folder with examples/ and tests/crawler/. Words
# in the environment variable UNDER are put before the crawler, such as
# "valgrind --log-file=/tmp/%p --error-exitcode=99". The last line is "N passed,
# N failed, N skipped". What has to wait for another process waits until it sees
# what it waits for, with a limit that only a hang reaches.
set -u

source=$1
build=$2
# shellcheck source=tests/harness/play.sh
. "$source/tests/harness/play.sh"

# --- the server ---

# Sets port, the server's, and resetting, the port that resets.
start_server()
{
    : >"$work/requests"
    "$build/tests/crawler/hostile" >"$work/requests" 2>"$work/server_errors" &
    server=$!
    await_line '^listening on ' "$work/requests" || return 1
    port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$work/requests")
    resetting=$(sed -n 's/^resetting on .*:\([0-9]*\)$/\1/p' "$work/requests")
}

stop_server()
{
    kill -TERM "$server"
    wait "$server"
    status=$?
    server=
    same $status 0 "status of the server" &&
        same "$(cat "$work/server_errors")" "" "errors of the server"
}

# --- the crawler ---

# Runs it with the options of the mode and all arguments, of which "/page" is a
# page of the server's. Output and errors go to files, with "@" for the server.
crawl()
{
    crawl_in_background "$@"
    wait_for_crawler
}

# A shell's background jobs ignore SIGINT unless told otherwise.
crawl_in_background()
{
    for argument; do
        shift
        case $argument in
        /*) set -- "$@" "http://127.0.0.1:$port$argument" ;;
        *) set -- "$@" "$argument" ;;
        esac
    done
    : >"$work/output"
    # shellcheck disable=SC2086  # words
    env --default-signal=INT ${UNDER-} "$build/examples/crawler" $mode "$@" \
        >"$work/output" 2>"$work/errors" &
    beside=$! # the crawler
}

# Sets status.
wait_for_crawler()
{
    wait "$beside"
    status=$?
    beside=
    sed -i "s|http://127.0.0.1:$port|@|g" "$work/output" "$work/errors"
}

# Ended with status $1 and nothing on standard error; standard output is, in
# any order, what standard input is.
ended()
{
    sort >"$work/wanted"
    sort "$work/output" >"$work/sorted"
    same "$status" "$1" "exit status" &&
        same "$(cat "$work/errors")" "" "standard error" &&
        diff -u "$work/wanted" "$work/sorted"
}

# --- the tests ---

# Each kind of body, and a page that is named twice, which is one.
good_pages()
{
    crawl /ok '/ok?q=1' /empty /nothing /to-end /to-end-old /chunked /continue \
        /bare-newlines /more-than-said /drop-by-drop /ok /./x/../ok '/ok#part'
    ended 0 <<-END
	@/ok: 200, 3 bytes
	@/ok?q=1: 200, 4 bytes
	@/empty: 200, 0 bytes
	@/nothing: 204, 0 bytes
	@/to-end: 200, 14 bytes
	@/to-end-old: 200, 4 bytes
	@/chunked: 200, 15 bytes
	@/continue: 200, 2 bytes
	@/bare-newlines: 200, 2 bytes
	@/more-than-said: 200, 2 bytes
	@/drop-by-drop: 200, 5 bytes
	END
}

# A page that tells of its failure fails; the others are there.
pages_that_are_not_there()
{
    crawl /404 /ok /500
    ended 1 <<-END
	@/404: 404, 5 bytes
	@/ok: 200, 3 bytes
	@/500: 500, 5 bytes
	END
}

# What is no HTTP is an error in words, and none of them are the server's.
malformed_answers()
{
    crawl /silence /garbage /version /no-status /bad-header /folded /control \
        /bad-length /overflow /two-lengths /smuggled /gzip /bad-chunk \
        /long-chunk /huge-chunk /switching /short-head /short /short-chunks
    ended 1 <<-END
	@/silence: the connection ended before an answer
	@/garbage: the answer is no HTTP
	@/version: the answer is of another version of HTTP
	@/no-status: the answer has no status
	@/bad-header: a malformed header
	@/folded: a malformed header
	@/control: a control character in a header
	@/bad-length: Content-Length is no number
	@/overflow: Content-Length is no number
	@/two-lengths: two different Content-Lengths
	@/smuggled: chunks where there may be none
	@/gzip: an unknown Transfer-Encoding
	@/bad-chunk: a malformed chunk
	@/long-chunk: a chunk longer than it says
	@/huge-chunk: a malformed chunk
	@/switching: another protocol, which nobody asked for
	@/short-head: the connection ended in the middle of the head
	@/short: the connection ended in the middle of the page
	@/short-chunks: the connection ended in the middle of the page
	END
}

# Nobody needs to wait for the deadline to know that these are too long.
pages_without_end()
{
    crawl --max-bytes 100000 /huge /endless /endless-chunks /endless-line \
        /endless-head /endless-continue /endless-trailers /endless-links
    ended 1 <<-END
	@/huge: a page of more than 100000 bytes
	@/endless: a page of more than 100000 bytes
	@/endless-chunks: a page of more than 100000 bytes
	@/endless-links: a page of more than 100000 bytes
	@/endless-line: a line of more than 8192 bytes
	@/endless-head: headers of more than 65536 bytes
	@/endless-continue: headers of more than 65536 bytes
	@/endless-trailers: headers of more than 65536 bytes
	END
}

# The last byte that is allowed is.
longest_page()
{
    crawl --max-bytes 15 /chunked
    ended 0 <<-END || return 1
	@/chunked: 200, 15 bytes
	END
    crawl --max-bytes 14 /chunked
    ended 1 <<-END
	@/chunked: a page of more than 14 bytes
	END
}

# Slow pages fail by their deadline, each by its own, also one after the other.
# An endless page that never makes anybody wait fails too.
deadlines()
{
    crawl --timeout 0.05 --max-bytes 9000000000000000000 /hang /hang-in-head \
        /hang-in-body /endless
    ended 1 <<-END
	@/hang: not there in time
	@/hang-in-head: not there in time
	@/hang-in-body: not there in time
	@/endless: not there in time
	END
}

# A host by its name, which may have addresses where nobody listens.
names()
{
    crawl "http://LOCALHOST:$port/ok"
    sed -i "s/:$port/:P/" "$work/output"
    ended 0 <<-END
	http://localhost:P/ok: 200, 3 bytes
	END
}

# Nobody listens there; one that resets; a name that no one has.
connections_that_fail()
{
    crawl http://127.0.0.1:1/ "http://127.0.0.1:$resetting/" /ok \
        http://no-such-host.invalid/
    sed -i -e "s/:$resetting/:R/" \
        -e 's/\(invalid\/:\) \(Name\|Temp\).* [kr].*/\1 no such name/' \
        "$work/output"
    ended 1 <<-END
	http://127.0.0.1:1/: Connection refused
	http://127.0.0.1:R/: Connection reset by peer
	@/ok: 200, 3 bytes
	http://no-such-host.invalid/: no such name
	END
}

redirects()
{
    crawl /moved /moved-twice /moved-and-hangs
    ended 0 <<-END || return 1
	@/moved: 200, 3 bytes, moved to @/ok
	@/moved-twice: 200, 3 bytes, moved to @/ok
	@/moved-and-hangs: 200, 3 bytes, moved to @/ok
	END
    crawl /moved-nowhere /moved-in-circles /moved-to-tls /moved-to-nonsense
    ended 1 <<-END || return 1
	@/moved-nowhere: 301, 0 bytes
	@/moved-in-circles: more than 10 redirects
	@/moved-to-tls: https is not spoken here, only http
	@/moved-to-nonsense: a host with a character that hosts have not
	END
    same "$(grep -c '^GET /moved-in-circles$' "$work/requests")" "$1" \
        "requests of a page that moves in circles"
}

# Links are followed so far and on the same host, each page once.
links()
{
    crawl_links 0 /site/
    ended 0 <<-END || return 1
	@/site/: 200
	END
    crawl_links 1 /site/
    ended 0 <<-END || return 1
	@/site/: 200
	@/site/one?a=1&b=2: 200
	@/site/two: 200
	@/site/three: 200, moved to @/site/three/
	END
    crawl_links 3 /site/ /site/plain
    ended 1 <<-END
	@/site/: 200
	@/site/plain: 200
	@/site/one?a=1&b=2: 200
	@/site/two: 200
	@/site/three: 200, moved to @/site/three/
	@/site/four: 200
	@/site/missing: 404
	@/site/five: 200
	END
}

crawl_links()
{
    crawl --depth "$@"
    sed -i 's/, [0-9]* bytes//' "$work/output"
}

# A page is shown when it is there, while another is still being waited for.
results_as_they_come()
{
    crawl_in_background /held /ok
    await_line '/ok: 200, 3 bytes$' "$work/output" &&
        await_line '^GET /held$' "$work/requests" || return 1
    same "$(grep -c held "$work/output")" 0 "results of the held page" ||
        return 1
    "$build/examples/crawler" "http://127.0.0.1:$port/release" >"$work/other"
    wait_for_crawler
    same "$(tail -n 1 "$work/output")" "@/held: 200, 5 bytes" "the last line"
    ended 0 <<-END
	@/ok: 200, 3 bytes
	@/held: 200, 5 bytes
	END
}

# Nine pages that are there when three of them are asked for at a time: three
# are, and never more.
bounded()
{
    set -- /meet/1 /meet/2 /meet/3 /meet/4 /meet/5 /meet/6 /meet/7 /meet/8
    crawl "$@" /meet/9
    same $status 0 "exit status" &&
        same "$(grep -c '^@/meet/.: 200, 4 bytes$' "$work/output")" 9 \
            "pages" || return 1
    crawl /peak
    ended 0 <<-END
	@/peak: 200, 3 bytes
	END
}

# Says what is done and what is not.
interrupted()
{
    crawl_in_background /ok /hang /404 /hang-in-body
    await_line '/ok: ' "$work/output" && await_line '/404: ' "$work/output" &&
        await_line '^GET /hang$' "$work/requests" &&
        await_line '^GET /hang-in-body$' "$work/requests" || return 1
    kill -INT "$beside"
    wait_for_crawler
    same $status 130 "exit status" &&
        same "$(cat "$work/errors")" "interrupted: 2 of 4 pages done, not done:
  @/hang
  @/hang-in-body" "standard error" &&
        same "$(sort "$work/output")" "@/404: 404, 5 bytes
@/ok: 200, 3 bytes" "standard output"
}

# One worker: those that have not begun are not done either.
interrupted_early()
{
    crawl_in_background /hang /ok
    await_line '^GET /hang$' "$work/requests" || return 1
    kill -INT "$beside"
    wait_for_crawler
    same $status 130 "exit status" &&
        same "$(cat "$work/errors")" "interrupted: 0 of 2 pages done, not done:
  @/hang
  @/ok" "standard error" &&
        same "$(cat "$work/output")" "" "standard output"
}

progress()
{
    crawl --progress /ok /404 /garbage /chunked
    tail -n 1 "$work/errors" >"$work/last"
    same $status 1 "exit status" &&
        same "$(wc -l <"$work/errors")" 4 "progress lines" &&
        has_line '^1 of 4 pages, [01] failed, [0-9]* bytes$' "$work/errors" &&
        has_line '^4 of 4 pages, 2 failed, 23 bytes$' "$work/last"
}

# On a terminal the line is drawn in place, and results stand above it.
progress_on_a_terminal()
{
    set -- "$build/examples/crawler $mode"
    script -qec "$1 http://127.0.0.1:$port/ok http://127.0.0.1:$port/500" \
        /dev/null </dev/null >"$work/terminal"
    same $? 1 "exit status" || return 1
    tr '\r\033' '<>' <"$work/terminal" >"$work/lines"
    tail -n 1 "$work/lines" >"$work/last"
    has_line '^<>.K2 of 2 pages, 1 failed, 8 bytes<$' "$work/last" &&
        has_line "^\(.*[0-9] bytes\)*<>.Khttp://.*/ok: 200, 3 bytes<\$" \
            "$work/lines"
}

# The session in README.md, but for the port and the order of a level.
readme()
{
    sed -n '/^\$ crawler /,/^```$/p' "$source/examples/crawler/README.md" |
        sed -e '/^```$/d' -e 's|http://127.0.0.1:40000/|@/|g' >"$work/session"
    # shellcheck disable=SC2046  # words
    crawl $(sed -n 's/^\$ crawler //p' "$work/session" | sed 's|@/|/|g')
    sed -e '/^\$/d' -e 's/, [0-9]* bytes//' "$work/session" >"$work/said"
    sed -i 's/, [0-9]* bytes//' "$work/output"
    [ -s "$work/said" ] && ended 1 <"$work/said"
}

# Results that nobody gets are a failure.
output_cannot_be_written()
{
    # shellcheck disable=SC2086  # words
    "$build/examples/crawler" $mode "http://127.0.0.1:$port/ok" >/dev/full \
        2>"$work/errors"
    same $? 1 "exit status" &&
        has_line 'standard output cannot be written' "$work/errors"
}

refuses()
{
    refuses_arguments "$build/examples/crawler" "$@"
}

usage()
{
    explains_itself "$build/examples/crawler" &&
        refuses &&
        refuses --progress &&
        refuses --nothing http://x/ &&
        refuses --concurrency 0 http://x/ &&
        refuses --concurrency 10001 http://x/ &&
        refuses --concurrency ' 1' http://x/ &&
        refuses --concurrency 1x http://x/ &&
        refuses --concurrency 1 --threads 1 http://x/ &&
        refuses --threads -1 http://x/ &&
        refuses --timeout 0 http://x/ &&
        refuses --timeout nan http://x/ &&
        refuses --timeout 1s http://x/ &&
        refuses --max-bytes -1 http://x/ &&
        refuses --max-bytes 9999999999999999999 http://x/ &&
        refuses --depth x http://x/ &&
        refuses www.example.org &&
        refuses ftp://x/ &&
        refuses http:/// &&
        refuses http://x:0/ &&
        refuses http://x:65536/ &&
        refuses http://user@x/ &&
        refuses "$(printf 'http://x/\r\nHost: y')"
}

# Runs a test, with a server of its own.
run()
{
    name=$1
    mode=$2
    shift 2
    start_server && "$@" && stop_server
    verdict "$name $mode" $?
    [ -z "$beside" ] || kill -KILL "$beside"
    [ -z "$server" ] || kill -KILL "$server"
    wait
    beside=
    server=
}

run usage '' usage
for way in --concurrency --threads; do
    for test in good_pages pages_that_are_not_there malformed_answers \
        pages_without_end longest_page deadlines names connections_that_fail \
        links readme results_as_they_come progress output_cannot_be_written; do
        run $test "$way 4" $test
    done
    run deadlines "$way 1" deadlines
    run redirects "$way 4" redirects 11
    run bounded "$way 3" bounded
    run interrupted "$way 4" interrupted
    run interrupted_early "$way 1" interrupted_early
    if command -v script >/dev/null; then
        run progress_on_a_terminal "$way 4" progress_on_a_terminal
    else
        skip "progress_on_a_terminal $way" "no script"
    fi
done

sum_up
