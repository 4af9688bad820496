/*
 * yield from starts what it delegates to; one that somebody started before
 * loses its first item.
 */
#include <cede.h>

static cede_generator *primed(cede_generator *gen)
{
    cede_defer (cede_unref, gen);
    cede_value_unref(cede_next(gen));
    return cede_ref(gen);
}

static cede_value sub(void *arg)
{
    (void)arg;
    cede_for (i, cede_range(3))
        cede_yield(i);
    return cede_none;
}

static cede_value d(void *arg)
{
    return cede_yield_from(primed(cede_generator(sub, arg)));
}

int main(void)
{
    cede_print(cede_temp(cede_list_from(cede_generator(d, NULL))));
}
