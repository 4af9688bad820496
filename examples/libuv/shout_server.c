/*
 * shout_server PORT [SECONDS]: examples/shout_server.c in callbacks, over
 * libuv, for docs/coming-from-callbacks.md. Built where libuv is found.
 */
#include <ctype.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "arguments.h"

enum { LINE_LIMIT = 1024, BACKLOG = 4096 };

/* A client is two handles, one request, and what in a function would be local
   variables and the place where it stands. */
struct client {
    uv_tcp_t tcp;
    uv_timer_t silence;
    uv_write_t writing;
    struct client *previous, *next; /* all of them, to say goodbye */
    int open_handles;               /* freed when both are closed */
    bool is_writing;
    bool is_ending; /* close it when what is being written is through */
    size_t used;    /* bytes that have arrived */
    size_t sent;    /* of these, bytes that are being written */
    char line[LINE_LIMIT + 1];
};

static struct client clients = {.previous = &clients, .next = &clients};
static uint64_t patience = 30;
static uv_tcp_t listener;
static uv_signal_t signals[2];

static void check(int rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s: %s\n", what, uv_strerror(rc));
    exit(1);
}

/* ---- the end of a client ------------------------------------------------- */

static void closed(uv_handle_t *handle)
{
    struct client *client = handle->data;

    if (--client->open_handles == 0)
        free(client);
}

static void end(struct client *client)
{
    if (uv_is_closing((uv_handle_t *)&client->tcp))
        return;
    client->previous->next = client->next;
    client->next->previous = client->previous;
    uv_close((uv_handle_t *)&client->tcp, closed);
    uv_close((uv_handle_t *)&client->silence, closed);
}

/* ---- lines --------------------------------------------------------------- */

static void await_line(struct client *client);

static void written(uv_write_t *request, int status)
{
    struct client *client = request->handle->data;

    client->is_writing = false;
    if (status < 0 || client->is_ending) {
        end(client);
        return;
    }
    client->used -= client->sent;
    memmove(client->line, client->line + client->sent, client->used);
    await_line(client);
}

/* While the peer is slow nothing is read from it. */
static void say(struct client *client, const char *bytes, size_t size)
{
    uv_buf_t data = uv_buf_init((char *)bytes, (unsigned)size);

    uv_timer_stop(&client->silence);
    uv_read_stop((uv_stream_t *)&client->tcp);
    client->is_writing = true;
    if (uv_write(&client->writing, (uv_stream_t *)&client->tcp, &data, 1,
                 written) < 0)
        end(client);
}

static void stuck(uv_timer_t *timer)
{
    end(timer->data);
}

/* Last words, for who still listens; for a second. */
static void farewell(struct client *client, const char *words)
{
    client->is_ending = true;
    if (!client->is_writing)
        say(client, words, strlen(words));
    if (!uv_is_closing((uv_handle_t *)&client->silence))
        check(uv_timer_start(&client->silence, stuck, 1000, 0),
              "uv_timer_start");
}

/* The first `size` bytes, in capitals. */
static void shout(struct client *client, size_t size)
{
    for (size_t i = 0; i < size; i++)
        client->line[i] = (char)toupper((unsigned char)client->line[i]);
    client->sent = size;
    say(client, client->line, size);
}

static size_t size_of_lines(const struct client *client)
{
    size_t size = client->used;

    while (size > 0 && client->line[size - 1] != '\n')
        size--;
    return size;
}

static void lend(uv_handle_t *tcp, size_t suggested, uv_buf_t *place)
{
    struct client *client = tcp->data;

    (void)suggested;
    *place = uv_buf_init(client->line + client->used,
                         (unsigned)(sizeof client->line - client->used));
}

static void arrived(uv_stream_t *tcp, ssize_t got, const uv_buf_t *place)
{
    struct client *client = tcp->data;
    size_t size;

    (void)place;
    if (got < 0) {
        client->is_ending = true;
        if (got == UV_EOF && client->used > 0)
            shout(client, client->used);
        else
            end(client);
        return;
    }
    client->used += (size_t)got;
    size = size_of_lines(client);
    if (size > 0)
        shout(client, size);
    else if (client->used == sizeof client->line)
        farewell(client, "too long\n");
}

static void silent(uv_timer_t *timer)
{
    farewell(timer->data, "too slow\n");
}

static void await_line(struct client *client)
{
    if (uv_timer_start(&client->silence, silent, patience * 1000, 0) < 0 ||
        uv_read_start((uv_stream_t *)&client->tcp, lend, arrived) < 0)
        end(client);
}

/* ---- the server ---------------------------------------------------------- */

static void connected(uv_stream_t *server, int status)
{
    struct client *client = calloc(1, sizeof *client);

    if (!client || status < 0) {
        free(client);
        return;
    }
    check(uv_tcp_init(server->loop, &client->tcp), "uv_tcp_init");
    check(uv_timer_init(server->loop, &client->silence), "uv_timer_init");
    client->tcp.data = client->silence.data = client;
    client->open_handles = 2;
    client->previous = &clients;
    client->next = clients.next;
    client->next->previous = clients.next = client;
    if (uv_accept(server, (uv_stream_t *)&client->tcp) < 0)
        end(client);
    else
        await_line(client);
}

static void stop(uv_signal_t *signal, int number)
{
    (void)signal;
    (void)number;
    uv_close((uv_handle_t *)&listener, NULL);
    uv_close((uv_handle_t *)&signals[0], NULL);
    uv_close((uv_handle_t *)&signals[1], NULL);
    for (struct client *client = clients.next, *next; client != &clients;
         client = next) {
        next = client->next;
        farewell(client, "goodbye\n");
    }
}

static void listen_on(uv_loop_t *loop, int port)
{
    struct sockaddr_in address;
    int size = sizeof address;

    check(uv_ip4_addr("127.0.0.1", port, &address), "uv_ip4_addr");
    check(uv_tcp_init(loop, &listener), "uv_tcp_init");
    check(uv_tcp_bind(&listener, (struct sockaddr *)&address, 0), "bind");
    check(uv_listen((uv_stream_t *)&listener, BACKLOG, connected), "listen");
    check(uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &size),
          "getsockname");
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    uv_loop_t *loop = uv_default_loop();
    long port, seconds = 30;

    if (argc < 2 || argc > 3 || !parse_number(argv[1], 0, 65535, &port) ||
        (argc == 3 && !parse_number(argv[2], 0, 86400, &seconds))) {
        fputs("usage: shout_server PORT [SECONDS]\n", stderr);
        return 2;
    }
    patience = (uint64_t)seconds;
    signal(SIGPIPE, SIG_IGN); /* a peer that is gone is an error of uv_write */
    listen_on(loop, (int)port);
    for (int i = 0; i < 2; i++) {
        check(uv_signal_init(loop, &signals[i]), "uv_signal_init");
        check(uv_signal_start(&signals[i], stop, i ? SIGTERM : SIGINT),
              "uv_signal_start");
    }
    check(uv_run(loop, UV_RUN_DEFAULT), "uv_run");
    return uv_loop_close(loop) < 0;
}
