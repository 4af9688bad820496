/* Each number sent in comes back as the average of all so far. */
#include <cede.h>

static cede_value averager(void *arg)
{
    double total = 0.0;
    int64_t count = 0;
    cede_value average = cede_none;

    (void)arg;
    for (;;) {
        total += cede_value_float(cede_yield(average));
        average = cede_float(total / ++count);
    }
}

int main(void)
{
    cede_generator *coro = cede_generator(averager, NULL);

    cede_print(cede_next(coro));
    cede_print(cede_generator_send(coro, 10));
    cede_print(cede_generator_send(coro, 20));
    cede_print(cede_generator_send(coro, 30));
    cede_unref(coro);
}
