/* as_completed gives the tasks themselves, in the order in which they end. */
#include <cede.h>

enum { COUNT = 3 };

static cede_value c(void *n)
{
    cede_sleep(*(int *)n);
    return cede_int(*(int *)n);
}

static bool is_in(const void *t, cede_task **ts)
{
    for (int i = 0; i < COUNT; i++)
        if (t == ts[i])
            return true;
    return false;
}

static cede_value run(void *arg)
{
    static int delays[COUNT] = {3, 1, 2};
    static const char *const names[COUNT] = {"3", "1", "2"};
    cede_task *ts[COUNT];

    (void)arg;
    for (int i = 0; i < COUNT; i++)
        ts[i] = cede_create_task(c, &delays[i], .name = names[i]);
    cede_for (t, cede_as_completed(ts, COUNT, INFINITY)) {
        cede_task *task = cede_value_object(t);

        cede_print(is_in(task, ts), cede_task_get_name(task),
                   cede_await(cede_ref(task)));
    }
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
