/*
 * An eager task runs to its first suspension inside create_task, as the current
 * task; if it ends there, it was never scheduled.
 */
#include <string.h>

#include <cede.h>

static bool is_current(const char *name)
{
    return strcmp(cede_task_get_name(cede_current_task()), name) == 0;
}

static cede_value c(void *n)
{
    cede_print((const char *)n, "sync part, current",
               cede_task_get_name(cede_current_task()));
    cede_sleep(0);
    cede_print((const char *)n, "async part");
    return cede_none;
}

static cede_value imm(void *arg)
{
    (void)arg;
    return cede_str("no suspension");
}

static bool is_listed(cede_task *task)
{
    cede_for (other, cede_all_tasks(cede_get_running_loop()))
        if (cede_value_object(other) == task)
            return true;
    return false;
}

static cede_value run(void *arg)
{
    cede_task *t, *u;

    (void)arg;
    t = cede_create_task(c, "a", .name = "A", .eager_start = true);
    cede_print("created", cede_task_done(t), is_current("A"));
    u = cede_create_task(imm, NULL, .eager_start = true);
    cede_print("already done", cede_task_done(u), cede_task_result(u),
               is_listed(u));
    cede_unref(u);
    cede_await(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
