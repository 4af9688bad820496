/* An exception nobody looked at is told to the loop's handler, once, when the
   future goes; in every other case it goes silently. */
#include <cede.h>

static void handler(cede_loop *loop, const cede_exception_handler_context *c,
                    void *arg)
{
    cede_value text = cede_repr(c->exception);

    (void)loop;
    (void)arg;
    cede_print("handler:", c->message, text);
    cede_value_unref(text);
}

int main(void)
{
    cede_loop *loop = cede_loop_new();
    cede_future *f;

    cede_loop_set_exception_handler(loop, handler, NULL);
    f = cede_loop_create_future(loop);
    cede_future_set_exception(f, cede_ValueError, "lost");
    cede_unref(f);
    f = cede_loop_create_future(loop);
    cede_future_set_exception(f, cede_ValueError, "seen");
    cede_future_exception(f);
    cede_unref(f);
    f = cede_loop_create_future(loop);
    cede_future_cancel(f, NULL);
    cede_unref(f);
    f = cede_loop_create_future(loop);
    cede_future_set_result(f, 1);
    cede_unref(f);
    f = cede_loop_create_future(loop);
    cede_unref(f);
    cede_print("pending future dropped: silent");
    cede_loop_close(loop);
    cede_unref(loop);
}
