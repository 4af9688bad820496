/* A loop that is closed while a task waits says so: the task will never run
   on. */
#include <cede.h>

static void handler(cede_loop *loop, const cede_exception_handler_context *c,
                    void *arg)
{
    (void)loop;
    (void)arg;
    cede_print("handler:", c->message);
}

static cede_value c(void *loop)
{
    return cede_await(cede_loop_create_future(loop));
}

static void stop(void *loop)
{
    cede_loop_stop(loop);
}

int main(void)
{
    cede_loop *loop = cede_loop_new();
    cede_task *t;

    cede_loop_set_exception_handler(loop, handler, NULL);
    t = cede_loop_create_task(loop, c, loop);
    cede_task_set_name(t, "X");
    cede_loop_call_soon(loop, stop, loop);
    cede_loop_run_forever(loop);
    cede_unref(t);
    cede_loop_close(loop);
    cede_unref(loop);
}
