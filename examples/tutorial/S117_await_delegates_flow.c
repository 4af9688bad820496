/*
 * Values travel through every await to whoever drives the outermost coroutine,
 * and what that one sends travels back to the innermost.
 */
#include <cede.h>

static cede_value yields(void *v)
{
    return cede_yield((const char *)v);
}

/* Python: @types.coroutine. */
static cede_generator *trap(const char *v)
{
    return cede_types_coroutine(cede_generator(yields, (void *)v));
}

static cede_value inner(void *arg)
{
    cede_value a = cede_await(trap("a"));
    cede_value b = cede_await(trap("b"));

    (void)arg;
    return cede_str_format("%s%s", cede_value_str(a), cede_value_str(b));
}

static cede_value outer(void *arg)
{
    cede_value result = cede_await(cede_coroutine(inner, arg));

    cede_defer (cede_value_clear, &result);
    return cede_str_format("r%s", cede_value_str(result));
}

int main(void)
{
    cede_coroutine *c = cede_coroutine(outer, NULL);

    cede_print(cede_coroutine_send(c, cede_none), cede_coroutine_send(c, "1"));
    cede_try {
        cede_coroutine_send(c, "2");
    } cede_except (cede_StopIteration, e) {
        cede_print(cede_exception_value(e));
    } cede_end
    cede_unref(c);
}
