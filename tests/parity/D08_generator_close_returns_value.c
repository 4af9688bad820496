/*
 * close returns what the generator returned (Python 3.13); closing it again
 * returns None.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit) {
        return cede_str("v");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_value first, second;

    cede_next(a);
    first = cede_generator_close(a);
    second = cede_generator_close(a);
    cede_print(first, second);
    cede_unref(a);
}
