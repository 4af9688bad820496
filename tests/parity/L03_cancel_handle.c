/*
 * A cancelled handle is not called, also when it was ready already; cancelling
 * twice is fine.
 */
#include <cede.h>

static cede_loop *loop;
static cede_handle *h2;

static void print(void *text)
{
    cede_print((const char *)text);
}

static void stop(void *arg)
{
    (void)arg;
    cede_loop_stop(loop);
}

static void a(void *arg)
{
    (void)arg;
    cede_print("a cancels b");
    cede_handle_cancel(h2);
}

int main(void)
{
    cede_handle *h3, *t;

    loop = cede_loop_new();
    cede_loop_call_soon(loop, a, NULL);
    h2 = cede_loop_call_soon(loop, print, "b");
    h3 = cede_loop_call_soon(loop, print, "c");
    cede_handle_cancel(h3);
    cede_handle_cancel(h3);
    t = cede_loop_call_later(loop, 0, print, "t");
    cede_handle_cancel(t);
    cede_print(cede_handle_cancelled(t));
    cede_loop_call_soon(loop, stop, NULL);
    cede_loop_run_forever(loop);
    cede_print("end");
    cede_loop_close(loop);
    cede_unref(loop);
}
