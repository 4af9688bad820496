/* A delegation may bring values, a result, or an exception. */
#include <cede.h>

static cede_value yields(void *arg)
{
    (void)arg;
    cede_yield("y");
    return cede_none;
}

static cede_value returns(void *arg)
{
    (void)arg;
    return cede_str("r");
}

static cede_value raises(void *arg)
{
    (void)arg;
    cede_raise(cede_KeyError, "k");
}

static cede_value d(void *s)
{
    cede_value r;

    cede_keep(r);
    cede_try {
        r = cede_yield_from((cede_generator *)s);
    } cede_except (cede_KeyError, e) {
        cede_print("propagated", e);
        return cede_none;
    } cede_end
    cede_print("result", r);
    return cede_none;
}

static void print_list(cede_function sub)
{
    cede_generator *s = cede_generator(sub, NULL);

    cede_print(cede_temp(cede_list_from(cede_generator(d, s))));
}

int main(void)
{
    print_list(yields);
    print_list(returns);
    print_list(raises);
}
