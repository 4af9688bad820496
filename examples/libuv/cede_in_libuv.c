/*
 * cede inside libuv: a program whose loop is uv_run gives cede a turn whenever
 * cede has something to do. examples/embed.c does it with epoll alone.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cede.h>
#include <uv.h>

/* ---- the guest in its host: all one needs -------------------------------- */

struct guest {
    cede_loop *loop;
    uv_poll_t wakes;     /* cede's I/O, signals and other threads */
    uv_timer_t patience; /* until cede's next deadline */
    uv_prepare_t before; /* each time that libuv is going to wait */
    uv_check_t behind;
};

static cede_value turn(void *loop)
{
    cede_loop_run_once(loop, 0);
    return cede_none;
}

/* libuv's frames are below: no exception may pass through them. */
static void behind(uv_check_t *check)
{
    const struct guest *guest = check->data;
    cede_exception *e = cede_catch(turn, guest->loop, NULL);

    if (e) {
        fprintf(stderr, "%s\n", cede_exception_message(e));
        abort();
    }
}

static void nothing(uv_timer_t *timer)
{
    (void)timer; /* it has ended the wait: behind() does the rest */
}

static void woken(uv_poll_t *poll, int status, int events)
{
    (void)poll;
    (void)status;
    (void)events;
}

static void before(uv_prepare_t *prepare)
{
    struct guest *guest = prepare->data;
    double seconds = cede_loop_timeout(guest->loop);

    uv_timer_stop(&guest->patience);
    if (!isinf(seconds))
        uv_timer_start(&guest->patience, nothing,
                       (uint64_t)ceil(seconds * 1000), 0);
}

static void invite(struct guest *guest, uv_loop_t *host)
{
    guest->loop = cede_loop_new_with(&(cede_loop_options){.poller = "epoll"});
    guest->before.data = guest->behind.data = guest;
    uv_poll_init(host, &guest->wakes, cede_loop_fd(guest->loop));
    uv_timer_init(host, &guest->patience);
    uv_prepare_init(host, &guest->before);
    uv_check_init(host, &guest->behind);
    uv_poll_start(&guest->wakes, UV_READABLE, woken);
    uv_prepare_start(&guest->before, before);
    uv_check_start(&guest->behind, behind);
}

/* Closing is asynchronous: run the host once more before giving up the loop. */
static void dismiss(struct guest *guest)
{
    uv_close((uv_handle_t *)&guest->wakes, NULL);
    uv_close((uv_handle_t *)&guest->patience, NULL);
    uv_close((uv_handle_t *)&guest->before, NULL);
    uv_close((uv_handle_t *)&guest->behind, NULL);
}

/* ---- cede's part: it answers, and takes its time ------------------------- */

static void answer(int fd)
{
    cede_own (descriptor, cede_descriptor_new(fd));
    char text[64];
    ssize_t size;

    cede_defer (cede_descriptor_close, descriptor);
    while ((size = recv(fd, text, sizeof text, 0)) != 0) {
        if (size < 0 && errno != EAGAIN)
            cede_raise_errno(errno, "recv");
        if (size < 0) {
            cede_descriptor_wait_readable(descriptor);
            continue;
        }
        cede_sleep(0.01);
        if (dprintf(fd, "%.*s to you", (int)size, text) < 0)
            cede_raise_errno(errno, "dprintf");
    }
}

/* ---- libuv's part: it greets, in callbacks ------------------------------- */

static const char *const greetings[] = {"good morning", "hello", "good night"};
static size_t greeted;
static struct guest guest;
static cede_task *task;

static void lend(uv_handle_t *pipe, size_t suggested, uv_buf_t *place)
{
    static char text[128];

    (void)pipe;
    (void)suggested;
    *place = uv_buf_init(text, sizeof text);
}

static void greet(uv_stream_t *pipe)
{
    uv_buf_t text = uv_buf_init((char *)greetings[greeted],
                                (unsigned)strlen(greetings[greeted]));

    greeted++;
    if (uv_try_write(pipe, &text, 1) < 0)
        abort();
}

static void heard(uv_stream_t *pipe, ssize_t got, const uv_buf_t *text)
{
    if (got > 0)
        printf("%.*s\n", (int)got, text->base);
    if (greeted < sizeof greetings / sizeof *greetings) {
        greet(pipe);
    } else {
        uv_close((uv_handle_t *)pipe, NULL);
        dismiss(&guest); /* uv_run has nothing left, and returns */
    }
}

int main(void)
{
    uv_loop_t *host = uv_default_loop();
    uv_pipe_t pipe;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends))
        return 1;
    invite(&guest, host);
    task = cede_loop_create_task(guest.loop, answer, ends[1]);
    uv_pipe_init(host, &pipe, 0);
    uv_pipe_open(&pipe, ends[0]);
    uv_read_start((uv_stream_t *)&pipe, lend, heard);
    greet((uv_stream_t *)&pipe);
    uv_run(host, UV_RUN_DEFAULT);
    uv_loop_close(host);
    /* cede's task has seen its peer close, or will: let it end. */
    cede_loop_run_until_complete(guest.loop, task);
    cede_loop_close(guest.loop);
    cede_unref(guest.loop);
    close(ends[1]);
}
