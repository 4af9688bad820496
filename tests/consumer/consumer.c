/*
 * A program of somebody else's that uses the installed cede: enough of it to
 * need the library, its inline code and its flags.
 */
#include <cede.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static cede_value countdown(void *arg)
{
    for (int i = *(int *)arg; i > 0; i--)
        cede_yield(i);
    return cede_none;
}

int main(void)
{
    int64_t sum = 0;

    cede_for (v, cede_generator_with(countdown, 3))
        sum += cede_value_int(v);
    printf("cede %s: %" PRId64 "\n", cede_version(), sum);
    return strcmp(cede_version(), CEDE_VERSION) == 0 && sum == 6 ? 0 : 1;
}
