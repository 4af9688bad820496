/*
 * A generator that is closed before its first resume ends without running: no
 * body, no finally. Closing it again does nothing.
 */
#include <cede.h>

static const char *const state_names[] = {
    [CEDE_GEN_CREATED] = "GEN_CREATED",
    [CEDE_GEN_SUSPENDED] = "GEN_SUSPENDED",
    [CEDE_GEN_RUNNING] = "GEN_RUNNING",
    [CEDE_GEN_CLOSED] = "GEN_CLOSED",
};

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_print("body");
        cede_yield(1);
    } cede_finally {
        cede_print("finally");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_value closed = cede_generator_close(a);

    cede_print(closed, state_names[cede_getgeneratorstate(a)]);
    cede_try {
        cede_next(a);
    } cede_except (cede_StopIteration, e) {
        cede_print("StopIteration", cede_exception_value(e));
    } cede_end
    cede_print(cede_generator_close(a));
    cede_unref(a);
}
