/*
 * All that yield from does (PEP 380), written by hand, and the real one beside
 * it: sends, exceptions and close go to whom it delegates to, if that has
 * something to receive them with.
 */
#include <cede.h>

static cede_value delegate(void *expr) {
    cede_value y, s;
    cede_defer (cede_unref, expr);
    cede_own (i, cede_iter(expr));
    cede_keep(y); cede_keep(s);
    cede_try { y = cede_next(i); }
    cede_except (cede_StopIteration, e) { return cede_value_ref(cede_exception_value(e)); } cede_end
    for (;;) {
        cede_try { s = cede_yield(y); }
        cede_except (cede_GeneratorExit, e) {
            if (cede_isgenerator(i)) cede_generator_close(i);
            cede_raise(e);
        } cede_except (cede_BaseException, e) {
            if (!cede_isgenerator(i)) cede_raise(e);
            cede_try { y = cede_generator_throw(i, e); }
            cede_except (cede_StopIteration, stop) {
                return cede_value_ref(cede_exception_value(stop));
            } cede_end
        } cede_else {
            cede_try {
                if (cede_is_none(s)) y = cede_next(i);
                else y = cede_generator_send(i, s);
            } cede_except (cede_StopIteration, stop) {
                return cede_value_ref(cede_exception_value(stop));
            } cede_end
        } cede_end
    }
}
static cede_value real(void *expr) { return cede_yield_from(expr); }
static cede_value sub(void) {
    cede_try {
        for (;;) {
            cede_try { cede_value x = cede_yield("y"); cede_print("  sub got", x); }
            cede_except (cede_KeyError, e) {
                cede_print("  sub caught", e); return cede_str("ret");
            }
            cede_end
        }
    } cede_finally { cede_print("  sub finally"); } cede_end
    return cede_none;
}
static void *plain_iterator(void) {
    cede_own (list, cede_list_of(1, 2)); return cede_iter(list);
}
static void compare(cede_function d) {
    cede_print(cede_temp(cede_list_from(cede_generator(d, cede_characters("QWE")))));
    cede_own (a, cede_generator(d, cede_generator(sub))); cede_next(a);
    cede_generator_send(a, 1); cede_generator_close(a); cede_print("  closed");
    cede_own (b, cede_generator(d, cede_generator(sub))); cede_next(b);
    cede_try { cede_generator_throw(b, cede_KeyError, "k"); }
    cede_except (cede_StopIteration, e) { cede_print("  value", cede_exception_value(e)); } cede_end
    cede_own (c, cede_generator(d, plain_iterator())); cede_next(c);
    cede_try { cede_generator_throw(c, cede_ValueError, "v"); }
    cede_except (cede_ValueError, e) { cede_print("  plain iterator: raised in delegator", e); }
    cede_end
    cede_own (f, cede_generator(d, plain_iterator())); cede_next(f);
    cede_try { cede_generator_send(f, 9); }
    cede_except (cede_AttributeError, e) { cede_print("  AttributeError:", e); } cede_end
}

int main(void) {
    cede_print("delegate"); compare(delegate);
    cede_print("real"); compare(real);
}
