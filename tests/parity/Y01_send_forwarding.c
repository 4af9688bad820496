/*
 * While a generator delegates to an iterator, None sent to it becomes next and
 * anything else the iterator's own send.
 */
#include <cede.h>

static bool it_next(void *self, cede_value *item)
{
    (void)self;
    cede_print("  next");
    *item = cede_str("n");
    return true;
}

static bool it_send(void *self, cede_value value, cede_value *item)
{
    (void)self;
    cede_print("  send", value);
    *item = cede_str("s");
    return true;
}

static const cede_iterator_methods methods = {.next = it_next, .send = it_send};
static const cede_class It[1] = {
    {.name = "It", .size = sizeof(cede_object), .iterator = &methods}};

static cede_value d(void *arg)
{
    (void)arg;
    cede_yield_from(cede_object_new(It));
    return cede_none;
}

int main(void)
{
    cede_generator *g = cede_generator(d, NULL);

    cede_print(cede_next(g));
    cede_print(cede_generator_send(g, cede_none));
    cede_print(cede_generator_send(g, 5));
    cede_unref(g);
}
