/*
 * Python's compiler knows what may stand in an async def. In C any function
 * will do, and what it does is judged as it runs: a coroutine object awaits
 * and does not yield; a generator may do both, which is what Python calls an
 * asynchronous generator, and may return a value as any other.
 */
#include <cede.h>

static void nothing(void) {}
static cede_value yield_from_x(void) { return cede_yield_from(cede_generator(nothing)); }
static cede_value await_x(void) { return cede_await(cede_coroutine(nothing)); }
static void yield_1(void) { await_x(); cede_yield(1); }
static cede_value return_1_yield(void) { yield_1(); return cede_int(1); }
static void await_it(const char *body, void *coroutine) {
    cede_try { cede_await(coroutine); cede_print("ok", body); }
    cede_except (cede_RuntimeError) { cede_print("RuntimeError", body); } cede_end
}
static void iterate(const char *body, void *generator) {
    cede_try { cede_for (item, generator) (void)item; cede_print("ok", body); }
    cede_except (cede_RuntimeError) { cede_print("RuntimeError", body); } cede_end
}

int main(void) {
    await_it("yield from x", cede_coroutine(yield_from_x));
    iterate("yield 1", cede_generator(yield_1)); await_it("await x", cede_coroutine(await_x));
    iterate("return 1; yield", cede_generator(return_1_yield));
    await_it("yield 1, awaited", cede_coroutine(yield_1));
}
