/* The last reference closes a generator, so its finally clauses run. */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_print("closed by reference drop");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_generator *a = cede_generator(g, NULL);

    cede_next(a);
    cede_unref(a);
    cede_print("after drop");
}
