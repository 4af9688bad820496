/* What is raised while a cancellation cleans up takes its place; then the task
   failed and was not cancelled. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_finally {
        cede_raise(cede_ValueError, "cleanup failed");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(t, NULL);
    cede_try {
        cede_await(cede_ref(t));
    } cede_except (cede_ValueError, e) {
        cede_value text = cede_repr(e);
        cede_value context = cede_repr(cede_exception_context(e));

        cede_print(text, context, cede_task_cancelled(t));
        cede_value_unref(context);
        cede_value_unref(text);
    } cede_end
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
