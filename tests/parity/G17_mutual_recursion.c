/*
 * Two generators that resume each other: the second finds the first running.
 * The ValueError passes through all of them.
 */
#include <cede.h>

static cede_generator *ga, *gb;

static cede_value twice(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2; i++)
        cede_yield(cede_next(gb));
    return cede_none;
}

static cede_value a(void *arg)
{
    (void)arg;
    cede_yield_from(cede_generator(twice, NULL));
    return cede_none;
}

static cede_value b(void *arg)
{
    (void)arg;
    cede_yield(cede_next(ga));
    return cede_none;
}

int main(void)
{
    ga = cede_generator(a, NULL);
    gb = cede_generator(b, NULL);
    cede_try {
        cede_next(ga);
    } cede_except (cede_ValueError, e) {
        cede_print("ValueError:", e);
    } cede_end
    cede_unref(ga);
    cede_unref(gb);
}
