#!/bin/sh
# Includes go down only. Reads every #include "..." of the tree and complains
# about those that look up, sideways into another room of the top floor, or
# around the glass floor.
#
# usage: tools/check-includes.sh [TREE]
#
# The rules:
#   - rooms, from the bottom: base arch stack value flow coro loop task sync
#     work, then net proc sim trace side by side; a room includes itself and
#     what is below it;
#   - loop/ knows callbacks only: neither flow's callers coro/ nor task/;
#   - from sync/ up, only public headers, the room's own, and base/, which is
#     the ground under all of them: memory and system calls have no other door;
#   - a public header belongs to the room that implements it and obeys that
#     room's rule; cede.h, the door, includes them all, and cede/coro.h those
#     of the rooms up to coro/;
#   - cede/impl/ is the inline half of its room: public headers and that room
#     include it; platform.h, which says what the compiler is, is everybody's;
#   - an include is written from include/ or src/, never relative;
#   - examples include public headers and what lies beside them.
set -eu

cd "${1:-$(dirname "$0")/..}"

# Public headers whose name is no folder, nor that of one file, of src/.
homes="call=value cancel_scope=task group=value platform=base memory=base version=base try=flow iterator=coro itertools=coro list=flow lowlevel=task queue=sync inspect=task thread=work"

{
    find src -name '*.[chS]'
    find include examples -name '*.[ch]'
} | sort | HOMES=$homes awk '
    function level(room) {
        return room in floor ? floor[room] : -1
    }

    # The room of a public header, "" if nobody says.
    function home(noun,    parts) {
        if (noun in homes)
            return homes[noun]
        if (noun in floor)
            return noun
        if (noun in owner && split(owner[noun], parts, " ") == 1)
            return owner[noun]
        return ""
    }

    function noun_of(path) {
        sub(/^.*\//, "", path)
        sub(/\.[chS]$/, "", path)
        return path
    }

    function wrong(file, line, text) {
        printf "%s:%d: %s\n", file, line, text
        errors++
    }

    function look(file, line, from, target,    to, parts, public, impl) {
        public = target ~ /^cede\// || target == "cede.h"
        impl = target ~ /^cede\/impl\//
        if (file ~ /^examples\//) {
            if (impl || (!public && target ~ /\//))
                wrong(file, line, "an example includes " target)
            return
        }
        if (file == "include/cede.h" || file == "include/cede/coro.h")
            through[file, target] = 1
        if (file == "include/cede.h")
            return
        if (file ~ /^include\// && !public) {
            wrong(file, line, "a public header includes " target)
            return
        }
        if (target !~ /\//) {
            wrong(file, line, target " is not written from src/ or include/")
            return
        }
        split(target, parts, "/")
        to = public ? home(noun_of(target)) : parts[1]
        if (level(to) < 0) {
            wrong(file, line, "nobody knows the room of " target \
                " (tools/check-includes.sh: homes)")
            return
        }
        if (level(from) < 0) {
            wrong(file, line, "nobody knows the room of this file" \
                " (tools/check-includes.sh: homes, floors)")
            return
        }
        if (to == from || target == "cede/impl/platform.h")
            return
        if (level(to) >= level(from))
            wrong(file, line, from "/ includes " target ", which is up in " \
                to "/")
        else if (from == "loop" && to == "coro")
            wrong(file, line, "loop/ knows callbacks only, not " target)
        else if (impl && file ~ /^src\//)
            wrong(file, line, target " is for public headers and " to "/")
        else if (!public && level(from) >= floor["sync"] && to != "base")
            wrong(file, line, from "/ is above the glass floor and includes " \
                target)
    }

    # Does a door lead to this public header?
    function led(door, file, room,    target) {
        target = substr(file, length("include/") + 1)
        if (!(door in there) || (door, target) in through)
            return
        if (door == "include/cede.h" ? target != "cede/coro.h" \
                : level(room) <= floor["coro"] && file != door)
            wrong(door, 1, "does not include " target)
    }

    BEGIN {
        split("base arch stack value flow coro loop task sync work net", up)
        for (i in up)
            floor[up[i]] = i + 0
        floor["proc"] = floor["sim"] = floor["trace"] = floor["net"]
        pairs = split(ENVIRON["HOMES"], pair)
        for (i = 1; i <= pairs; i++) {
            split(pair[i], sides, "=")
            homes[sides[1]] = sides[2]
        }
    }

    { files[++count] = $0; there[$0] = 1 }

    # Which room has a file of a name; more than one is nobody.
    $0 ~ /^src\// {
        split($0, parts, "/")
        noun = noun_of($0)
        if ((" " owner[noun] " ") !~ (" " parts[2] " "))
            owner[noun] = owner[noun] == "" ? parts[2] \
                : owner[noun] " " parts[2]
    }

    END {
        for (i = 1; i <= count; i++) {
            file = files[i]
            split(file, parts, "/")
            if (file ~ /^src\//)
                from = parts[2]
            else
                from = home(noun_of(file))
            line = 0
            while ((getline text < file) > 0) {
                line++
                if (text !~ /^[ \t]*#[ \t]*include[ \t]*"/)
                    continue
                includes++
                split(text, parts, "\"")
                look(file, line, from, parts[2])
            }
            close(file)
        }
        for (i = 1; i <= count; i++)
            if (files[i] ~ /^include\/cede\/[^\/]*\.h$/) {
                led("include/cede.h", files[i])
                led("include/cede/coro.h", files[i], home(noun_of(files[i])))
            }
        printf "includes: %d in %d files, %d wrong\n", includes, count, errors
        exit errors > 0 || includes == 0
    }'
