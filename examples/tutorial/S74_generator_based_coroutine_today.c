/*
 * A generator is not awaited for being one: it has to be marked. A bare yield
 * in it lets the loop go round once.
 */
#include <cede.h>

static cede_value yield_once(void *arg)
{
    (void)arg;
    return cede_yield(cede_none);
}

static bool can_await_unmarked(void)
{
    cede_try {
        cede_await(cede_generator(yield_once, NULL));
    } cede_except (cede_TypeError) {
        return false;
    } cede_end
    return true;
}

static cede_generator *nap(void)
{
    return cede_types_coroutine(cede_generator(yield_once, NULL));
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_print("a");
    cede_await(nap());
    cede_print("b");
    return cede_none;
}

int main(void)
{
    cede_print(can_await_unmarked());
    cede_run(run, NULL);
}
