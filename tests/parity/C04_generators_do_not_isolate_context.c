/*
 * A generator has no context of its own: it runs in the one of whoever resumes
 * it, and what it sets stays set there. One that awaits is no different.
 */
#include <cede.h>

static CEDE_CONTEXT_VAR(v, 0);

static cede_value g(void *arg)
{
    (void)arg;
    cede_context_var_set(v, 1);
    cede_yield(cede_none);
    cede_context_var_set(v, 2);
    cede_yield(cede_none);
    return cede_none;
}

static cede_value ag(void *arg)
{
    (void)arg;
    cede_context_var_set(v, "ag");
    cede_yield(1);
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_for (_, cede_generator(ag, NULL))
        cede_print(cede_context_var_get(v));
    cede_print("leaks after loop", cede_context_var_get(v));
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);

    cede_next(a);
    cede_print(cede_context_var_get(v));
    cede_context_var_set(v, 9);
    cede_next(a);
    cede_print(cede_context_var_get(v));
    cede_run(run, NULL);
    cede_unref(a);
}
