/*
 * A generator is not awaited for being one: it has to be marked. A bare yield
 * in it lets the loop go round once.
 */
#include <cede.h>

static cede_value yield_once(void) { return cede_yield(cede_none); }
static bool can_await_unmarked(void) {
    cede_try { cede_await(cede_generator(yield_once)); }
    cede_except (cede_TypeError) { return false; } cede_end
    return true;
}
static void *nap(void) { return cede_types_coroutine(cede_generator(yield_once)); }
static void run(void) { cede_print("a"); cede_await(nap()); cede_print("b"); }

int main(void) {
    cede_print(can_await_unmarked());
    cede_run(run);
}
