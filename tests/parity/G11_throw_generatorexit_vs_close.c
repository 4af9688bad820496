/*
 * GeneratorExit thrown in by hand comes back out to whoever threw it; close
 * throws the same and keeps it.
 */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_print("cleanup");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);
    cede_generator *b = cede_generator(g, NULL);

    cede_next(a);
    cede_try {
        cede_generator_throw(a, cede_GeneratorExit);
    } cede_except (cede_GeneratorExit) {
        cede_print("throw(GeneratorExit) reaches the caller");
    } cede_end
    cede_next(b);
    cede_generator_close(b);
    cede_print("close() swallows it");
    cede_unref(a);
    cede_unref(b);
}
