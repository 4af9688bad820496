/*
 * An iterable that always gives the same iterator: it can be read once, for
 * the second reader finds the iterator at its end.
 */
#include <cede.h>

typedef struct iterator { cede_object head; int cur, end; } iterator;

static bool next(void *self, cede_value *item) {
    iterator *it = self;
    if (it->cur >= it->end) return false;
    *item = cede_int(it->cur++);
    return true;
}

static const cede_iterator_methods iterator_methods = {.next = next};
static CEDE_CLASS(Iterator, iterator, .iterator = &iterator_methods);

typedef struct iterable { cede_object head; iterator *iter; } iterable;

static void *iter(void *self) { return cede_ref(((iterable *)self)->iter); }
static void destroy(void *self) { cede_unref(((iterable *)self)->iter); }

static const cede_iterator_methods iterable_methods = {.iter = iter};
static CEDE_CLASS(Iterable, iterable, .iterator = &iterable_methods,
                  .destroy = destroy);

int main(void) {
    iterator *it = cede_object_with(Iterator, (iterator){.end = 3});
    cede_own (x, cede_object_with(Iterable, (iterable){.iter = it}));
    cede_for (i, cede_ref(x)) cede_print(i);
    cede_print(cede_temp(cede_list_from(cede_ref(x))));
}
