/*
 * Five hundred generators delegate to one another: a value sent to the
 * outermost arrives in the innermost, and what that yields comes back.
 */
#include <cede.h>

static cede_value leaf(void *arg)
{
    cede_value x = cede_yield(0);

    (void)arg;
    for (;;)
        x = cede_yield(cede_value_int(x) + 1);
    return cede_none;
}

static cede_value chain(void *arg)
{
    int n = *(int *)arg;

    if (n == 0)
        return cede_yield_from(cede_generator(leaf, NULL));
    return cede_yield_from(cede_generator_with(chain, n - 1));
}

static int depth(cede_generator *g)
{
    int n = 0;

    for (; (g = cede_generator_yieldfrom(g)) != NULL; n++)
        ;
    return n;
}

int main(void)
{
    cede_generator *g = cede_generator_with(chain, 500);
    cede_list *answers = cede_list();

    cede_print(cede_next(g));
    for (int i = 0; i < 3; i++)
        cede_list_append(answers, cede_generator_send(g, i));
    cede_print(answers);
    cede_print(depth(g));
    cede_unref(answers);
    cede_unref(g);
}
