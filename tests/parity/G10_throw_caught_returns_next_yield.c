/*
 * A generator that catches what is thrown into it goes on: throw returns what
 * it yields next, as send and next do.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    int n = 0;

    (void)arg;
    cede_keep(n);
    for (;;) {
        cede_try {
            cede_value x = cede_yield(n);
            cede_print("normal", x);
        } cede_except (cede_ValueError, e) {
            cede_print("caught", e);
            n += 100;
        } cede_end
        n++;
    }
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_value items[4];

    items[0] = cede_next(a);
    items[1] = cede_generator_send(a, "s");
    items[2] = cede_generator_throw(a, cede_ValueError, "t");
    items[3] = cede_next(a);
    cede_print(items[0], items[1], items[2], items[3]);
    cede_unref(a);
}
