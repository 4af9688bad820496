/*
 * await waits, it does not produce. Python's compiler refuses to mix the two;
 * in C it is the runtime that says so, and where awaiting does no harm, in any
 * function, it is allowed.
 */
#include <cede.h>

static void await_nothing(void) { cede_await(NULL); }
static void yield_from_list(void) { cede_yield_from(cede_list()); }
static void g(void) {}
static void await_g(void) { cede_await(cede_coroutine(g)); }
static void yield_ten(void) { cede_yield(10); }

static void check(void (*f)(void), const char *what) {
    cede_try { cede_await(cede_coroutine(f)); }
    cede_except (cede_Exception, e) { cede_print(cede_type_name(e), what, "--", e); } cede_end
}

int main(void) {
    check(await_nothing, "await");
    check(yield_from_list, "yield from []");
    await_g(); cede_print("ok           await g()"); /* no coroutine: a call */
    check(yield_ten, "yield 10");
}
