/* A coroutine object is awaited or driven, never iterated. */
#include <cede.h>

static void c(void) { }
static void iter(void *x) { cede_unref(cede_iter(x)); }
static void list(void *x) { cede_unref(cede_list_from(cede_ref(x))); }
static void next(void *x) { cede_next(x); }

int main(void) {
    cede_own (x, cede_coroutine(c));
    void (*all[])(void *) = {iter, list, next};
    for (int i = 0; i < 3; i++) {
        cede_try { all[i](x); }
        cede_except (cede_TypeError, e) { cede_print("TypeError:", e); } cede_end
    }
    cede_coroutine_close(x);
}
