/*
 * libuv inside cede: a library that is built on libuv goes on working in a
 * program of tasks, and a task awaits what comes by its callbacks.
 */
#include <stdio.h>
#include <stdlib.h>

#include <cede.h>
#include <uv.h>

/* ---- the guest in its host: all one needs -------------------------------- */

struct guest {
    uv_loop_t loop;
    cede_loop *host;
    cede_handle *deadline; /* of libuv's next timer; NULL: there is none */
};

static void turn(struct guest *guest);

static void forget_deadline(struct guest *guest)
{
    if (guest->deadline)
        cede_handle_cancel(guest->deadline);
    cede_unref(guest->deadline);
    guest->deadline = NULL;
}

/* A turn for libuv; call it also behind whatever starts or stops something of
   libuv's, which libuv itself only notes. */
static void turn(struct guest *guest)
{
    int timeout;

    forget_deadline(guest);
    cede_foreign { /* nothing may be raised, or wait, through libuv's frames */
        uv_run(&guest->loop, UV_RUN_NOWAIT);
    } cede_end
    timeout = uv_backend_timeout(&guest->loop);
    if (timeout >= 0)
        guest->deadline = cede_ref(
            cede_loop_call_later(guest->host, timeout / 1000.0, turn, guest));
}

static void invite(struct guest *guest)
{
    guest->host = cede_get_running_loop();
    cede_check(uv_loop_init(&guest->loop));
    guest->loop.data = guest;
    cede_loop_add_reader(guest->host, uv_backend_fd(&guest->loop), turn, guest);
}

static void dismiss(struct guest *guest)
{
    forget_deadline(guest);
    cede_loop_remove_reader(guest->host, uv_backend_fd(&guest->loop));
    uv_run(&guest->loop, UV_RUN_DEFAULT); /* what is being closed */
    cede_check(uv_loop_close(&guest->loop));
}

/* ---- libuv's callbacks as something to await ----------------------------- */

/* On the heap: a handle's memory is libuv's until its close callback. */
struct nap {
    uv_timer_t timer;
    cede_future *over;
};

static void rung(uv_timer_t *timer)
{
    const struct nap *nap = timer->data;

    if (!cede_future_done(nap->over))
        cede_future_set_result(nap->over, cede_none);
}

static void closed(uv_handle_t *timer)
{
    free(timer->data);
}

static void leave(struct nap *nap)
{
    cede_unref(nap->over);
    uv_close((uv_handle_t *)&nap->timer, closed);
    turn(nap->timer.loop->data);
}

static void sleep_by_libuv(struct guest *guest, unsigned milliseconds)
{
    struct nap *nap = malloc(sizeof *nap);

    if (!nap)
        cede_raise(cede_MemoryError);
    nap->timer.data = nap;
    nap->over = cede_loop_create_future(NULL);
    uv_timer_init(&guest->loop, &nap->timer);
    cede_defer (leave, nap); /* however one leaves: also when cancelled */
    uv_timer_start(&nap->timer, rung, milliseconds, 0);
    turn(guest);
    cede_await(cede_ref(nap->over));
}

static void tasks(void)
{
    struct guest guest = {0};

    invite(&guest);
    cede_defer (dismiss, &guest);
    for (unsigned i = 1; i <= 3; i++) {
        sleep_by_libuv(&guest, 5);
        printf("libuv's timer, %u\n", i);
    }
    cede_timeout (limit, 0.01) {
        sleep_by_libuv(&guest, 3600000);
    } cede_except (cede_TimeoutError) {
        printf("a timer of libuv's, given up after cede's deadline\n");
    } cede_end
}

int main(void)
{
    cede_run(tasks);
}
