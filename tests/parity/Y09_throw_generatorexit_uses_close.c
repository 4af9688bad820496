/*
 * What is thrown into a delegator goes to the iterator's throw; GeneratorExit
 * goes to its close, and on to the delegator.
 */
#include <cede.h>

static bool it_next(void *self, cede_value *item)
{
    (void)self;
    *item = cede_int(1);
    return true;
}

static bool it_throw(void *self, cede_exception *e, cede_value *item)
{
    (void)self;
    cede_print("throw", e);
    *item = cede_int(2);
    return true;
}

static void it_close(void *self)
{
    (void)self;
    cede_print("close");
}

static const cede_iterator_methods methods = {
    .next = it_next, .throw_ = it_throw, .close = it_close};
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

    cede_next(g);
    cede_try {
        cede_generator_throw(g, cede_GeneratorExit);
    } cede_except (cede_GeneratorExit) {
        cede_print("GeneratorExit");
    } cede_end
    cede_unref(g);

    g = cede_generator(d, NULL);
    cede_next(g);
    cede_print(cede_generator_throw(g, cede_KeyError, "x"));
    cede_unref(g);
}
