/*
 * chat.c - see chat.h
 */
#include "chat.h"

#include <stdio.h>

#include "room.h"
#include "user.h"

void chat_init(struct chat *chat, const struct options *options)
{
    *chat = (struct chat){.options = options};
    TAILQ_INIT(&chat->users);
    TAILQ_INIT(&chat->rooms);
}

void chat_enter(struct chat *chat, struct user *user)
{
    do
        snprintf(user->name, sizeof user->name, "guest%lu", ++chat->guests);
    while (chat_find_user(chat, text_of(user->name)));
    TAILQ_INSERT_TAIL(&chat->users, user, in_chat);
    chat->user_count++;
}

void chat_leave(struct chat *chat, struct user *user)
{
    TAILQ_REMOVE(&chat->users, user, in_chat);
    chat->user_count--;
}

struct user *chat_find_user(const struct chat *chat, struct text name)
{
    struct user *user;

    TAILQ_FOREACH (user, &chat->users, in_chat)
        if (text_is(name, user->name))
            return user;
    return NULL;
}

struct room *chat_find_room(const struct chat *chat, struct text name)
{
    struct room *room;

    TAILQ_FOREACH (room, &chat->rooms, in_chat)
        if (text_is(name, room->name))
            return room;
    return NULL;
}
