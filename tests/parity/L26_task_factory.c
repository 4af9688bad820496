/*
 * A task factory makes every task. What is no function is refused by the
 * compiler here, so the last line of the program in Python has no counterpart.
 */
#include <cede.h>

static cede_task *fac(cede_loop *loop, const cede_task_recipe *recipe,
                      void *made)
{
    (void)loop;
    ++*(int *)made;
    return cede_task_make(recipe);
}

static cede_value c(void *arg)
{
    (void)arg;
    return cede_int(1);
}

static cede_value run(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    int made = 0;

    (void)arg;
    cede_loop_set_task_factory(loop, fac, &made);
    cede_gather(NULL, cede_ensure_future(cede_coroutine(c, NULL)),
                cede_create_task(c, NULL));
    cede_print(made);
    cede_loop_set_task_factory(loop, NULL, NULL);
    if (!cede_loop_get_task_factory(loop))
        cede_print(cede_none);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
