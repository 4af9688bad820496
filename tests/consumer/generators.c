/*
 * A program of somebody else's that uses the installed libcede-coro, which has
 * no event loop: a generator, delegation, exceptions from inside, and what
 * only the library's own code does.
 */
#include <cede/coro.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int finals;

static cede_value squares(void *arg)
{
    cede_try {
        for (int64_t i = 1; i <= *(int *)arg; i++)
            cede_yield(i * i);
    } cede_finally {
        finals++;
    } cede_end
    return cede_none;
}

static cede_value twice(void *arg)
{
    cede_yield_from(cede_generator(squares, arg));
    cede_yield_from(cede_generator(squares, arg));
    cede_raise(cede_ValueError, "that was all");
}

int main(void)
{
    int64_t sum = 0;
    bool raised = false;

    cede_keep(sum);
    cede_keep(raised);
    cede_try {
        cede_for (v, cede_generator_with(twice, 3))
            sum += cede_value_int(v);
    } cede_except (cede_ValueError, e) {
        raised = !strcmp(cede_exception_message(e), "that was all");
    } cede_end
    cede_for (v, cede_generator_with(squares, 10)) {
        sum += cede_value_int(v);
        if (cede_value_int(v) == 9)
            break;
    }
    printf("cede-coro %s: %" PRId64 "\n", cede_version(), sum);
    return strcmp(cede_version(), CEDE_VERSION) == 0 && sum == 42 && raised &&
                   finals == 3
               ? 0
               : 1;
}
