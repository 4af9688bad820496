/*
 * A task runs in a copy of the context it was created in; what it sets nobody
 * else sees. A coroutine that is awaited directly shares its caller's.
 */
#include <cede.h>

static CEDE_CONTEXT_VAR(v, "d");

static cede_value c(void *n)
{
    cede_print((const char *)n, cede_context_var_get(v));
    cede_context_var_set(v, (const char *)n);
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t;

    (void)arg;
    cede_context_var_set(v, 1);
    t = cede_create_task(c, "t");
    cede_context_var_set(v, 2);
    cede_await(t);
    cede_print("main", cede_context_var_get(v));
    cede_await(cede_coroutine(c, "direct await shares"));
    cede_print("main", cede_context_var_get(v));
    cede_gather(NULL, cede_create_task(c, "g"));
    cede_print("gather copies", cede_context_var_get(v));
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
    cede_print(cede_context_var_get(v));
}
