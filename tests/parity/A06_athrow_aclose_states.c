/*
 * Throwing into a generator that has not begun ends it; a GeneratorExit thrown
 * in comes out. A send made for later, asend() in Python, is a coroutine
 * object: it is awaited once.
 */
#include <cede.h>

static cede_value ag(void *arg)
{
    (void)arg;
    cede_yield(1);
    return cede_none;
}

static cede_value asend_none(void *g)
{
    return cede_generator_send((cede_generator *)g, cede_none);
}

static cede_value run(void *arg)
{
    cede_generator *a = cede_generator(ag, NULL);
    cede_generator *b = cede_generator(ag, NULL);
    cede_generator *c = cede_generator(ag, NULL);
    cede_coroutine *x;

    (void)arg;
    cede_try {
        cede_generator_throw(a, cede_KeyError, "created");
    } cede_except (cede_KeyError, e) {
        cede_print("KeyError", e);
    } cede_end
    cede_try {
        cede_next(a);
    } cede_except (cede_StopIteration) {
        cede_print("finished");
    } cede_end
    cede_next(b);
    cede_try {
        cede_generator_throw(b, cede_GeneratorExit);
    } cede_except (cede_GeneratorExit) {
        cede_print("GeneratorExit propagates");
    } cede_end
    x = cede_coroutine(asend_none, c);
    cede_await(cede_ref(x));
    cede_try {
        cede_await(x);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_unref(c);
    cede_unref(b);
    cede_unref(a);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
