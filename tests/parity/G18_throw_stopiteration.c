/*
 * StopIteration thrown into a generator can be caught there; one that escapes
 * the body becomes RuntimeError, so that it cannot pass for the end (PEP 479).
 * A generator that has not started has no body yet: there it comes out as it
 * is, as since Python 3.12.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_StopIteration, e) {
        cede_yield(cede_object(
            cede_tuple("caught", cede_value_ref(cede_exception_value(e)))));
    } cede_end
    return cede_none;
}

static cede_value h(void *arg)
{
    (void)arg;
    cede_yield(1);
    return cede_none;
}

int main(void)
{
    cede_exception *stop = cede_exception_from_args(cede_StopIteration, 9);
    cede_generator *a = cede_generator(g, NULL);
    cede_generator *b = cede_generator(h, NULL);
    cede_generator *c = cede_generator(h, NULL);

    cede_next(a);
    cede_value caught = cede_generator_throw(a, stop);
    cede_print(caught);
    cede_value_unref(caught);

    cede_next(b);
    cede_try {
        cede_generator_throw(b, stop);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_try {
        cede_generator_throw(c, stop);
    } cede_except (cede_RuntimeError, e) {
        cede_print("created: RuntimeError:", e);
    } cede_except (cede_StopIteration, e) {
        cede_print("created: StopIteration", cede_exception_value(e));
    } cede_end
    cede_unref(c);
    cede_unref(b);
    cede_unref(a);
    cede_unref(stop);
}
