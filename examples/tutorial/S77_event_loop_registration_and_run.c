/* A loop of one's own, or one that cede_run makes and closes. */
#include <cede.h>

static cede_value async_func(void *arg)
{
    (void)arg;
    cede_print("Hello");
    return cede_none;
}

int main(void)
{
    cede_loop *loop = cede_loop_new();

    cede_loop_run_until_complete(loop,
                                 cede_loop_create_task(loop, async_func, NULL));
    cede_loop_close(loop);
    cede_unref(loop);
    cede_run(async_func, NULL);
    cede_print("World!");
}
