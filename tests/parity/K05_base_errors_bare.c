/* A SystemExit leaves the loop at once; when it is run on, the group cleans up
   and raises it bare. */
#include <cede.h>

static cede_value ki(void *arg)
{
    (void)arg;
    cede_raise_args(cede_SystemExit, 4);
}

static cede_value sib(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(10);
    } cede_finally {
        cede_print("sibling cleaned");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_task_group (tg) {
        cede_task_group_create_task(tg, sib, NULL);
        cede_task_group_create_task(tg, ki, NULL);
    } cede_except (cede_SystemExit, e) {
        cede_print("bare SystemExit", cede_exception_value(e));
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_loop *loop = cede_loop_new();
    cede_task *t = cede_loop_create_task(loop, run, NULL);

    cede_try {
        cede_loop_run_until_complete(loop, cede_ref(t));
    } cede_except (cede_SystemExit, e) {
        cede_print("first it escapes run_until_complete",
                   cede_exception_value(e));
    } cede_end
    cede_loop_run_until_complete(loop, t);
    cede_loop_close(loop);
    cede_unref(loop);
}
