/*
 * server.c - see server.h
 */
#include "server.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <cede.h>

#include "chat.h"
#include "user.h"

enum { MOST_TURNED_AWAY = 64 }; /* at a time; more are closed unsaid */

/* The chat and what ends it; borrows. */
struct service {
    struct chat chat;
    cede_event *stopped; /* set by the first signal */
    cede_cancel_scope
        *goodbyes; /* cancelled by the second one */
};

/* --- those who do not get in --- */

static void forget_one(size_t *count)
{
    --*count;
}

/* Why it reads to the end: see_off in user.c. */
static void turn_away(struct chat *chat, cede_stream *stream, const char *word)
{
    size_t size;

    if (chat->turned_away == MOST_TURNED_AWAY)
        return;
    chat->turned_away++;
    cede_defer (forget_one, &chat->turned_away);

    cede_move_on_after (patience, (double)chat->options->farewell) {
        cede_stream_write(stream, word, strlen(word));
        cede_stream_write_eof(stream);
        while (cede_stream_next(stream, &size))
            continue;
    } cede_except (cede_OSError) {
        /* It has gone by itself. */
    } cede_end
}

static void greet(cede_stream *stream, void *argument)
{
    struct chat *chat = argument;

    if (chat->closing)
        turn_away(chat, stream, "* the chat ends: goodbye\n");
    else if (chat->user_count >= (size_t)chat->options->max_clients)
        turn_away(chat, stream, "* the chat is full: try again later\n");
    else
        user_attend(stream, chat);
}

/* --- the whole life --- */

static void stop(struct service *service)
{
    if (cede_event_is_set(service->stopped))
        cede_cancel_scope_cancel(service->goodbyes);
    cede_event_set(service->stopped);
}

static void forget_signals(cede_loop *loop)
{
    cede_loop_remove_signal_handler(loop, SIGINT);
    cede_loop_remove_signal_handler(loop, SIGTERM);
}

static void say_goodbye(struct service *service, cede_server *server)
{
    struct user *user;

    service->chat.closing = true;
    cede_server_close(server);
    TAILQ_FOREACH (user, &service->chat.users, in_chat)
        user_dismiss(user, "* the chat ends: goodbye\n", "the chat ends");
    cede_with (goodbyes, cede_ref(service->goodbyes)) {
        cede_server_wait_closed(server);
    } cede_end
}

/* One reference; NULL: it cannot listen, which has been said. */
static cede_server *start(struct chat *chat)
{
    const struct options *options = chat->options;
    const cede_server_options limits = {.limit = (size_t)options->line_bytes};

    cede_try {
        return cede_start_server_with_options(greet, chat, options->host,
                                              (int)options->port, &limits);
    } cede_except (cede_OSError, e) {
        fprintf(stderr, "chat: cannot listen: %s\n", cede_exception_message(e));
    } cede_end
    return NULL;
}

static void serve(struct service *service, cede_server *started)
{
    const char *host = service->chat.options->host;
    const char *form =
        strchr(host, ':') ? "listening on [%s]:%d\n" : "listening on %s:%d\n";

    cede_with (server, started) {
        printf(form, *host ? host : "*", cede_server_port(server));
        fflush(stdout);
        cede_event_wait(service->stopped);
        say_goodbye(service, server);
    } cede_end /* ends the connections that are left, and waits for them */
}

bool server_run(const struct options *options)
{
    cede_loop *loop = cede_get_running_loop();
    cede_own (stopped, cede_event_new());
    cede_own (goodbyes, cede_cancel_scope_new());
    struct service service = {.stopped = stopped, .goodbyes = goodbyes};
    cede_server *server;

    chat_init(&service.chat, options);
    cede_defer (forget_signals, loop);
    cede_loop_add_signal_handler(loop, SIGINT, stop, &service);
    cede_loop_add_signal_handler(loop, SIGTERM, stop, &service);

    server = start(&service.chat);
    if (server)
        serve(&service, server);
    return server != NULL;
}
