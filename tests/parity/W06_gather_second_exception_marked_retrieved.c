/*
 * gather raises the first exception and counts the others as seen: nobody
 * reports them.
 */
#include <cede.h>

static cede_value c(void *n)
{
    cede_raise(cede_ValueError, "%d", *(int *)n);
}

static void handler(cede_loop *loop,
                    const cede_exception_handler_context *context, void *arg)
{
    (void)loop;
    (void)arg;
    cede_print("handler", context->message);
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_loop_set_exception_handler(cede_get_running_loop(), handler, NULL);
    cede_try {
        cede_gather(NULL, cede_coroutine_with(c, 1), cede_coroutine_with(c, 2));
    } cede_except (cede_ValueError, e) {
        cede_print("raised", e);
    } cede_end
    cede_sleep(0);
    cede_print("no never-retrieved report");
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
