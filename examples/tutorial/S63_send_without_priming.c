/* A generator that has not started has no yield that could receive. */
#include <cede.h>

static cede_value g(void *arg)
{
    cede_value x = cede_yield(1);

    (void)arg;
    cede_print("x", x);
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);

    cede_try {
        cede_generator_send(a, 5);
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end
    cede_print(cede_generator_send(a, cede_none)); /* still usable */
    cede_unref(a);
}
