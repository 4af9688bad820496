/*
 * Cancelling a gathering future cancels all its children; its CancelledError
 * comes when they are done, also when exceptions are to be returned and when
 * the children refuse.
 */
#include <cede.h>

struct child {
    int n;
    bool refuse;
};

static cede_value c(void *arg)
{
    struct child *child = arg;

    cede_try {
        cede_sleep(10);
    } cede_except (cede_CancelledError) {
        cede_print("cancelled", child->n);
        if (child->refuse)
            return cede_str("refused");
        cede_reraise();
    } cede_end
    return cede_none;
}

#define C(...) cede_coroutine_with(c, ((struct child){__VA_ARGS__}))

static cede_value run(void *arg)
{
    cede_future *g;

    (void)arg;
    for (int re = 0; re < 2; re++) {
        g = cede_gather_future(re ? CEDE_RETURN_EXCEPTIONS : 0, C(1, false),
                               C(2, false));
        cede_sleep(0);
        cede_print(cede_future_cancel(g, NULL), cede_future_done(g));
        cede_try {
            cede_await(g);
        } cede_except (cede_CancelledError) {
            cede_print("return_exceptions", (bool)re, "-> CancelledError");
        } cede_end
    }
    g = cede_gather_future(0, C(3, true), C(4, true));
    cede_sleep(0);
    cede_future_cancel(g, NULL);
    cede_try {
        cede_print(cede_temp(cede_await(g)));
    } cede_except (cede_CancelledError) {
        cede_print("cancel requested wins even if every child refused");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
