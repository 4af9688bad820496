/*
 * What await refuses: objects that say nothing about waiting, plain
 * generators, an await_ that returns no iterator or a coroutine; and a
 * coroutine that has run already.
 */
#include <cede.h>

static cede_value a(void *x) { return cede_await(cede_ref((cede_object *)x)); }
static void plain(void) { cede_yield(1); }
static cede_value n(void) { return cede_int(1); }
static void *bad_await(void *self) { (void)self; return cede_tuple(5); }
static void *bad2_await(void *self) { (void)self; return cede_coroutine(n); }
static const cede_awaitable_methods bad = {.await_ = bad_await};
static const cede_awaitable_methods bad2 = {.await_ = bad2_await};
static CEDE_CLASS(Bad, cede_object, .awaitable = &bad);
static CEDE_CLASS(Bad2, cede_object, .awaitable = &bad2);
static void await_it(void *o) {
    cede_own (c, cede_coroutine(a, o));
    cede_try { cede_coroutine_send(c, cede_none); }
    cede_except (cede_TypeError, e) { cede_print("TypeError:", e); }
    cede_except (cede_StopIteration, e) { cede_print("native ok", cede_exception_value(e)); }
    cede_except (cede_RuntimeError, e) { cede_print("RuntimeError:", e); } cede_end
}

int main(void) {
    void *all[] = {cede_list_of(1), cede_generator(plain),
                   cede_object_new(Bad), cede_object_new(Bad2)};
    for (int i = 0; i < 4; i++) { await_it(all[i]); cede_unref(all[i]); }
    cede_own (c, cede_coroutine(n));
    await_it(c);
    await_it(c);
}
