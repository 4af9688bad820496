/* C has no generator expressions; a generator has the name of its function. */
#include <cede.h>

static cede_value numbers(void *arg)
{
    (void)arg;
    cede_for (i, cede_range(10))
        cede_yield(i);
    return cede_none;
}

int main(void)
{
    cede_generator *g = cede_generator(numbers, NULL);

    cede_print(g, cede_temp(cede_list_from(cede_ref(g))));
    cede_unref(g);
}
