/* Awaiting what is done lets nobody else run. */
#include <cede.h>

static cede_value other(void *arg)
{
    (void)arg;
    cede_print("other");
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_future *f = cede_loop_create_future(cede_get_running_loop());
    cede_task *t;

    (void)arg;
    cede_future_set_result(f, 5);
    t = cede_create_task(other, NULL);
    cede_print(cede_await(f), "before other");
    cede_await(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
