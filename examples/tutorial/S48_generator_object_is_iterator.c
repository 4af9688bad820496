/* A generator is an iterator: it has an iter, which is itself, and a next. */
#include <cede.h>

static cede_value number_generator(void *arg)
{
    (void)arg;
    cede_yield(0);
    cede_yield(1);
    cede_yield(2);
    return cede_none;
}

static bool has_iter(void *x)
{
    cede_try {
        cede_unref(cede_iter(x));
    } cede_except (cede_TypeError) {
        return false;
    } cede_end
    return true;
}

static bool has_next(void *x)
{
    cede_try {
        cede_value_unref(cede_next(x));
    } cede_except (cede_TypeError) {
        return false;
    } cede_end
    return true;
}

int main(void)
{
    cede_generator *g = cede_generator(number_generator, NULL);
    cede_generator *it = cede_iter(g);

    cede_print(has_iter(g), has_next(g), (bool)(it == g));
    cede_unref(it);
    cede_unref(g);
}
