/*
 * A decorator is a function that takes a function and gives back another; the
 * @ only spares an assignment. In C the wrapper is a struct that holds what it
 * wraps.
 */
#include <cede.h>

struct function {
    int64_t (*call)(const struct function *self, int64_t a, int64_t b);
    const struct function *wrapped;
};

static int64_t add(const struct function *self, int64_t a, int64_t b)
{
    (void)self;
    return a + b;
}

static int64_t w(const struct function *self, int64_t a, int64_t b)
{
    int64_t r;

    cede_print("before");
    r = self->wrapped->call(self->wrapped, a, b);
    cede_print("after");
    return r;
}

static struct function dec1(const struct function *f)
{
    return (struct function){w, f};
}

int main(void)
{
    struct function plain = {add, NULL};
    struct function func = {w, &plain}; /* written out */
    struct function func2 = dec1(&plain);

    cede_print(func.call(&func, 1, 2));
    cede_print(func2.call(&func2, 1, 2));
}
