/*
 * room.c - see room.h
 */
#include "room.h"

#include <stdio.h>

#include "user.h"

static void destroy(void *self)
{
    struct room *room = self;

    TAILQ_REMOVE(&room->chat->rooms, room, in_chat);
}

static CEDE_CLASS(Room, struct room, .destroy = destroy);

/* One reference to a room without members. */
static struct room *make(struct chat *chat, struct text name)
{
    struct room *room = cede_object_new(Room);

    room->chat = chat;
    TAILQ_INIT(&room->members);
    snprintf(room->name, sizeof room->name, "%.*s", TEXT_ARGUMENTS(name));
    TAILQ_INSERT_TAIL(&chat->rooms, room, in_chat);
    return room;
}

void room_enter(struct user *user, struct text name)
{
    struct room *room = chat_find_room(user->chat, name);

    room = room ? cede_ref(room) : make(user->chat, name);
    user->room = room; /* has the reference from here on */
    TAILQ_INSERT_TAIL(&room->members, user, in_room);
    room->member_count++;
    room_tell(room, user, "* %s comes in\n", user->name);
}

void room_leave(struct user *user, const char *why)
{
    struct room *room = user->room;

    if (!room)
        return;
    cede_defer (cede_unref, room);

    user->room = NULL;
    TAILQ_REMOVE(&room->members, user, in_room);
    room->member_count--;
    room_tell(room, NULL, "* %s leaves: %s\n", user->name, why);
}

void room_send(struct room *room, const struct user *but, cede_value line)
{
    struct user *user;
    cede_defer (cede_value_clear, &line);

    TAILQ_FOREACH (user, &room->members, in_room)
        if (user != but)
            user_send(user, cede_value_ref(line));
}
