/* await gives what a coroutine returns. */
#include <cede.h>

struct pair {
    int a, b;
};

static cede_value add(void *arg)
{
    const struct pair *pair = arg;

    return cede_int(pair->a + pair->b);
}

static cede_value print_add(void *arg)
{
    cede_value result = cede_await(cede_coroutine(add, arg));

    cede_print(result);
    return cede_none;
}

int main(void)
{
    struct pair pair = {1, 2};

    cede_run(print_add, &pair);
}
