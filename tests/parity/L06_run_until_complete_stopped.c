/* A run that is stopped before its future is done; both can be used again. */
#include <cede.h>

static void stop(void *loop)
{
    cede_loop_stop(loop);
}

int main(void)
{
    cede_loop *loop = cede_loop_new();
    cede_future *f = cede_loop_create_future(loop);

    cede_loop_call_soon(loop, stop, loop);
    cede_try {
        cede_loop_run_until_complete(loop, cede_ref(f));
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_future_set_result(f, 3);
    cede_print(cede_loop_run_until_complete(loop, f));
    cede_loop_close(loop);
    cede_unref(loop);
}
