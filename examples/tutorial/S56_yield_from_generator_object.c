/* yield from another generator. */
#include <cede.h>

static cede_value number_generator(void *end)
{
    int n = 0;

    while (n < *(int *)end) {
        cede_yield(n);
        n += 1;
    }
    return cede_none;
}

static cede_value three_generator(void *arg)
{
    (void)arg;
    return cede_yield_from(cede_generator_with(number_generator, 3));
}

int main(void)
{
    cede_for (i, cede_generator(three_generator, NULL))
        cede_print(i);
}
