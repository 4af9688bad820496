/*
 * echo/libuv.c PORT - libuv
 *
 * Config: one buffer for all connections, uv_try_write first, and a request
 * with a copy only for what the kernel does not take. TCP_NODELAY.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "limit.h"

enum { BACKLOG = 4096 };

struct rest {
    uv_write_t request;
    char bytes[];
};

static char buffer[65536];

static void check(int rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s: %s\n", what, uv_strerror(rc));
    exit(1);
}

static void free_handle(uv_handle_t *handle)
{
    free(handle);
}

static void lend(uv_handle_t *peer, size_t suggested, uv_buf_t *place)
{
    (void)peer;
    (void)suggested;
    *place = uv_buf_init(buffer, sizeof buffer);
}

static void echo(uv_stream_t *peer, ssize_t got, const uv_buf_t *data);

static void rest_written(uv_write_t *request, int status)
{
    uv_stream_t *peer = request->handle;

    free(request);
    if (status == 0)
        uv_read_start(peer, lend, echo);
    else if (!uv_is_closing((uv_handle_t *)peer))
        uv_close((uv_handle_t *)peer, free_handle);
}

/* Reads no more until a slow peer has taken it. */
static void write_rest(uv_stream_t *peer, const char *bytes, size_t size)
{
    struct rest *rest = malloc(sizeof *rest + size);
    uv_buf_t data;

    if (!rest)
        exit(1);
    memcpy(rest->bytes, bytes, size);
    data = uv_buf_init(rest->bytes, (unsigned)size);
    uv_read_stop(peer);
    check(uv_write(&rest->request, peer, &data, 1, rest_written), "write");
}

static void echo(uv_stream_t *peer, ssize_t got, const uv_buf_t *place)
{
    uv_buf_t data;
    int sent;

    if (got < 0) {
        uv_close((uv_handle_t *)peer, free_handle);
        return;
    }
    if (got == 0)
        return;
    data = uv_buf_init(place->base, (unsigned)got);
    sent = uv_try_write(peer, &data, 1);
    if (sent < 0 && sent != UV_EAGAIN)
        uv_close((uv_handle_t *)peer, free_handle);
    else if (sent < got)
        write_rest(peer, place->base + (sent < 0 ? 0 : sent),
                   (size_t)(got - (sent < 0 ? 0 : sent)));
}

static void welcome(uv_stream_t *listener, int status)
{
    uv_tcp_t *peer = malloc(sizeof *peer);

    if (!peer)
        exit(1);
    check(status, "connection");
    check(uv_tcp_init(listener->loop, peer), "init");
    if (uv_accept(listener, (uv_stream_t *)peer) < 0) {
        uv_close((uv_handle_t *)peer, free_handle);
        return;
    }
    uv_tcp_nodelay(peer, 1);
    uv_read_start((uv_stream_t *)peer, lend, echo);
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
