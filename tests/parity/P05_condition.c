/*
 * Waiting and notifying need the lock; those notified go on when they have it
 * again, in the order in which they came.
 */
#include <cede.h>

static cede_condition *condition;
static cede_list *lines;

static cede_value work(void *arg)
{
    int n = *(int *)arg;

    cede_with (held, cede_ref(condition)) {
        cede_list_append(lines, cede_str_format("%d waits", n));
        bool outcome = cede_condition_wait(condition);
        cede_list_append(
            lines,
            cede_str_format("%d woke %s locked %s", n,
                            outcome ? "True" : "False",
                            cede_condition_locked(condition) ? "True"
                                                             : "False"));
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *tasks[3];

    (void)arg;
    cede_try {
        cede_condition_notify(condition, 1);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_try {
        cede_condition_wait(condition);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    for (int i = 0; i < 3; i++)
        tasks[i] = cede_create_task_with(work, i);
    cede_sleep(0);
    cede_with (held, cede_ref(condition)) {
        cede_condition_notify(condition, 2);
        cede_list_append(lines, "notified 2, still holding");
        cede_sleep(0);
        cede_list_append(lines, "releasing");
    } cede_end
    for (int i = 0; i < 6; i++)
        cede_sleep(0);
    cede_with (held, cede_ref(condition)) {
        cede_condition_notify_all(condition);
    } cede_end
    cede_gather(NULL, tasks[0], tasks[1], tasks[2]);
    cede_for (line, cede_ref(lines))
        cede_print(line);
    return cede_none;
}

int main(void)
{
    condition = cede_condition_new();
    lines = cede_list();
    cede_run(run, NULL);
    cede_unref(condition);
    cede_unref(lines);
}
