/*
 * What a generator returns is the value of its StopIteration. Raising one by
 * hand is not the same: it becomes RuntimeError (PEP 479).
 */
#include <stdio.h>

#include <cede.h>

static cede_value test(void *arg)
{
    (void)arg;
    cede_yield(1);
    return cede_int(10);
}

static cede_value test_old(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_raise_args(cede_StopIteration, 10);
}

int main(void)
{
    cede_generator *x = cede_generator(test, NULL);
    cede_generator *y = cede_generator(test_old, NULL);

    cede_print(cede_next(x));
    cede_try {
        cede_next(x);
    } cede_except (cede_StopIteration, e) {
        cede_print("StopIteration:", e, cede_exception_value(e));
    } cede_end
    cede_next(y);
    cede_try {
        cede_next(y);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_unref(x);
    cede_unref(y);
}
