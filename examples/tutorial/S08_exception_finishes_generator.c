/* An exception that leaves a generator finishes it. */
#include <cede.h>

static int64_t divide(int64_t a, int64_t b)
{
    if (b == 0)
        cede_raise(cede_ZeroDivisionError,
                   "integer division or modulo by zero");
    return a / b;
}

static cede_value g(void *arg)
{
    (void)arg;
    cede_yield(divide(1, 0));
    cede_yield(42);
    return cede_none;
}

int main(void)
{
    cede_generator *k = cede_generator(g, NULL);

    cede_try {
        cede_next(k);
    } cede_except (cede_ZeroDivisionError) {
        cede_print("ZeroDivisionError");
    } cede_end
    cede_try {
        cede_next(k);
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration");
    } cede_end
    cede_unref(k);
}
