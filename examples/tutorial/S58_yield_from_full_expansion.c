/*
 * All that yield from does (PEP 380), written by hand, and the real one beside
 * it: sends, exceptions and close go to whom it delegates to, if that has
 * something to receive them with.
 */
#include <cede.h>

/* The only iterators that receive are generators here; they need no methods. */
static bool is_generator(void *it)
{
    return !((cede_object *)it)->object_class->iterator;
}

static void close_it(void *it)
{
    if (is_generator(it))
        cede_generator_close(it);
}

static cede_value throw_to(void *it, cede_exception *e)
{
    if (is_generator(it))
        return cede_generator_throw(it, e);
    cede_raise(e);
}

static cede_value send_to(void *it, cede_value value)
{
    if (cede_is_none(value))
        return cede_next(it);
    if (is_generator(it))
        return cede_generator_send(it, value);
    cede_raise(cede_AttributeError, "'%s' object has no attribute 'send'",
               ((cede_object *)it)->object_class->name);
}

static cede_value delegate(void *expr)
{
    void *i;
    cede_value y, s;

    cede_defer (cede_unref, expr);
    i = cede_iter(expr);
    cede_defer (cede_unref, i);
    cede_keep(y);
    cede_keep(s);
    cede_try {
        y = cede_next(i);
    } cede_except (cede_StopIteration, e) {
        return cede_value_ref(cede_exception_value(e));
    } cede_end
    for (;;) {
        cede_try {
            s = cede_yield(y);
        } cede_except (cede_GeneratorExit, e) {
            close_it(i);
            cede_raise(e);
        } cede_except (cede_BaseException, e) {
            cede_try {
                y = throw_to(i, e);
            } cede_except (cede_StopIteration, stop) {
                return cede_value_ref(cede_exception_value(stop));
            } cede_end
        } cede_else {
            cede_try {
                y = send_to(i, s);
            } cede_except (cede_StopIteration, stop) {
                return cede_value_ref(cede_exception_value(stop));
            } cede_end
        } cede_end
    }
}

static cede_value real(void *expr)
{
    return cede_yield_from(expr);
}

static cede_value sub(void *arg)
{
    (void)arg;
    cede_try {
        for (;;) {
            cede_try {
                cede_value x = cede_yield("y");

                cede_print("  sub got", x);
            } cede_except (cede_KeyError, e) {
                cede_print("  sub caught", e);
                return cede_str("ret");
            } cede_end
        }
    } cede_finally {
        cede_print("  sub finally");
    } cede_end
    return cede_none;
}

static void *plain_iterator(void)
{
    cede_list *list = cede_list_of(1, 2);
    void *it = cede_iter(list);

    cede_unref(list);
    return it;
}

static void compare(cede_function d)
{
    cede_generator *g = cede_generator(d, cede_characters("QWE"));

    cede_print(cede_temp(cede_list_from(g)));
    g = cede_generator(d, cede_generator(sub, NULL));
    cede_next(g);
    cede_generator_send(g, 1);
    cede_generator_close(g);
    cede_print("  closed");
    cede_unref(g);
    g = cede_generator(d, cede_generator(sub, NULL));
    cede_next(g);
    cede_try {
        cede_generator_throw(g, cede_KeyError, "k");
    } cede_except (cede_StopIteration, e) {
        cede_print("  value", cede_exception_value(e));
    } cede_end
    cede_unref(g);
    g = cede_generator(d, plain_iterator());
    cede_next(g);
    cede_try {
        cede_generator_throw(g, cede_ValueError, "v");
    } cede_except (cede_ValueError, e) {
        cede_print("  plain iterator: raised in delegator", e);
    } cede_end
    cede_unref(g);
    g = cede_generator(d, plain_iterator());
    cede_next(g);
    cede_try {
        cede_generator_send(g, 9);
    } cede_except (cede_AttributeError, e) {
        cede_print("  AttributeError:", e);
    } cede_end
    cede_unref(g);
}

int main(void)
{
    cede_print("delegate");
    compare(delegate);
    cede_print("real");
    compare(real);
}
