/*
 * call_soon is first in, first out; what a callback schedules waits for the
 * next iteration.
 */
#include <cede.h>

static cede_loop *loop;

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
    cede_print("a");
    cede_loop_call_soon(loop, print, "from a");
}

static void b(void *arg)
{
    (void)arg;
    cede_print("b");
    cede_loop_call_soon(loop, print, "from b");
    cede_loop_call_soon(loop, stop, NULL);
}

int main(void)
{
    loop = cede_loop_new();
    cede_loop_call_soon(loop, a, NULL);
    cede_loop_call_soon(loop, b, NULL);
    cede_loop_call_soon(loop, print, "c");
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
