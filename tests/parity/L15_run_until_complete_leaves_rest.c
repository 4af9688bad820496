/* The end of a run leaves other tasks where they are; a later run goes on. */
#include <cede.h>

static cede_value bg(void *arg)
{
    (void)arg;
    cede_print("bg 1");
    cede_sleep(0);
    cede_print("bg 2");
    return cede_none;
}

static cede_value start(void *arg)
{
    cede_future *t = cede_ensure_future(cede_coroutine(bg, NULL));

    (void)arg;
    cede_print("main");
    return cede_object(t);
}

int main(void)
{
    cede_loop *loop = cede_loop_new();
    cede_future *t = cede_value_object(
        cede_loop_run_until_complete(loop, cede_coroutine(start, NULL)));

    cede_print("main done, bg done:", cede_future_done(t));
    cede_loop_run_until_complete(loop, t);
    cede_loop_close(loop);
    cede_unref(loop);
}
