/*
 * command.c - see command.h
 *
 * Every command answers in one line of the queue, however much it has to say:
 * a user that asks is not to be dismissed for the answer.
 */
#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "room.h"
#include "user.h"

struct command {
    const char *name;
    const char *usage;
    const char *meaning;
    void (*run)(struct user *user, struct text rest);
};

enum { MOST_LISTED = 50 }; /* names of users or rooms in one answer */

/* --- lists of names --- */

struct list {
    size_t size, count, left_out;
    char text[MOST_LISTED * (NAME_SIZE + 16)]; /* "#name (count), " */
};

__attribute__((format(printf, 2, 3))) static void
list_add(struct list *list, const char *format, ...)
{
    va_list arguments;

    if (list->count == MOST_LISTED) {
        list->left_out++;
        return;
    }
    if (list->count++)
        list->size += (size_t)snprintf(list->text + list->size,
                                       sizeof list->text - list->size, ", ");
    va_start(arguments, format);
    list->size +=
        (size_t)vsnprintf(list->text + list->size,
                          sizeof list->text - list->size, format, arguments);
    va_end(arguments);
}

static void tell_list(struct user *user, const char *title,
                      const struct list *list)
{
    if (list->left_out)
        user_tell(user, "* %s: %s and %zu more\n", title, list->text,
                  list->left_out);
    else
        user_tell(user, "* %s: %s\n", title, list->text);
}

/* --- commands --- */

static void nick(struct user *user, struct text rest)
{
    struct text name = text_cut_word(&rest);
    struct user *other = chat_find_user(user->chat, name);
    char old[NAME_SIZE];

    if (!text_is_name(name) || rest.size) {
        user_tell(user, "* a name has 1 to %d letters, digits, - and _\n",
                  NAME_SIZE - 1);
        return;
    }
    if (other && other != user) {
        user_tell(user, "* %s is somebody else\n", other->name);
        return;
    }
    memcpy(old, user->name, sizeof old);
    snprintf(user->name, sizeof user->name, "%.*s", TEXT_ARGUMENTS(name));
    user_tell(user, "* you are %s\n", user->name);
    room_tell(user->room, user, "* %s is now %s\n", old, user->name);
}

/* Rooms may be written with "#", as they are shown. */
static void join(struct user *user, struct text rest)
{
    struct text name = text_cut_word(&rest);

    if (name.size && name.start[0] == '#') {
        name.start++;
        name.size--;
    }
    if (!text_is_name(name) || rest.size) {
        user_tell(user,
                  "* a room's name has 1 to %d letters, digits, - and _\n",
                  NAME_SIZE - 1);
        return;
    }
    if (text_is(name, user->room->name)) {
        user_tell(user, "* you are in #%s\n", user->room->name);
        return;
    }
    room_leave(user, "goes to another room");
    room_enter(user, name);
    user_tell(user, "* you are in #%s, with %zu more\n", user->room->name,
              user->room->member_count - 1);
}

static void leave(struct user *user, struct text rest)
{
    (void)rest;
    join(user, text_of(LOBBY));
}

static void rooms(struct user *user, struct text rest)
{
    struct list list = {0};
    struct room *room;

    (void)rest;
    TAILQ_FOREACH (room, &user->chat->rooms, in_chat)
        list_add(&list, "#%s (%zu)", room->name, room->member_count);
    tell_list(user, "rooms", &list);
}

static void who(struct user *user, struct text rest)
{
    struct list list = {0};
    struct user *other;
    char title[NAME_SIZE + 8];

    (void)rest;
    TAILQ_FOREACH (other, &user->room->members, in_room)
        list_add(&list, "%s", other->name);
    snprintf(title, sizeof title, "in #%s", user->room->name);
    tell_list(user, title, &list);
}

static void msg(struct user *user, struct text rest)
{
    struct text name = text_cut_word(&rest);
    struct user *other = chat_find_user(user->chat, name);

    if (!name.size || !rest.size)
        user_tell(user, "* /msg NAME TEXT\n");
    else if (!other)
        user_tell(user, "* nobody is called %.*s\n", TEXT_ARGUMENTS(name));
    else
        user_tell(other, "<%s to you> %.*s\n", user->name,
                  TEXT_ARGUMENTS(rest));
}

static void quit(struct user *user, struct text rest)
{
    (void)rest;
    user_dismiss(user, "* goodbye\n", "quits");
}

static void help(struct user *user, struct text rest);

static const struct command commands[] = {
    {"/help", "", "this", help},
    {"/join", " ROOM", "go to a room, which is made if need be", join},
    {"/leave", "", "back to #lobby", leave},
    {"/msg", " NAME TEXT", "say something to one user alone", msg},
    {"/nick", " NAME", "have another name", nick},
    {"/quit", "", "goodbye", quit},
    {"/rooms", "", "which rooms there are", rooms},
    {"/who", "", "who is in this room", who},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void help(struct user *user, struct text rest)
{
    char text[1024];
    size_t size = 0;

    (void)rest;
    for (int i = 0; i < COMMANDS; i++) {
        char usage[32];

        snprintf(usage, sizeof usage, "%s%s", commands[i].name,
                 commands[i].usage);
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "* %-16s %s\n", usage, commands[i].meaning);
    }
    user_tell(user, "%s", text);
}

/* --- lines --- */

static void obey_command(struct user *user, struct text rest)
{
    struct text name = text_cut_word(&rest);

    for (int i = 0; i < COMMANDS; i++) {
        if (text_is(name, commands[i].name)) {
            commands[i].run(user, rest);
            return;
        }
    }
    user_tell(user, "* there is no %.*s; /help says what there is\n",
              TEXT_ARGUMENTS(name));
}

void command_obey(struct user *user, struct text line)
{
    const char *fault = text_fault(line);

    line = text_trim(line);
    if (fault)
        user_tell(user, "* that line %s; nobody got it\n", fault);
    else if (line.size && line.start[0] == '/')
        obey_command(user, line);
    else if (line.size)
        room_tell(user->room, user, "<%s> %.*s\n", user->name,
                  TEXT_ARGUMENTS(line));
}
