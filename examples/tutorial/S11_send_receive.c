/* Two ways: yield gives a value out and returns the one that is sent in. */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

static cede_value coroutine1(void *arg)
{
    cede_value x;

    (void)arg;
    cede_print("callee 1");
    x = cede_yield(1);
    printf("callee 2: %" PRId64 "\n", cede_value_int(x));
    x = cede_yield(2);
    printf("callee 3: %" PRId64 "\n", cede_value_int(x));
    return cede_none;
}

int main(void)
{
    cede_generator *task = cede_generator(coroutine1, NULL);

    cede_print("i =", cede_next(task));
    cede_print("i =", cede_generator_send(task, 10));
    cede_try {
        cede_generator_send(task, 20);
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration");
    } cede_end
    cede_unref(task);
}
