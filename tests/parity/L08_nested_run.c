/* A thread runs one loop at a time, and that one once. */
#include <cede.h>

static cede_value inner(void *arg)
{
    (void)arg;
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_loop *l2 = cede_loop_new();
    cede_coroutine *c = cede_coroutine(inner, NULL);

    (void)arg;
    cede_try {
        cede_loop_run_until_complete(cede_get_running_loop(), cede_ref(c));
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_try {
        cede_loop_run_forever(l2);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_loop_close(l2);
    cede_unref(l2);
    cede_try {
        cede_run_from(cede_ref(c));
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_coroutine_close(c);
    cede_unref(c);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
