/* Wherever a generator returns, next raises StopIteration. */
#include <cede.h>

static cede_value ng1(void *arg)
{
    (void)arg;
    cede_yield(0);
    cede_yield(1);
    return cede_none;
}

static cede_value ng2(void *arg)
{
    (void)arg;
    cede_yield(0);
    return cede_none;
}

static void show_end(cede_generator *ng)
{
    cede_try {
        cede_next(ng);
    } cede_except (cede_StopIteration, e) {
        cede_print("StopIteration", cede_exception_value(e));
    } cede_end
    cede_unref(ng);
}

int main(void)
{
    cede_generator *ng = cede_generator(ng1, NULL);

    cede_print(cede_next(ng));
    cede_print(cede_next(ng));
    show_end(ng);
    ng = cede_generator(ng2, NULL);
    cede_print(cede_next(ng));
    show_end(ng);
}
