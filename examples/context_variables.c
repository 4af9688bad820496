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

static void late(void)
{
    note("a callback, long after");
}

static void query(void)
{
    note("query");
    cede_sleep(1);
    note("answer");
}

/* One level deeper until the block is left, whatever happens in it. */
static void look_up(void)
{
    cede_with (token, cede_context_var_set_token(depth, 1)) {
        note("look up");
        cede_await(cede_create_task(query)); /* inherits both */
    } cede_end
}

static void serve(const char *name)
{
    cede_context_var_set(request, name);
    note("begin");
    cede_loop_call_later(cede_get_running_loop(), 10, late);
    look_up();
    note("end");
}

static void two_requests(void)
{
    cede_gather(NULL, cede_create_task(serve, "first"),
                cede_create_task(serve, "second"));
    note("all served");
    cede_sleep(20);
}

int main(void)
{
    cede_run_simulated(two_requests);
}
