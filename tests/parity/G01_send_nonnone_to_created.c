/*
 * A value sent to a generator that has not started has no yield to arrive at:
 * TypeError, and the generator can still be started.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_print("body");
    cede_value x = cede_yield(1);
    cede_print("got", x);
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
    cede_print(cede_generator_send(a, cede_none));
    cede_try {
        cede_generator_send(a, 7);
    } cede_except (cede_StopIteration) {
        cede_print("end");
    } cede_end
    cede_unref(a);
}
