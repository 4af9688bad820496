/*
 * A finally clause that returns, or breaks out of a loop around it, drops the
 * exception that is passing.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        return cede_str("swallowed");
    } cede_end
    return cede_none;
}

static cede_value h(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        cede_try {
            cede_yield(i);
        } cede_finally {
            if (i == 1)
                break;
        } cede_end
    }
    cede_yield("after");
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_generator *b = cede_generator(h, NULL);

    cede_next(a);
    cede_try {
        cede_generator_throw(a, cede_KeyError, "k");
    } cede_except (cede_StopIteration, e) {
        cede_print("StopIteration", cede_exception_value(e));
    } cede_end
    cede_next(b);
    cede_next(b);
    cede_print(cede_generator_throw(b, cede_KeyError, "gone"));
    cede_unref(a);
    cede_unref(b);
}
