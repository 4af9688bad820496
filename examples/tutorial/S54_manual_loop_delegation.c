/* A generator that yields what a list has, one by one. */
#include <cede.h>

static cede_value number_generator(void *arg)
{
    (void)arg;
    cede_for (i, cede_list_of(1, 2, 3))
        cede_yield(i);
    return cede_none;
}

int main(void)
{
    cede_for (i, cede_generator(number_generator, NULL))
        cede_print(i);
}
