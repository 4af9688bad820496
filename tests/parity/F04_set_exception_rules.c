/*
 * set_exception takes an exception or a class, of which it makes one. A
 * StopIteration could not be told from the end of whoever awaits: it becomes
 * a RuntimeError, whose cause it is.
 */
#include <cede.h>

static void show(cede_exception *e)
{
    cede_value text = cede_repr(e);

    cede_print(text);
    cede_value_unref(text);
}

int main(void)
{
    cede_loop *loop = cede_loop_new();
    cede_future *f = cede_loop_create_future(loop);
    cede_future *g = cede_loop_create_future(loop);

    cede_future_set_exception(f, cede_StopIteration);
    cede_try {
        cede_future_result(f);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
        show(cede_exception_cause(e));
    } cede_end
    cede_future_set_exception(g, cede_KeyError);
    show(cede_future_exception(g));
    cede_unref(g);
    cede_unref(f);
    cede_loop_close(loop);
    cede_unref(loop);
}
