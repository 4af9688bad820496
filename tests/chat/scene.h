/*
 * scene.h - users of a chat in one process, on a virtual clock
 *
 * A user's connection is a socket pair, so that what one side sends is there
 * at once for the other, and time goes on only when everybody waits for it.
 */
#pragma once

#include "base/system.h"
#include "net/pair.h"

#include "chat.h"
#include "user.h"

#include <cede.h>

struct scene {
    struct options options;
    struct chat chat;
    cede_nursery
        *users;        /* their connections' tasks */
    cede_stream *held; /* one that outlives the play; owned, or NULL */
};

struct visit {
    struct chat *chat;
    cede_stream *stream; /* the server's side; owned */
};

/* What a server does with a connection. */
UNUSED_HELPER static void attend(const struct visit *visit)
{
    cede_own (stream, visit->stream);
    cede_defer (cede_stream_close, stream);

    user_attend(stream, visit->chat);
}

/* Somebody connects: the user's side of it, one reference. */
UNUSED_HELPER static cede_stream *come(struct scene *scene)
{
    static const cede__address nobody;
    struct visit visit = {&scene->chat, NULL};
    int fds[2] = {-1, -1};

    cede_own (outside, cede__stream_new());
    cede_own (inside, cede__stream_new());
    cede_check(
        cede__sys_socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds));
    cede__stream_open(outside, fds[0], &nobody);
    cede__stream_open(inside, fds[1], &nobody);
    visit.stream = inside;
    cede_nursery_start_soon_with(scene->users, attend, visit);
    cede_ref(inside); /* attend has it now */
    return cede_ref(outside);
}

UNUSED_HELPER static void says(cede_stream *user, const char *text)
{
    cede_stream_write(user, text, strlen(text));
}

/* The next line that a user is told is this one, or the play is over. */
UNUSED_HELPER static void hears(cede_stream *user, const char *wanted)
{
    char text[2048] = "(the end)\n";
    size_t size;
    const char *line = cede_stream_readline(user, &size);

    if (line)
        snprintf(text, sizeof text, "%.*s", (int)size, line);
    text[strlen(text) - 1] = '\0';
    if (!CHECK_STR(text, wanted))
        cede_raise(cede_AssertionError, "another line");
}

/* The server's side has ended. */
UNUSED_HELPER static void hears_end(cede_stream *user)
{
    size_t size;
    const char *line = cede_stream_readline(user, &size);

    if (!CHECK_STR(line, NULL))
        cede_raise(cede_AssertionError, "a line");
}

UNUSED_HELPER static void let_go(struct scene *scene)
{
    cede_unref(scene->held);
}

UNUSED_HELPER static double now(void)
{
    return cede_loop_time(cede_get_running_loop());
}

/*
 * Plays `play` in a chat, and waits until all connections have ended. Then, as
 * at any moment when nobody is there, the chat has no users and no rooms. That
 * holds whatever fault was injected, so it is no mere check. After a fault
 * somebody may wait for what never comes, which is over after a day.
 */
UNUSED_HELPER static void play_in(struct scene *scene,
                                  void (*play)(struct scene *scene))
{
    chat_init(&scene->chat, &scene->options);
    cede_timeout (day, 86400) {
        cede_nursery (users) {
            scene->users = users;
            play(scene);
        } cede_end
    } cede_finally {
        if (!TAILQ_EMPTY(&scene->chat.users) ||
            !TAILQ_EMPTY(&scene->chat.rooms) || scene->chat.user_count)
            abort();
    } cede_end
}
