/* A generator is the short way to write an iterator. */
#include <cede.h>

static cede_value test2(void *arg)
{
    (void)arg;
    cede_for (i, cede_range(10))
        cede_yield(cede_value_int(i) * 2);
    return cede_none;
}

int main(void)
{
    cede_list *all = cede_list_from(cede_generator(test2, NULL));

    cede_print(all);
    cede_unref(all);
}
