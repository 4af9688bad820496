/*
 * A generator that yields from an awaitable and a coroutine that awaits it do
 * the same: the driver cannot tell them apart.
 */
#include <cede.h>

static cede_value yields(void *arg)
{
    (void)arg;
    return cede_yield("v");
}

static cede_generator *sub(void)
{
    return cede_types_coroutine(cede_generator(yields, NULL));
}

static cede_value old_coro(void *awaitable)
{
    return cede_yield_from((cede_generator *)awaitable);
}

static cede_value new_coro(void *awaitable)
{
    return cede_await((cede_generator *)awaitable);
}

int main(void)
{
    cede_generator *old = cede_types_coroutine(cede_generator(old_coro, sub()));
    cede_coroutine *new = cede_coroutine(new_coro, sub());
    cede_value v;

    v = cede_generator_send(old, cede_none);
    cede_try {
        cede_generator_send(old, "x");
    } cede_except (cede_StopIteration, e) {
        cede_print("old_coro", v, cede_exception_value(e));
    } cede_end

    v = cede_coroutine_send(new, cede_none);
    cede_try {
        cede_coroutine_send(new, "x");
    } cede_except (cede_StopIteration, e) {
        cede_print("new_coro", v, cede_exception_value(e));
    } cede_end
    cede_unref(new);
    cede_unref(old);
}
