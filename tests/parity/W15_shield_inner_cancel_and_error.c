/* What is shielded is cancelled by somebody else: so is the shield. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_sleep(10);
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *inner = cede_create_task(c, NULL);
    cede_future *s = cede_shield(cede_ref(inner));

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(inner, NULL);
    cede_try {
        cede_await(cede_ref(s));
    } cede_except (cede_CancelledError) {
        cede_print("shield cancelled with inner", cede_future_cancelled(s));
    } cede_end
    cede_unref(s);
    cede_unref(inner);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
