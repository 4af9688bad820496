/*
 * room.h - users who hear each other
 *
 * A room is an object of cede's with references, and its members hold them:
 * it is there as long as somebody is in it. The chat lists it and has none.
 */
#pragma once

#include <cede.h>

#include "chat.h"

/* The room where everybody begins; but for that it is one like all others. */
#define LOBBY "lobby"

TAILQ_HEAD(room_members, user);

struct room {
    cede_object head;
    struct chat *chat; /* borrowed */
    TAILQ_ENTRY(room) in_chat;
    struct room_members members; /* borrowed, in the order of their coming */
    size_t member_count;
    char name[NAME_SIZE];
};

/*
 * Puts a user who is in no room into the one of this name, which is made if
 * need be; takes a user out of its room, if it is in one. Says so to the
 * others. Raise MemoryError when not all could be told; never suspend.
 */
void room_enter(struct user *user, struct text name);
void room_leave(struct user *user, const char *why);

/*
 * Gives a line, whose reference it takes, to the members but one (or NULL).
 * Never suspends: whoever has no room for it is dismissed (user.h), and goes
 * when its own task runs, so that the list stays as it is meanwhile. Raises
 * MemoryError.
 */
void room_send(struct room *room, const struct user *but, cede_value line);

/* The same with a line made as by printf. */
#define room_tell(room, but, ...)                                              \
    room_send((room), (but), cede_str_format(__VA_ARGS__))
