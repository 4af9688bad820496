/* What is raised while a timeout cancels its block goes on in place of the
   TimeoutError. */
#include <cede.h>

static cede_value run(void *arg)
{
    (void)arg;
    cede_timeout (t, 0.01) {
        cede_try {
            cede_sleep(1);
        } cede_except (cede_CancelledError) {
            cede_raise_from(cede_RuntimeError, NULL, "x");
        } cede_end
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_try {
        cede_run_simulated(run, NULL);
    } cede_except (cede_RuntimeError, e) {
        cede_value text = cede_repr(e);

        cede_print(text);
        cede_value_unref(text);
    } cede_end
}
