/* SystemExit leaves the loop at once; what was behind it stays queued. */
#include <cede.h>

static void boom(void *arg)
{
    (void)arg;
    cede_raise_args(cede_SystemExit, 3);
}

static void print(void *text)
{
    cede_print((const char *)text);
}

static void stop(void *loop)
{
    cede_loop_stop(loop);
}

int main(void)
{
    cede_loop *loop = cede_loop_new();

    cede_loop_call_soon(loop, boom, NULL);
    cede_loop_call_soon(loop, print, "stays queued");
    cede_try {
        cede_loop_run_forever(loop);
    } cede_except (cede_SystemExit, e) {
        cede_print("SystemExit", cede_exception_exit_status(e),
                   cede_loop_is_running(loop), cede_loop_is_closed(loop));
    } cede_end
    cede_loop_call_soon(loop, stop, loop);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
