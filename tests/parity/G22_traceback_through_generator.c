/*
 * A traceback that passes generators names each: whoever resumed, those that
 * delegate from the outermost in, and the one that raised, or that waited
 * where the exception was thrown in.
 */
#include <cede.h>
#include <cede/traceback.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_yield(1);
    cede_raise(cede_ValueError, "x");
}

static cede_value mid(void *arg)
{
    (void)arg;
    cede_yield_from(cede_generator(g, NULL));
    return cede_none;
}

static void print_names(cede_exception *e)
{
    cede_location frames[8];
    size_t count = cede_extract_tb(e, frames, 8);
    cede_list *names = cede_list();

    for (size_t i = 0; i < count; i++)
        cede_list_append(names, frames[i].function);
    cede_print(names);
    cede_unref(names);
}

int main(void)
{
    cede_generator *a = cede_generator(mid, NULL);
    cede_generator *b = cede_generator(mid, NULL);

    cede_next(a);
    cede_try {
        cede_next(a);
    } cede_except (cede_ValueError, e) {
        print_names(e);
    } cede_end
    cede_next(b);
    cede_try {
        cede_generator_throw(b, cede_KeyError, "t");
    } cede_except (cede_KeyError, e) {
        print_names(e);
    } cede_end
    cede_unref(b);
    cede_unref(a);
}
