/*
 * A StopIteration that a function raises in a thread cannot be raised where a
 * future is awaited: it becomes a RuntimeError there, as in CPython 3.13.
 */
#include <cede.h>

static cede_value f(void *arg)
{
    (void)arg;
    cede_raise_args(cede_StopIteration, "s");
}

static void handler(cede_loop *loop,
                    const cede_exception_handler_context *context, void *arg)
{
    (void)loop;
    (void)arg;
    cede_print("handler", cede_exception_name(context->exception));
}

static cede_value run(void *arg)
{
    cede_loop *loop = cede_get_running_loop();

    (void)arg;
    cede_loop_set_exception_handler(loop, handler, NULL);
    cede_try {
        cede_print(cede_temp(cede_wait_for(
            cede_loop_run_in_executor(loop, NULL, f, NULL), 60)));
    } cede_except (cede_Exception, e) {
        cede_print(cede_exception_name(e));
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
