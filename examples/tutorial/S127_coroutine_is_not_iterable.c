/* A coroutine object is awaited or driven, never iterated. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    return cede_none;
}

static void asks_iter(cede_coroutine *x)
{
    cede_unref(cede_iter(x));
}

static void loops(cede_coroutine *x)
{
    cede_for (item, cede_ref(x))
        cede_print(item);
}

static void asks_next(cede_coroutine *x)
{
    cede_next(x);
}

int main(void)
{
    cede_coroutine *x = cede_coroutine(c, NULL);
    void (*const all[])(cede_coroutine *) = {asks_iter, loops, asks_next};

    for (int i = 0; i < 3; i++) {
        cede_try {
            all[i](x);
        } cede_except (cede_TypeError, e) {
            cede_print("TypeError:", e);
        } cede_end
    }
    cede_coroutine_close(x);
    cede_unref(x);
}
