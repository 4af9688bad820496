#!/bin/sh
# Plays the users of examples/chat, good and bad ones, by scripts for play.c.
#
# usage: tests/chat/run.sh SOURCE BUILD
#
# SOURCE is the tree, BUILD the folder with examples/ and tests/chat/. Words in
# the environment variable UNDER are put before the server, such as "valgrind
# --quiet --error-exitcode=99"; TESTS names the tests to run, in place of all.
# The last line is "N passed, N failed, N skipped". What has to wait for another
# process waits until it sees what it waits for.
set -u

source=$1
build=$2
chat=$build/examples/chat
readme=$source/examples/chat/README.md
# shellcheck source=tests/harness/play.sh
. "$source/tests/harness/play.sh"

run()
{
    "$@"
    ended=$?
    verdict "$1" $ended
    if [ $ended -ne 0 ]; then
        [ -z "$server" ] || kill -KILL "$server"
        [ -z "$server" ] || wait "$server"
        server=
    fi
}

# --- the server ---

# Starts it with options; sets server and port. The other end of a fifo says
# when it listens, so nobody has to look again and again.
start()
{
    rm -f "$work/listening"
    mkfifo "$work/listening"
    # shellcheck disable=SC2086  # words
    ${UNDER-} "$chat" --port 0 "$@" >"$work/listening" 2>"$work/errors" &
    server=$!
    read -r line <"$work/listening"
    port=${line##*:}
    same "$line" "listening on 127.0.0.1:$port" "what the server says"
}

# Plays the script on standard input.
play()
{
    "$build/tests/chat/play" "$port" "$server" 2>"$work/said" && return 0
    cat "$work/said"
    return 1
}

# It has been told to end, or is now: status 0, and nothing to complain about.
ended()
{
    wait "$server"
    status=$?
    server=
    same $status 0 "status of the server" &&
        same "$(cat "$work/errors")" "" "errors of the server"
}

stop()
{
    kill -TERM "$server" && ended
}

# --- good users ---

# What README.md shows is what happens.
readme_is_played()
{
    awk '/^```chat$/ { inside = 1; next } /^```$/ { inside = 0 } inside' \
        "$readme" >"$work/transcript"
    [ -s "$work/transcript" ] || return 1
    start && play <"$work/transcript" && ended
}

names()
{
    start || return 1
    play <<-END && stop
	ada< * hello, guest1: you are in #lobby; /help says what you can do
	bob< * hello, guest2: you are in #lobby; /help says what you can do
	ada< * guest2 comes in
	ada> /nick Ada
	ada< * you are Ada
	bob< * guest1 is now Ada
	# whatever the case
	bob> /nick ADA
	bob< * Ada is somebody else
	bob> /nick ada-2_B
	bob< * you are ada-2_B
	ada< * guest2 is now ada-2_B
	# one's own name in another way
	ada> /nick ADA
	ada< * you are ADA
	bob< * Ada is now ADA
	ada> /nick
	ada< * a name has 1 to 20 letters, digits, - and _
	ada> /nick a b
	ada< * a name has 1 to 20 letters, digits, - and _
	ada> /nick x.y
	ada< * a name has 1 to 20 letters, digits, - and _
	ada> /nick adá
	ada< * a name has 1 to 20 letters, digits, - and _
	ada> /nick 123456789012345678901
	ada< * a name has 1 to 20 letters, digits, - and _
	ada> /nick 12345678901234567890
	ada< * you are 12345678901234567890
	bob< * ADA is now 12345678901234567890
	# a name that somebody takes before it is given out
	bob> /nick guest3
	bob< * you are guest3
	cy< * hello, guest4: you are in #lobby; /help says what you can do
	# a name is free when its user has gone
	bob< * guest4 comes in
	cy> /quit
	cy< * goodbye
	cy! ended
	bob< * guest4 leaves: quits
	bob> /nick guest4
	bob< * you are guest4
	END
}

rooms()
{
    start || return 1
    play <<-END && stop
	ada<~ * hello, guest1
	bob<~ * hello, guest2
	ada< * guest2 comes in
	ada> /join #Tea
	ada< * you are in #Tea, with 0 more
	bob< * guest1 leaves: goes to another room
	bob> nobody hears this
	bob> /rooms
	bob< * rooms: #lobby (1), #Tea (1)
	bob> /join tea
	bob< * you are in #Tea, with 1 more
	ada< * guest2 comes in
	bob>   spaces   at the ends are cut off  
	ada< <guest2> spaces   at the ends are cut off
	# a room nobody is in is none
	bob> /rooms
	bob< * rooms: #Tea (2)
	ada> /who
	ada< * in #Tea: guest1, guest2
	ada> /join TEA
	ada< * you are in #Tea
	ada> /leave
	ada< * you are in #lobby, with 0 more
	bob< * guest1 leaves: goes to another room
	ada> /leave
	ada< * you are in #lobby
	ada> /join
	ada< * a room's name has 1 to 20 letters, digits, - and _
	ada> /join ##x
	ada< * a room's name has 1 to 20 letters, digits, - and _
	ada> /join a b
	ada< * a room's name has 1 to 20 letters, digits, - and _
	# across rooms
	ada> /msg guest2 are you there?
	bob< <guest1 to you> are you there?
	ada> /msg guest3 hello
	ada< * nobody is called guest3
	ada> /msg guest2
	ada< * /msg NAME TEXT
	ada> /msg
	ada< * /msg NAME TEXT
	ada> /MSG GUEST1 to myself
	ada< <guest1 to you> to myself
	ada> /dance
	ada< * there is no /dance; /help says what there is
	ada> / x
	ada< * there is no /; /help says what there is
	ada> /help
	ada< * /help            this
	ada<~ * /join ROOM
	ada<~ * /leave
	ada<~ * /msg NAME TEXT
	ada<~ * /nick NAME
	ada<~ * /quit
	ada<~ * /rooms
	ada<~ * /who
	END
}

# Lists of names have a bound.
crowd()
{
    start || return 1
    {
        for i in $(seq 200); do
            echo "u$i<~ * hello, guest$i:"
        done
        echo "u200> /who"
        printf 'u200< * in #lobby: guest1'
        printf ', guest%d' $(seq 2 50)
        echo " and 150 more"
        echo "u200> hello, everybody"
        for i in $(seq 199); do
            echo "u$i<< <guest200> hello, everybody"
            echo "u$i> /join room$i"
        done
        for i in $(seq 199); do
            echo "u$i<< * you are in #room$i, with 0 more"
        done
        for i in $(seq 199); do
            echo "u200< * guest$i leaves: goes to another room"
        done
        echo "u200> /rooms"
        printf 'u200< * rooms: #lobby (1)'
        printf ', #room%d (1)' $(seq 49)
        echo " and 150 more"
        echo "! TERM"
        for i in $(seq 200); do
            echo "u$i< * the chat ends: goodbye"
            echo "u$i! ended"
        done
    } | play && ended
}

full()
{
    start --max-clients 2 || return 1
    play <<-END && stop
	ada<~ * hello, guest1
	bob<~ * hello, guest2
	cy< * the chat is full: try again later
	cy! ended
	bob> /quit
	bob< * goodbye
	ada< * guest2 comes in
	ada< * guest2 leaves: quits
	dan<~ * hello, guest3
	END
}

# --- what lines may be ---

lines()
{
    start --line-bytes 100 || return 1
    ten=xxxxxxxxxx
    fifty=$ten$ten$ten$ten$ten
    play <<-END && stop
	ada<~ * hello, guest1
	bob<~ * hello, guest2
	ada< * guest2 comes in
	bob! raw hello\r\n\n\r\n   \n/who\r\n
	ada< <guest2> hello
	bob< * in #lobby: guest1, guest2
	# one line in many pieces, many lines in one
	bob! raw gr\xc3
	bob! raw \xbc\xc3\x9f
	bob! raw e\n1\n2\n3\n
	ada< <guest2> grüße
	ada< <guest2> 1
	ada< <guest2> 2
	ada< <guest2> 3
	bob> a	tab, € and 🐢
	ada< <guest2> a	tab, € and 🐢
	# a part of a character; too long a form; half a pair; beyond the end
	bob! raw \xc3\n\xc0\xaf\n\xe0\x80\xaf\n\xed\xa0\x80\n\xf4\x90\x80\x80\n
	bob< * that line is not UTF-8; nobody got it
	bob< * that line is not UTF-8; nobody got it
	bob< * that line is not UTF-8; nobody got it
	bob< * that line is not UTF-8; nobody got it
	bob< * that line is not UTF-8; nobody got it
	bob! raw \x1b[2J\n\x00\na\rb\n\x7f\n\xc2\x9b2J\n
	bob< * that line has control characters; nobody got it
	bob< * that line has control characters; nobody got it
	bob< * that line has control characters; nobody got it
	bob< * that line has control characters; nobody got it
	bob< * that line has control characters; nobody got it
	# what a command says is looked at too
	bob! raw /msg guest1 \x1b[2J\n/nick \xff\n
	bob< * that line has control characters; nobody got it
	bob< * that line is not UTF-8; nobody got it
	END
}

# The limit is for a line without its end; one beyond it is skipped, whole.
long_lines()
{
    start --line-bytes 100 --lines-per-second 0 || return 1
    ten=xxxxxxxxxx
    fifty=$ten$ten$ten$ten$ten
    play <<-END && stop
	ada<~ * hello, guest1
	bob<~ * hello, guest2
	ada< * guest2 comes in
	bob> $fifty$fifty
	ada< <guest2> $fifty$fifty
	bob> $fifty${fifty}x
	bob< * that line is too long; nobody got it
	bob! pours 100
	bob! raw x\n1\n
	bob< * that line is too long; nobody got it
	ada< <guest2> 1
	bob! pours 70000
	bob! raw \nthat was too long\n
	bob< * that line is too long; nobody got it
	ada< <guest2> that was too long
	# it never ends
	bob! pours 3000000
	ada< * guest2 leaves: sends a line without an end
	bob< * that line has no end: goodbye
	bob! ended
	END
}

# --- ways to go ---

# $1 is what the user does last, $2 how the reason begins that others hear.
# Before it greeting, after it, with something unread, in the middle of a line.
goes()
{
    number=1
    for before in '# nothing' 'u<~ * hello' 'u! raw half a li' \
        'u! raw /who\\n/help\\n/who\\nhalf' 'u! raw said\\n/who\\n' \
        'u! raw \\xc3' 'u! pours 5000'; do
        number=$((number + 1))
        user=u$number
        echo "$user! connects 4096"
        echo "$before" | sed "s/^u/$user/"
        echo "$user! $1"
        echo "ada< * guest$number comes in"
        [ "$before" != 'u! raw said\\n/who\\n' ] ||
            [ "$1" = resets ] || echo "ada< <guest$number> said"
        [ "$1" != resets ] && echo "ada<~ * guest$number leaves: $2" ||
            echo "ada<< * guest$number leaves: $2"
    done
    echo "ada> /who"
    echo "ada< * in #lobby: guest1"
}

hanging_up()
{
    start || return 1
    { echo "ada<~ * hello"; goes closes ''; } | play && stop
}

resetting()
{
    start || return 1
    { echo "ada<~ * hello"; goes resets 'connection lost'; } | play && stop
}

# Who has said all still hears the answers.
half_closing()
{
    start || return 1
    play <<-END && stop
	ada<~ * hello
	u! raw /nick u\n/who\n/join x\n/who\n/dev
	u! ends
	u<~ * hello, guest2
	u< * you are u
	u< * in #lobby: guest1, u
	u< * you are in #x, with 0 more
	u< * in #x: u
	u< * goodbye
	u! ended
	ada< * guest2 comes in
	ada< * guest2 is now u
	ada< * u leaves: goes to another room
	ada> /rooms
	ada< * rooms: #lobby (1)
	END
}

# What comes behind it is not done; the word is not lost for it.
quitting()
{
    start || return 1
    play <<-END && stop
	ada<~ * hello
	u! raw /quit\nnot said\n/who\n
	u<~ * hello
	u< * goodbye
	u! ended
	u> not heard
	ada< * guest2 comes in
	ada< * guest2 leaves: quits
	ada> /who
	ada< * in #lobby: guest1
	END
}

# --- those who mean no good ---

# It never reads. The others go on, and are told when it is dropped; it can
# read what was on its way, and then the word.
slow_reader()
{
    start --lines-per-second 0 --backlog-lines 50 --farewell 600 || return 1
    play <<-END && stop
	ada<~ * hello, guest1
	bob<~ * hello, guest2
	slow! connects 4096
	slow<~ * hello, guest3
	ada! floods bob until * guest3 leaves: reads too slowly
	ada<< * guest3 leaves: reads too slowly
	ada> /who
	ada< * in #lobby: guest1, guest2
	slow<< * you read too slowly: goodbye
	slow! ended
	slow! closes
	END
}

# It asks and never listens to the answers.
never_listens()
{
    start --lines-per-second 0 --backlog-lines 20 --farewell 600 || return 1
    play <<-END && stop
	ada<~ * hello, guest1
	bad! connects 4096
	bad<~ * hello, guest2
	ada< * guest2 comes in
	bad! repeats 40000 /help
	ada< * guest2 leaves: reads too slowly
	bad<< * you read too slowly: goodbye
	bad! ended
	bad! closes
	END
}

# Nobody is dropped for what a flood makes them read: it waits in its own
# connection.
flood()
{
    start --lines-per-second 10 --backlog-lines 30 || return 1
    play <<-END && stop
	ada<~ * hello, guest1
	bob<~ * hello, guest2
	bad! connects 4096
	bad<~ * hello, guest3
	bad! stuffs a line of a flood that has no end but the kernel's patience
	ada> still here?
	bob<< <guest1> still here?
	bob> yes
	ada<< <guest2> yes
	# noticed by who writes to it: there is much left to read
	bad! resets
	ada! floods bob until * guest3 leaves: connection lost
	ada<< * guest3 leaves: connection lost
	ada> /who
	ada< * in #lobby: guest1, guest2
	END
}

# --- the server's end ---

# $1 is the signal.
goodbye()
{
    start || return 1
    play <<-END && ended
	ada<~ * hello, guest1
	bob<~ * hello, guest2
	bob> /join x
	bob<< * you are in #x, with 0 more
	cy<~ * hello, guest3
	cy! raw half a li
	! $1
	ada<< * the chat ends: goodbye
	ada! ended
	ada! closes
	bob< * the chat ends: goodbye
	bob! ended
	bob! closes
	cy< * the chat ends: goodbye
	cy! ended
	END
}

goodbye_by_INT()
{
    goodbye INT
}

goodbye_by_TERM()
{
    goodbye TERM
}

# Who does not hang up is hung up on, when the time for that is over: here
# there is none, or it is so long that only the second signal ends it.
goodbye_is_bounded()
{
    start --farewell 0 || return 1
    play <<-END && ended || return 1
	ada<~ * hello, guest1
	! TERM
	! ended
	END
    start --farewell 100000 || return 1
    play <<-END && ended
	ada<~ * hello, guest1
	! TERM
	ada< * the chat ends: goodbye
	ada! ended
	! INT
	! ended
	END
}

# --- its arguments ---

refuses()
{
    refuses_arguments "$chat" "$@"
}

arguments()
{
    explains_itself "$chat" &&
        refuses --port 65536 &&
        refuses --port -1 &&
        refuses --port 7x &&
        refuses --port '' &&
        refuses --port &&
        refuses --host &&
        refuses --max-clients 0 &&
        refuses --backlog-lines 0 &&
        refuses --line-bytes 10 &&
        refuses --idle-timeout 1.5 &&
        refuses --help=yes &&
        refuses --what &&
        refuses 7777 &&
        refuses --port 0 more
}

cannot_listen()
{
    start || return 1
    "$chat" --port "$port" >"$work/output" 2>"$work/said"
    same $? 1 "status" &&
        has_line "^chat: cannot listen: .*('127.0.0.1', $port).*already in use" \
            "$work/said" &&
        same "$(wc -l <"$work/said")" 1 "lines of errors" &&
        same "$(cat "$work/output")" "" "standard output" &&
        stop
}

all='readme_is_played names rooms crowd full lines long_lines hanging_up
    resetting half_closing quitting slow_reader never_listens flood
    goodbye_by_INT goodbye_by_TERM goodbye_is_bounded arguments cannot_listen'
for test in ${TESTS:-$all}; do
    run "$test"
done

sum_up
