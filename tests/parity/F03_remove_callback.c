/* remove_done_callback takes back every registration of the callback, and
   returns how many there were. */
#include <cede.h>

static void a(cede_future *f, void *arg)
{
    (void)f;
    (void)arg;
    cede_print("a");
}

static void b(cede_future *f, void *arg)
{
    (void)f;
    (void)arg;
    cede_print("b");
}

int main(void)
{
    static const cede_done_callback callbacks[] = {a, b, a};
    cede_loop *loop = cede_loop_new();
    cede_future *f = cede_loop_create_future(loop);

    for (int i = 0; i < 3; i++)
        cede_future_add_done_callback(f, callbacks[i], NULL);
    cede_print(cede_future_remove_done_callback(f, a),
               cede_future_remove_done_callback(f, a));
    cede_future_set_result(f, 0);
    cede_loop_run_until_complete(loop, f);
    cede_loop_close(loop);
    cede_unref(loop);
}
