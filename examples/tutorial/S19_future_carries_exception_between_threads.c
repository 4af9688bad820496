/*
 * What a function raises in a thread is raised again where its result is asked
 * for; the future is done, and the exception can be looked at.
 */
#include <cede.h>

static cede_value bad(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "from worker");
}

struct power {
    int base, exponent;
};

static cede_value power(void *arg)
{
    const struct power *of = arg;
    int64_t result = 1;

    for (int i = 0; i < of->exponent; i++)
        result *= of->base;
    return cede_int(result);
}

int main(void)
{
    cede_with (ex, cede_thread_pool_executor(1)) {
        cede_concurrent_future *f = cede_executor_submit(ex, bad, NULL);
        cede_concurrent_future *g;

        cede_try {
            cede_concurrent_future_result(f);
        } cede_except (cede_ValueError, e) {
            cede_print("caller caught:", e);
        } cede_end
        cede_print(cede_concurrent_future_done(f),
                   cede_exception_name(cede_concurrent_future_exception(f)));
        g = cede_executor_submit_with(ex, power, ((struct power){2, 10}));
        cede_print(cede_concurrent_future_result(g));
        cede_unref(g);
        cede_unref(f);
    } cede_end
}
