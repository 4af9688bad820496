/* A group that ends by an error leaves no cancellation behind. */
#include <cede.h>

static cede_value bad(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "v");
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_task_group (tg) {
        cede_task_group_create_task(tg, bad, NULL);
    } cede_except (cede_ExceptionGroup, e) {
        cede_value text = cede_repr(e);

        cede_print(text, cede_task_cancelling(cede_current_task()));
        cede_value_unref(text);
    } cede_end
    cede_sleep(0);
    cede_print("no stray cancellation");
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
