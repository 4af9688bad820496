/*
 * A decorator is a function that takes a function and gives back another; the
 * @ only spares an assignment. In C the wrapper is a struct that holds what it
 * wraps.
 */
#include <cede.h>

struct function { int (*call)(struct function *, int, int); void *wrapped; };

static int w(struct function *self, int a, int b) {
    struct function *f = self->wrapped;
    cede_print("before"); int r = f->call(f, a, b); cede_print("after");
    return r;
}

static struct function dec1(struct function *f) {
    return (struct function){w, f};
}

static int add(struct function *f, int a, int b) { (void)f; return a + b; }

int main(void) {
    struct function func = {w, &(struct function){add, NULL}}; /* written out */
    struct function func2 = dec1(&(struct function){add, NULL});
    cede_print(func.call(&func, 1, 2)); cede_print(func2.call(&func2, 1, 2));
}
