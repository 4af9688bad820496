/*
 * A block that swallows the CancelledError ends as if nothing had been; one
 * that makes another exception of it ends with that one. Time is virtual.
 */
#include <cede.h>

static cede_value run(void *arg)
{
    cede_timeout *t = cede_timeout_new(1);

    (void)arg;
    cede_with (block, cede_ref(t)) {
        cede_try {
            cede_sleep(10);
        } cede_except (cede_CancelledError) {
            cede_print("swallowed inside");
        } cede_end
    } cede_end
    cede_print("no TimeoutError", cede_timeout_expired(t),
               cede_task_cancelling(cede_current_task()));
    cede_unref(t);
    cede_timeout (block, 1) {
        cede_try {
            cede_sleep(10);
        } cede_finally {
            cede_raise(cede_ValueError, "v");
        } cede_end
    } cede_except (cede_ValueError, e) {
        cede_value text = cede_repr(e);
        cede_value context = cede_repr(cede_exception_context(e));

        cede_print(text, cede_timeout_expired(block), context);
        cede_value_unref(context);
        cede_value_unref(text);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
