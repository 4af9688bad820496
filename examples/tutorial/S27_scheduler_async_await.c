/*
 * The round-robin scheduler for coroutines. A marked generator is the trap
 * door: what it yields leaves the coroutine that awaits it.
 */
#include <cede.h>

static void trap(void) { cede_yield(cede_none); }
static cede_generator *switch_(void) { return cede_types_coroutine(cede_generator(trap)); }

static void coro1(void) {
    cede_print("C1: Start"); cede_await(switch_());
    cede_print("C1: a"); cede_await(switch_());
    cede_print("C1: b"); cede_await(switch_());
    cede_print("C1: end");
}

static void coro2(void) {
    cede_print("C2: Start"); cede_await(switch_());
    cede_print("C2: a"); cede_await(switch_());
    cede_print("C2: b"); cede_await(switch_());
    cede_print("C2: end");
}

static void run(cede_list *coros) {
    cede_defer (cede_unref, coros);
    while (cede_len(coros) > 0)
        cede_for (c, cede_list_from(cede_ref(coros))) {
            cede_try { cede_coroutine_send(cede_value_object(c), cede_none); }
            cede_except (cede_StopIteration) { cede_list_remove(coros, c); } cede_end
        }
}

int main(void) {
    run(cede_list_of(cede_coroutine(coro1), cede_coroutine(coro2)));
}
