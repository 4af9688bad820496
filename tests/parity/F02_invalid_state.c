/*
 * Asking a pending future, and setting one that is done, is InvalidStateError;
 * a cancelled one raises CancelledError with the message, from both accessors.
 */
#include <cede.h>

static cede_value result(void *f)
{
    return cede_future_result(f);
}

static cede_value exception(void *f)
{
    cede_future_exception(f);
    return cede_none;
}

static cede_value set_result(void *f)
{
    cede_future_set_result((cede_future *)f, 2);
    return cede_none;
}

static cede_value set_exception(void *f)
{
    cede_future_set_exception((cede_future *)f, cede_ValueError);
    return cede_none;
}

int main(void)
{
    static cede_value (*const read[])(void *) = {result, exception};
    static cede_value (*const set[])(void *) = {set_result, set_exception};
    cede_loop *loop = cede_loop_new();
    cede_future *f = cede_loop_create_future(loop);
    cede_future *g = cede_loop_create_future(loop);

    for (int i = 0; i < 2; i++) {
        cede_try {
            read[i](f);
        } cede_except (cede_InvalidStateError, e) {
            cede_print("InvalidStateError:", e);
        } cede_end
    }
    cede_future_set_result(f, 1);
    for (int i = 0; i < 2; i++) {
        cede_try {
            set[i](f);
        } cede_except (cede_InvalidStateError) {
            cede_print("InvalidStateError");
        } cede_end
    }
    cede_print(cede_future_cancel(f, NULL), cede_future_result(f));
    cede_future_cancel(g, "why");
    for (int i = 0; i < 2; i++) {
        cede_try {
            read[i](g);
        } cede_except (cede_CancelledError, e) {
            cede_print("CancelledError", cede_exception_args(e));
        } cede_end
    }
    cede_print(cede_future_cancel(g, NULL), cede_future_done(g),
               cede_future_cancelled(g));
    cede_unref(g);
    cede_unref(f);
    cede_loop_close(loop);
    cede_unref(loop);
}
