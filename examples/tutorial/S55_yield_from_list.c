/* yield from takes any iterable; at its end the generator goes on. */
#include <cede.h>

static cede_value number_generator(void *arg)
{
    (void)arg;
    cede_yield_from(cede_list_of(1, 2, 3));
    cede_print("Hello!");
    return cede_none;
}

int main(void)
{
    cede_for (i, cede_generator(number_generator, NULL))
        cede_print(i);
}
