/*
 * A task may run in a context of your choice, and what it sets is seen there.
 * cede_to_thread takes a copy of the context along; an executor does not.
 */
#include <cede.h>

static CEDE_CONTEXT_VAR(v, "d");

static cede_value c(void *arg)
{
    (void)arg;
    cede_context_var_set(v, "set in ctx");
    return cede_none;
}

static cede_value get(void *arg)
{
    (void)arg;
    return cede_context_var_get(v);
}

static cede_value run(void *arg)
{
    cede_context *ctx = cede_copy_context();
    cede_defer (cede_unref, ctx);

    (void)arg;
    cede_await(cede_create_task(c, NULL, .context = ctx));
    cede_print(cede_context_var_get(v), cede_context_get(ctx, v));
    cede_context_var_set(v, "main");
    cede_print(cede_to_thread(get, NULL));
    cede_print(cede_await(cede_loop_run_in_executor(cede_get_running_loop(),
                                                    NULL, get, NULL)),
               "(run_in_executor does not propagate)");
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
