/* A task has a name; it is among the loop's tasks until it is done; its outcome
   is its own to make. */
#include <string.h>

#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    return cede_str_copy(cede_task_get_name(cede_current_task()));
}

static bool is_listed(cede_task *task)
{
    cede_for (other, cede_all_tasks(cede_get_running_loop()))
        if (cede_value_object(other) == task)
            return true;
    return false;
}

static void set_result(cede_future *u)
{
    cede_future_set_result(u, 1);
}

static void set_exception(cede_future *u)
{
    cede_future_set_exception(u, cede_ValueError);
}

static cede_value run(void *arg)
{
    static void (*const ops[])(cede_future *) = {set_result, set_exception};
    cede_task *t = cede_create_task(c, NULL, .name = "n1"), *u;
    cede_value name = cede_await(cede_ref(t));

    (void)arg;
    cede_print(name);
    cede_value_unref(name);
    cede_task_set_name(t, "n2");
    cede_print(cede_task_get_name(t), is_listed(t),
               is_listed(cede_current_task()));
    cede_unref(t);
    u = cede_create_task(c, NULL);
    name = cede_await(cede_ref(u));
    cede_print((bool)(strncmp(cede_value_str(name), "Task-", 5) == 0));
    cede_value_unref(name);
    for (int i = 0; i < 2; i++) {
        cede_try {
            ops[i](cede_task_future(u));
        } cede_except (cede_RuntimeError, e) {
            cede_print("RuntimeError:", e);
        } cede_end
    }
    cede_print(cede_task_cancel(u, NULL));
    cede_unref(u);
    cede_try {
        void *five = cede_tuple(5);

        cede_unref(cede_create_task_from(five));
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
