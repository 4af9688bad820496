/* What a coroutine raises leaves its loop usable; what cannot be awaited is
   refused. */
#include <cede.h>

static cede_value bad(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "v");
}

static cede_value ok(void *arg)
{
    (void)arg;
    return cede_str("still usable");
}

int main(void)
{
    cede_loop *loop = cede_loop_new();

    cede_try {
        cede_loop_run_until_complete(loop, cede_coroutine(bad, NULL));
    } cede_except (cede_ValueError, e) {
        cede_print(cede_temp(cede_repr(e)));
    } cede_end
    cede_print(cede_loop_run_until_complete(loop, cede_coroutine(ok, NULL)));
    cede_try {
        cede_loop_run_until_complete(loop, cede_list());
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end
    cede_loop_close(loop);
    cede_unref(loop);
}
