/*
 * The StopIteration of the resume that ends a generator carries its return
 * value; every later one carries None. A tuple or an exception is a value like
 * any other, not the exception's arguments nor its cause.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_yield(1);
    return cede_str("r");
}

static cede_value h(void *arg)
{
    (void)arg;
    return cede_object(cede_tuple(1, 2));
}

static cede_value k(void *arg)
{
    (void)arg;
    return cede_object(cede_exception(cede_ValueError, "v"));
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_generator *b = cede_generator(h, NULL);
    cede_generator *c = cede_generator(k, NULL);

    cede_next(a);
    for (int i = 0; i < 3; i++) {
        cede_try {
            cede_next(a);
        } cede_except (cede_StopIteration, e) {
            cede_value text = cede_repr(cede_exception_value(e));

            cede_print(text, cede_exception_args(e));
            cede_value_unref(text);
        } cede_end
    }
    cede_try {
        cede_next(b);
    } cede_except (cede_StopIteration, e) {
        cede_print(cede_exception_value(e), cede_exception_args(e));
    } cede_end
    cede_try {
        cede_next(c);
    } cede_except (cede_StopIteration, e) {
        cede_value text = cede_repr(cede_exception_value(e));

        cede_print(text);
        cede_value_unref(text);
    } cede_end
    cede_unref(a);
    cede_unref(b);
    cede_unref(c);
}
