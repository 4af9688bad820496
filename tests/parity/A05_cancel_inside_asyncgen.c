/* A task is cancelled while a generator it iterates awaits: the generator gets
   the error, cleans up and has ended. */
#include <cede.h>

static cede_value ag(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
        cede_sleep(10);
    } cede_finally {
        cede_print("gen finally");
    } cede_end
    return cede_none;
}

static cede_value c(void *a)
{
    cede_for (x, cede_ref((cede_generator *)a))
        cede_print(x);
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_generator *a = cede_generator(ag, NULL);
    cede_task *t = cede_create_task(c, a);

    (void)arg;
    cede_sleep(0);
    cede_task_cancel(t, NULL);
    cede_gather_return_exceptions(NULL, cede_ref(t));
    cede_print(cede_task_cancelled(t));
    cede_unref(t);
    cede_print(cede_next_default(a, "generator is finished"));
    cede_unref(a);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
