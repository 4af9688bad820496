/*
 * The round-robin scheduler for coroutines. A marked generator is the trap
 * door: what it yields leaves the coroutine that awaits it.
 */
#include <cede.h>

static cede_value yield_once(void *arg)
{
    (void)arg;
    return cede_yield(cede_none);
}

static cede_generator *switch_(void)
{
    return cede_types_coroutine(cede_generator(yield_once, NULL));
}

static cede_value coro1(void *arg)
{
    (void)arg;
    cede_print("C1: Start");
    cede_await(switch_());
    cede_print("C1: a");
    cede_await(switch_());
    cede_print("C1: b");
    cede_await(switch_());
    cede_print("C1: end");
    return cede_none;
}

static cede_value coro2(void *arg)
{
    (void)arg;
    cede_print("C2: Start");
    cede_await(switch_());
    cede_print("C2: a");
    cede_await(switch_());
    cede_print("C2: b");
    cede_await(switch_());
    cede_print("C2: end");
    return cede_none;
}

static bool has_more(cede_coroutine *coro)
{
    cede_try {
        cede_coroutine_send(coro, cede_none);
    } cede_except (cede_StopIteration) {
        return false;
    } cede_end
    return true;
}

/* Runs all to their ends and gives the list up. */
static void run(cede_list *coros)
{
    cede_defer (cede_unref, coros);
    while (cede_list_size(coros) > 0) {
        for (size_t i = 0; i < cede_list_size(coros);) {
            if (has_more(cede_value_object(cede_list_get(coros, i))))
                i++;
            else
                cede_value_unref(cede_list_pop(coros, i));
        }
    }
}

int main(void)
{
    run(cede_list_of(cede_coroutine(coro1, NULL), cede_coroutine(coro2, NULL)));
}
