/*
 * gather with CEDE_RETURN_EXCEPTIONS: exceptions and CancelledErrors take
 * their places among the results. Of nothing it is a future that is done.
 */
#include <cede.h>

static cede_value ok(void *arg)
{
    (void)arg;
    return cede_int(1);
}

static cede_value bad(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "v");
}

static cede_value can(void *arg)
{
    (void)arg;
    cede_raise(cede_CancelledError);
}

static cede_value repr(cede_value x)
{
    return cede_repr(x);
}

static cede_value run(void *arg)
{
    cede_value results = cede_await(cede_gather_future(
        CEDE_RETURN_EXCEPTIONS, cede_coroutine(ok, NULL),
        cede_coroutine(bad, NULL), cede_coroutine(can, NULL)));

    (void)arg;
    cede_print(cede_temp(
        cede_list_from(cede_map(repr, cede_value_object(results)))));
    cede_print(cede_temp(cede_await(cede_gather_future(0))));
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
