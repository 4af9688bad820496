/*
 * http/libuv.c PORT - libuv
 *
 * Config: one buffer for all connections, uv_try_write; a connection has
 * memory of its own only while a request of its is incomplete. An answer that
 * the kernel does not take at once, which a client that reads never causes,
 * ends the connection. TCP_NODELAY.
 */
#define _GNU_SOURCE /* memmem */

#include <stdio.h>
#include <stdlib.h>

#include <uv.h>

#include "hello.h"
#include "limit.h"

enum { BACKLOG = 4096, ROOM = 65536 };

struct peer {
    uv_tcp_t stream;
    char *part; /* of a request */
    size_t size;
};

static char input[2 * HELLO_MOST], output[ROOM];

static void check(int rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s: %s\n", what, uv_strerror(rc));
    exit(1);
}

static void free_peer(uv_handle_t *handle)
{
    struct peer *peer = (struct peer *)handle;

    free(peer->part);
    free(peer);
}

static void drop(struct peer *peer)
{
    uv_close((uv_handle_t *)&peer->stream, free_peer);
}

/* Behind what is held of a request. */
static void lend(uv_handle_t *handle, size_t suggested, uv_buf_t *place)
{
    struct peer *peer = (struct peer *)handle;

    (void)suggested;
    if (peer->size)
        memcpy(input, peer->part, peer->size);
    *place = uv_buf_init(input + peer->size, HELLO_MOST);
}

static void keep(struct peer *peer, const char *bytes, size_t size)
{
    free(peer->part);
    peer->part = NULL;
    peer->size = size;
    if (!size)
        return;
    peer->part = malloc(size);
    if (!peer->part)
        exit(1);
    memcpy(peer->part, bytes, size);
}

static void greet(uv_stream_t *stream, ssize_t got, const uv_buf_t *place)
{
    struct peer *peer = (struct peer *)stream;
    size_t held = peer->size, used;
    uv_buf_t answer;
    bool last;
    long made;

    (void)place;
    if (got <= 0) {
        if (got < 0)
            drop(peer);
        return;
    }
    held += (size_t)got;
    made = hello_converse(input, held, output, sizeof output, &used, &last);
    answer = uv_buf_init(output, made > 0 ? (unsigned)made : 0);
    if (made < 0 || (made > 0 && uv_try_write(stream, &answer, 1) != made) ||
        last) {
        drop(peer);
        return;
    }
    if (peer->part || used < held)
        keep(peer, input + used, held - used);
}

static void welcome(uv_stream_t *listener, int status)
{
    struct peer *peer = calloc(1, sizeof *peer);

    if (!peer)
        exit(1);
    check(status, "connection");
    check(uv_tcp_init(listener->loop, &peer->stream), "init");
    if (uv_accept(listener, (uv_stream_t *)&peer->stream) < 0) {
        drop(peer);
        return;
    }
    uv_tcp_nodelay(&peer->stream, 1);
    uv_read_start((uv_stream_t *)&peer->stream, lend, greet);
}

int main(int argc, char **argv)
{
    struct sockaddr_in address;
    uv_tcp_t listener;
    uv_loop_t *loop = uv_default_loop();

    raise_limit();
    uv_ip4_addr("127.0.0.1", argc > 1 ? atoi(argv[1]) : 7777, &address);
    uv_tcp_init(loop, &listener);
    check(uv_tcp_bind(&listener, (const struct sockaddr *)&address, 0),
          "bind");
    check(uv_listen((uv_stream_t *)&listener, BACKLOG, welcome), "listen");
    return uv_run(loop, UV_RUN_DEFAULT);
}
