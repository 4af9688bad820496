/*
 * What yield from does, but for throw and close: it passes on what is yielded
 * and sent, and returns what the other returned. A plain iterator cannot be
 * sent to.
 */
#include <cede.h>

static cede_value delegate(void *expr) {
    cede_value y, s;
    cede_defer (cede_unref, expr);
    cede_own (i, cede_iter(expr));
    cede_keep(y);
    cede_try { y = cede_next(i); }
    cede_except (cede_StopIteration, e) { return cede_value_ref(cede_exception_value(e)); } cede_end
    for (;;) {
        s = cede_yield(y);
        cede_try { y = cede_generator_send(i, s); }
        cede_except (cede_StopIteration, e) {
            return cede_value_ref(cede_exception_value(e));
        } cede_end
    }
}
static cede_value sub(void) {
    cede_value a = cede_yield("one"); cede_print("got", a);
    cede_value b = cede_yield("two"); cede_print("got", b);
    return cede_int(cede_value_int(a) + cede_value_int(b));
}

int main(void) {
    cede_own (g, cede_generator(delegate, cede_generator(sub)));
    cede_print(cede_next(g)); cede_print(cede_generator_send(g, 3));
    cede_try { cede_generator_send(g, 4); }
    cede_except (cede_StopIteration, e) { cede_print("RESULT", cede_exception_value(e)); } cede_end
    cede_own (p, cede_generator(delegate, cede_list_of(1, 2))); cede_print(cede_next(p));
    cede_try { cede_next(p); }  /* the simplified form sends always: plain iterators have no send */
    cede_except (cede_AttributeError, e) { cede_print("AttributeError:", e); } cede_end
}
