/*
 * An iterator may say its end by raising StopIteration, from next or from
 * throw: its value is what the delegation returns.
 */
#include <cede.h>

typedef struct It {
    cede_object head;
    int n;
} It;

static bool it_next(void *self, cede_value *item)
{
    It *it = self;

    it->n++;
    if (it->n > 2)
        cede_raise(cede_StopIteration, "final");
    *item = cede_int(it->n);
    return true;
}

static bool it_throw(void *self, cede_exception *e, cede_value *item)
{
    (void)self;
    (void)e;
    (void)item;
    cede_raise(cede_StopIteration, "from throw");
}

static const cede_iterator_methods methods = {.next = it_next,
                                              .throw_ = it_throw};
static const cede_class It_class[1] = {
    {.name = "It", .size = sizeof(It), .iterator = &methods}};

static cede_value d(void *arg)
{
    (void)arg;
    cede_value r = cede_yield_from(cede_object_new(It_class));
    cede_yield(cede_object(cede_tuple("r", r)));
    return cede_none;
}

int main(void)
{
    cede_list *all = cede_list_from(cede_generator(d, NULL));
    cede_print(all);
    cede_unref(all);

    cede_generator *g = cede_generator(d, NULL);
    cede_next(g);
    cede_value result = cede_generator_throw(g, cede_KeyError);
    cede_print(result);
    cede_value_unref(result);
    cede_unref(g);
}
