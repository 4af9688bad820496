/*
 * A generator is a function that yields; cede_for runs it.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

static void countdown(int from)
{
    for (int i = from; i > 0; i--)
        cede_yield(i);
}

int main(void)
{
    cede_for (v, cede_generator(countdown, 3))
        printf("%" PRId64 "\n", cede_value_int(v));
}
