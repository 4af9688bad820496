/*
 * A context variable follows a request through every function that works on
 * it, without being handed to any of them: each task has its own value, and so
 * have the tasks and callbacks it starts.
 */
#include <stdio.h>

#include <cede.h>

static CEDE_CONTEXT_VAR(request, "-");
static CEDE_CONTEXT_VAR(depth, 0);

/* Knows nothing of requests but how to name one. */
static void note(const char *text)
{
    printf("%*s[%s] %s\n", 2 * (int)cede_value_int(cede_context_var_get(depth)),
           "", cede_value_str(cede_context_var_get(request)), text);
}

static void late(void *arg)
{
    (void)arg;
    note("a callback, long after");
}

static cede_value query(void *arg)
{
    (void)arg;
    note("query");
    cede_sleep(1);
    note("answer");
    return cede_none;
}

/* One level deeper until the block is left, whatever happens in it. */
static void look_up(void)
{
    cede_with (token, cede_context_var_set_token(depth, 1)) {
        note("look up");
        cede_await(cede_create_task(query, NULL)); /* inherits both */
    } cede_end
}

static cede_value serve(void *name)
{
    cede_context_var_set(request, (const char *)name);
    note("begin");
    cede_loop_call_later(cede_get_running_loop(), 10, late, NULL);
    look_up();
    note("end");
    return cede_none;
}

static cede_value two_requests(void *arg)
{
    (void)arg;
    cede_gather(NULL, cede_create_task(serve, "first"),
                cede_create_task(serve, "second"));
    note("all served");
    cede_sleep(20);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(two_requests, NULL);
}
