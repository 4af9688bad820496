/*
 * Making a generator runs nothing; each next runs it to its next yield, and
 * after the last one StopIteration is raised.
 */
#include <cede.h>

static cede_value test1(void *arg)
{
    (void)arg;
    cede_print("print 1");
    cede_yield(1);
    cede_print("print 2");
    cede_yield(2);
    return cede_none;
}

int main(void)
{
    cede_generator *g = cede_generator(test1, NULL); /* test1 does not run */
    cede_generator *it = cede_iter(g);

    cede_defer (cede_unref, g);
    cede_defer (cede_unref, it);
    cede_print("generator", cede_getgeneratorstate(g) == CEDE_GEN_CREATED
                                ? cede_bool(true)
                                : cede_bool(false), cede_bool(it == g));
    cede_print(cede_next(g));
    cede_print(cede_next(g));
    cede_try {
        cede_next(g);
    } cede_except (cede_StopIteration) {
        cede_print("StopIteration");
    } cede_end
}
