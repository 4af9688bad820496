/*
 * Two generators delegate to the same third and take its items in turn. The
 * first to be closed closes it; the other then finds it ended.
 */
#include <cede.h>

static cede_value sub(void *arg)
{
    (void)arg;
    for (int i = 0; i < 6; i++)
        cede_yield(i);
    return cede_none;
}

static cede_value d(void *s)
{
    return cede_yield_from(cede_ref(s));
}

int main(void)
{
    cede_generator *s = cede_generator(sub, NULL);
    cede_generator *a = cede_generator(d, s);
    cede_generator *b = cede_generator(d, s);
    cede_value items[4];

    items[0] = cede_next(a);
    items[1] = cede_next(b);
    items[2] = cede_next(a);
    items[3] = cede_next(b);
    cede_print(items[0], items[1], items[2], items[3]);
    cede_generator_close(a);
    cede_try {
        cede_print(cede_next(b));
    } cede_except (cede_StopIteration, e) {
        cede_print("b ends: shared sub closed by a", cede_exception_value(e));
    } cede_end
    cede_unref(b);
    cede_unref(a);
    cede_unref(s);
}
