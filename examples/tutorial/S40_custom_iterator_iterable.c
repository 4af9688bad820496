/*
 * An iterable that always gives the same iterator: it can be read once, for
 * the second reader finds the iterator at its end.
 */
#include <cede.h>

struct iterator {
    cede_object head;
    int cur, end;
};

static bool iterator_next(void *self, cede_value *item)
{
    struct iterator *it = self;

    if (it->cur >= it->end)
        return false;
    *item = cede_int(it->cur++);
    return true;
}

static const cede_iterator_methods iterator_methods = {.next = iterator_next};
static CEDE_CLASS(Iterator, struct iterator, .iterator = &iterator_methods);

struct iterable {
    cede_object head;
    struct iterator *iter;
};

static void *iterable_iter(void *self)
{
    return cede_ref(((struct iterable *)self)->iter);
}

static void iterable_destroy(void *self)
{
    cede_unref(((struct iterable *)self)->iter);
}

static const cede_iterator_methods iterable_methods = {.iter = iterable_iter};
static CEDE_CLASS(Iterable, struct iterable, .destroy = iterable_destroy,
                  .iterator = &iterable_methods);

static struct iterable *iterable_new(int end)
{
    struct iterable *iterable = cede_object_new(Iterable);

    cede_defer (cede_unref, iterable);
    iterable->iter = cede_object_new(Iterator);
    iterable->iter->end = end;
    return cede_ref(iterable);
}

int main(void)
{
    struct iterable *x = iterable_new(3);

    cede_for (i, cede_ref(x))
        cede_print(i);
    cede_print(cede_temp(cede_list_from(x)));
}
