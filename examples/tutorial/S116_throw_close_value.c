/*
 * A generator that handles what is thrown in goes on and yields again; what it
 * returns comes with its StopIteration.
 */
#include <cede.h>

static cede_value co(void *arg)
{
    int64_t total = 0;

    (void)arg;
    cede_keep(total);
    for (;;) {
        cede_try {
            cede_value x = cede_yield(total);

            if (cede_is_none(x))
                break;
            total += cede_value_int(x);
        } cede_except (cede_KeyError) {
            cede_print("KeyError handled");
        } cede_end
    }
    return cede_int(total);
}

int main(void)
{
    cede_generator *c = cede_generator(co, NULL);
    cede_generator *d = cede_generator(co, NULL);

    cede_next(c);
    cede_generator_send(c, 4);
    cede_print(cede_generator_throw(c, cede_KeyError));
    cede_try {
        cede_generator_send(c, cede_none);
    } cede_except (cede_StopIteration, e) {
        cede_print("value", cede_exception_value(e));
    } cede_end
    cede_next(d);
    cede_generator_close(d);
    cede_print(cede_generator_state_name(cede_getgeneratorstate(d)));
    cede_unref(d);
    cede_unref(c);
}
