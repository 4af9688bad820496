/* A coroutine runs when it is awaited, at once; as a task, later; or as the one
   task that cede_run begins with. */
#include <cede.h>

static cede_value c(void *n)
{
    cede_print("run", (const char *)n);
    return cede_str(n);
}

static cede_value run(void *arg)
{
    cede_task *t;

    (void)arg;
    cede_print(cede_await(cede_coroutine(c, "await")));
    t = cede_create_task(c, "create_task");
    cede_print("scheduled");
    cede_print(cede_await(t));
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
