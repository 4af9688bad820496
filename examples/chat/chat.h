/*
 * chat.h - who is in the chat, and which rooms there are
 *
 * Nothing of it belongs to the chat: a user is its connection's and a room is
 * its members'. They enter themselves and take themselves off, each in its own
 * task, so that whoever walks a list without suspending may trust it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "options.h"
#include "text.h"

struct room;
struct user;

TAILQ_HEAD(chat_users, user);
TAILQ_HEAD(chat_rooms, room);

struct chat {
    const struct options *options; /* borrowed */
    struct chat_users users;       /* in the order in which they came */
    struct chat_rooms rooms;       /* in the order in which they were made */
    size_t user_count;
    size_t turned_away;   /* connections that are being told that it is full */
    unsigned long guests; /* that have been given a name */
    bool closing;         /* nobody comes in any more */
};

/* An empty chat; it must stay where it is, the lists point into it. */
void chat_init(struct chat *chat, const struct options *options);

/* Gives a user the first name that is free and enters it; takes it off. */
void chat_enter(struct chat *chat, struct user *user);
void chat_leave(struct chat *chat, struct user *user);

/* By name, borrowed; NULL if there is none. */
struct user *chat_find_user(const struct chat *chat, struct text name);
struct room *chat_find_room(const struct chat *chat, struct text name);
