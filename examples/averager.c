/*
 * Two ways: cede_generator_send gives a value to the yield that waits inside,
 * cede_yield_from hands everything through to another generator and returns
 * what that one returned.
 */
#include <stdio.h>

#include <cede.h>

/* Yields the mean so far for each number; None ends it. */
static cede_value averager(void)
{
    double total = 0;
    int64_t count = 0;
    cede_value term = cede_yield(cede_none);

    while (!cede_is_none(term)) {
        total += cede_value_float(term);
        term = cede_yield(total / ++count);
    }
    return cede_float(count ? total / count : 0);
}

/* Averages one group of numbers after another. */
static void grouper(void)
{
    for (;;) {
        cede_value mean = cede_yield_from(cede_generator(averager));

        printf("mean %g\n", cede_value_float(mean));
    }
}

int main(void)
{
    const double heights[] = {1.5, 1.25, 1.75};
    cede_generator *group = cede_generator(grouper);

    cede_next(group); /* runs to the first yield, which wants a number */
    for (int i = 0; i < 3; i++) {
        cede_value mean = cede_generator_send(group, heights[i]);

        printf("%g: so far %g\n", heights[i], cede_value_float(mean));
    }
    cede_generator_send(group, cede_none);
    cede_generator_send(group, 40); /* an int reads as a float */
    cede_generator_send(group, cede_none);
    cede_unref(group); /* closes it where it waits */
}
