/* stop lets the current iteration finish; what it schedules waits. */
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

static void s(void *arg)
{
    (void)arg;
    cede_print("stop");
    cede_loop_stop(loop);
    cede_loop_call_soon(loop, print, "scheduled after stop: next run");
}

int main(void)
{
    loop = cede_loop_new();
    cede_loop_call_soon(loop, s, NULL);
    cede_loop_call_soon(loop, print, "already ready: still runs");
    cede_loop_run_forever(loop);
    cede_print("-- stopped");
    cede_loop_call_soon(loop, stop, NULL);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
