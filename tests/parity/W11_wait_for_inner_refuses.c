/*
 * Cancelled by wait_for, a coroutine may return a value all the same, or raise
 * an exception of its own: that is what comes out.
 */
#include <cede.h>

static cede_value ret(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        return cede_str("refused");
    } cede_end
    return cede_none;
}

static cede_value err(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_raise(cede_ValueError, "during cleanup");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_print(cede_wait_for(cede_coroutine(ret, NULL), 1));
    cede_try {
        cede_wait_for(cede_coroutine(err, NULL), 1);
    } cede_except (cede_ValueError, e) {
        cede_print(cede_temp(cede_repr(e)));
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
