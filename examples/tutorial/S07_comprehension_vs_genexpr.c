/*
 * A list can be read again; what is computed item by item passes once, and a
 * second reader finds nothing.
 */
#include <cede.h>

static cede_value doubled(cede_value x)
{
    return cede_int(cede_value_int(x) * 2);
}

static cede_value doubles(void *arg)
{
    (void)arg;
    return cede_yield_from(cede_map(doubled, cede_range(10)));
}

int main(void)
{
    cede_list *list = cede_list_from(cede_map(doubled, cede_range(10)));
    cede_generator *g = cede_generator(doubles, NULL);
    cede_list *rest;
    int64_t sum = 0;

    cede_print(list);
    cede_print(g->head.object_class->name);
    cede_for (x, cede_ref(g))
        sum += cede_value_int(x);
    cede_print(sum);
    rest = cede_list_from(g);
    cede_print(rest);
    cede_unref(rest);
    cede_unref(list);
}
