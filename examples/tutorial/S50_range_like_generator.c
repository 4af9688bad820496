/* A range, written as a generator. */
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

int main(void)
{
    cede_for (i, cede_generator_with(number_generator, 3))
        cede_print(i);
}
