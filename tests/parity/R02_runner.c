/* A runner's runs share a loop and a context, which are its own. */
#include <cede.h>

static CEDE_CONTEXT_VAR(v, 0);

static cede_value inc(void *arg)
{
    (void)arg;
    cede_context_var_set(v, cede_value_int(cede_context_var_get(v)) + 1);
    return cede_context_var_get(v);
}

int main(void)
{
    cede_runner *r = cede_runner_new();
    cede_loop *l = cede_ref(cede_runner_get_loop(r));

    cede_with (runner, cede_ref(r)) {
        cede_value first = cede_runner_run(runner, inc, NULL);
        cede_value second = cede_runner_run(runner, inc, NULL);

        cede_print(first, second, "one context for all runs",
                   cede_context_var_get(v));
        cede_print(cede_loop_is_closed(l));
    } cede_end
    cede_print(cede_loop_is_closed(l));
    cede_unref(l);
    cede_try {
        cede_runner_run(r, inc, NULL);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_unref(r);
}
