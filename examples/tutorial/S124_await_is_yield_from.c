/*
 * A generator that yields from an awaitable and a coroutine that awaits it do
 * the same: the driver cannot tell them apart.
 */
#include <cede.h>

static cede_value yields(void) { return cede_yield("v"); }
static void *sub(void) { return cede_types_coroutine(cede_generator(yields)); }
static cede_value old_coro(cede_generator *awaitable) { return cede_yield_from(awaitable); }
static cede_value new_coro(cede_generator *awaitable) { return cede_await(awaitable); }

int main(void) {
    cede_own (old, cede_types_coroutine(cede_generator(old_coro, sub())));
    cede_print_end(" ", "old_coro", cede_generator_send(old, cede_none));
    cede_try { cede_generator_send(old, "x"); }
    cede_except (cede_StopIteration, e) { cede_print(cede_exception_value(e)); } cede_end
    cede_own (new, cede_coroutine(new_coro, sub()));
    cede_print_end(" ", "new_coro", cede_coroutine_send(new, cede_none));
    cede_try { cede_coroutine_send(new, "x"); }
    cede_except (cede_StopIteration, e) { cede_print(cede_exception_value(e)); } cede_end
}
