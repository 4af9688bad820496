/*
 * What an inner generator yields goes to the caller; what it returns goes to
 * the generator that delegates.
 */
#include <cede.h>

static cede_value sum(void *max)
{
    int64_t tot = 0;

    for (int i = 0; i < *(int *)max; i++) {
        tot += i;
        cede_yield(tot);
    }
    return cede_int(tot);
}

static cede_value coroutine(void *arg)
{
    (void)arg;
    cede_print("Total:", cede_yield_from(cede_generator_with(sum, 10)));
    return cede_none;
}

int main(void)
{
    cede_list *all = cede_list_from(cede_generator(coroutine, NULL));

    cede_print(all);
    cede_unref(all);
}
