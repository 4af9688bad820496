/*
 * A group is split by a class, or by a function that is asked about every
 * group and every exception in it; each part keeps the nesting.
 */
#include <string.h>

#include <cede.h>

static bool is_nested(const cede_exception *e, void *arg)
{
    (void)arg;
    return cede_exception_is(e, cede_ExceptionGroup) &&
           strcmp(cede_exception_group_message(e), "nested") == 0;
}

static cede_exception *group_of_two(const char *message, cede_exception *a,
                                    cede_exception *b)
{
    cede_exception *group =
        cede_exception_group(message, (cede_exception *[]){a, b}, 2);

    cede_unref(a);
    cede_unref(b);
    return group;
}

int main(void)
{
    cede_exception *nested =
        group_of_two("nested", cede_exception_from_args(cede_KeyError, 2),
                     cede_exception_from_args(cede_ValueError, 3));
    cede_exception *eg = group_of_two(
        "top", cede_exception_from_args(cede_ValueError, 1), nested);
    cede_exception *m, *r;

    cede_exception_group_split(eg, cede_ValueError, &m, &r);
    cede_print(cede_temp(cede_repr(m)));
    cede_print(cede_temp(cede_repr(r)));
    cede_unref(m);
    cede_unref(r);

    m = cede_exception_group_subgroup(eg, cede_KeyError);
    r = cede_exception_group_subgroup(eg, cede_OSError);
    cede_print(cede_temp(cede_repr(m)), r, r);
    cede_unref(m);
    cede_unref(r);

    cede_exception_group_split_if(eg, is_nested, NULL, &m, &r);
    cede_print(cede_temp(cede_repr(m)), cede_temp(cede_repr(r)));
    cede_unref(m);
    cede_unref(r);
    cede_unref(eg);
}
