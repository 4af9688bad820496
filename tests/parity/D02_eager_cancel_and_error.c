/* What an eager task raises at once stays in it; one that is cancelled right
   after it was made has begun, so its finally clause runs. */
#include <cede.h>

static cede_value bad(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "x");
}

static cede_value c(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(1);
    } cede_finally {
        cede_print("ran, so finally runs even if cancelled right after create");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(bad, NULL, .eager_start = true);
    cede_value text = cede_repr(cede_task_exception(t));
    cede_task *u;

    (void)arg;
    cede_print("create_task does not raise", text);
    cede_value_unref(text);
    cede_unref(t);
    u = cede_create_task(c, NULL, .eager_start = true);
    cede_task_cancel(u, NULL);
    cede_gather_return_exceptions(NULL, cede_ref(u));
    cede_print(cede_task_cancelled(u));
    cede_unref(u);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
