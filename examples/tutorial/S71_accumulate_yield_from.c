/*
 * Numbers go through the delegator to the generator that adds them; what that
 * returns the delegator prints, and begins anew.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

static cede_value accumulate(void *arg)
{
    int64_t total = 0;

    (void)arg;
    for (;;) {
        cede_value x = cede_yield(total);

        if (cede_is_none(x))
            return cede_int(total);
        total += cede_value_int(x);
    }
}

static cede_value sum_coroutine(void *arg)
{
    for (;;) {
        cede_value total = cede_yield_from(cede_generator(accumulate, arg));

        cede_print(total);
    }
}

int main(void)
{
    cede_generator *co = cede_generator(sum_coroutine, NULL);

    cede_next(co);
    for (int i = 1; i < 11; i++)
        printf("%" PRId64 " ", cede_value_int(cede_generator_send(co, i)));
    cede_print("\n");
    cede_generator_send(co, cede_none);
    cede_unref(co);
}
