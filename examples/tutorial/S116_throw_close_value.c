/*
 * A generator that handles what is thrown in goes on and yields again; what it
 * returns comes with its StopIteration.
 */
#include <cede.h>

static cede_value co(void) {
    int64_t total = 0; cede_keep(total);
    for (;;) {
        cede_try {
            cede_value x = cede_yield(total);
            if (cede_is_none(x)) break;
            total += cede_value_int(x);
        }
        cede_except (cede_KeyError) { cede_print("KeyError handled"); } cede_end
    }
    return cede_int(total);
}

int main(void) {
    cede_own (c, cede_generator(co)); cede_next(c); cede_generator_send(c, 4);
    cede_print(cede_generator_throw(c, cede_KeyError));
    cede_try { cede_generator_send(c, cede_none); }
    cede_except (cede_StopIteration, e) { cede_print("value", cede_exception_value(e)); } cede_end
    cede_own (d, cede_generator(co)); cede_next(d); cede_generator_close(d);
    cede_print(cede_generator_state_name(cede_getgeneratorstate(d)));
}
