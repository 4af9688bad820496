/*
 * What yield from does, but for throw and close: it passes on what is yielded
 * and sent, and returns what the other returned. A plain iterator cannot be
 * sent to.
 */
#include <cede.h>

/* The only iterators with a send are generators here; they need no methods. */
static cede_value send_to(void *it, cede_value value)
{
    const cede_class *its = ((cede_object *)it)->object_class;

    if (!its->iterator)
        return cede_generator_send(it, value);
    cede_raise(cede_AttributeError, "'%s' object has no attribute 'send'",
               its->name);
}

static cede_value delegate(void *expr)
{
    void *i;
    cede_value y;

    cede_defer (cede_unref, expr);
    i = cede_iter(expr);
    cede_defer (cede_unref, i);
    cede_keep(y);
    cede_try {
        y = cede_next(i);
    } cede_except (cede_StopIteration, e) {
        return cede_value_ref(cede_exception_value(e));
    } cede_end
    for (;;) {
        cede_value s = cede_yield(y);

        cede_try {
            y = send_to(i, s);
        } cede_except (cede_StopIteration, e) {
            return cede_value_ref(cede_exception_value(e));
        } cede_end
    }
}

static cede_value sub(void *arg)
{
    cede_value a, b;

    (void)arg;
    a = cede_yield("one");
    cede_print("got", a);
    b = cede_yield("two");
    cede_print("got", b);
    return cede_int(cede_value_int(a) + cede_value_int(b));
}

int main(void)
{
    cede_generator *g = cede_generator(delegate, cede_generator(sub, NULL));

    cede_print(cede_next(g));
    cede_print(cede_generator_send(g, 3));
    cede_try {
        cede_generator_send(g, 4);
    } cede_except (cede_StopIteration, e) {
        cede_print("RESULT", cede_exception_value(e));
    } cede_end
    cede_unref(g);
    g = cede_generator(delegate, cede_list_of(1, 2));
    cede_print(cede_next(g));
    cede_try {
        cede_next(g);
    } cede_except (cede_AttributeError, e) {
        cede_print("AttributeError:", e);
    } cede_end
    cede_unref(g);
}
