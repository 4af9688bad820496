/*
 * Each generator keeps its own locals across a yield, and what an expression
 * had computed already: `loc +` waits for its right side.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    int64_t loc = *(int *)arg + 1;
    int64_t tot = loc + cede_value_int(cede_yield(loc)) * 2;

    loc += 10;
    cede_yield(cede_tuple(tot, loc));
    return cede_none;
}

int main(void)
{
    cede_generator *x = cede_generator_with(g, 1);
    cede_generator *y = cede_generator_with(g, 100);

    cede_print(cede_next(x), cede_next(y), cede_temp(cede_generator_send(x, 5)),
               cede_temp(cede_generator_send(y, 6)));
    cede_unref(y);
    cede_unref(x);
}
