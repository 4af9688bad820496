/*
 * A generator is a function that yields; cede_for runs it. The value given to
 * cede_generator_with is copied into the generator.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

static cede_value countdown(void *arg)
{
    for (int i = *(int *)arg; i > 0; i--)
        cede_yield(i);
    return cede_none;
}

int main(void)
{
    cede_for (v, cede_generator_with(countdown, 3))
        printf("%" PRId64 "\n", cede_value_int(v));
}
