/* Between two yields a generator does as it likes. */
#include <cede.h>

static cede_value number_generator(void *arg)
{
    (void)arg;
    cede_print("Hello!");
    cede_yield(0);
    cede_print("Good");
    cede_yield(1);
    cede_print("Morning!");
    cede_yield(2);
    return cede_none;
}

int main(void)
{
    cede_for (i, cede_generator(number_generator, NULL))
        cede_print(i);
}
