/* What is sent in becomes the value of the yield that waited for it. */
#include <cede.h>

static cede_value coroutine2(void *arg)
{
    int64_t x = *(int *)arg, y, z;

    cede_print("return:", x);
    y = cede_value_int(cede_yield(x));
    cede_print("received:", y);
    z = cede_value_int(cede_yield(x + y));
    cede_print("received:", z);
    return cede_none;
}

int main(void)
{
    cede_generator *c2 = cede_generator_with(coroutine2, 30);

    cede_print(cede_next(c2));
    cede_print(cede_generator_send(c2, 20));
    cede_try {
        cede_generator_send(c2, 30);
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration");
    } cede_end
    cede_unref(c2);
}
