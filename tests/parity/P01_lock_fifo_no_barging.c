/*
 * A task that releases a lock and asks for it again stands behind those who
 * were waiting.
 */
#include <cede.h>

struct worker {
    const char *name;
    cede_lock *lock;
};

static cede_value work(void *arg)
{
    struct worker *w = arg;

    for (int round = 0; round < 2; round++) {
        cede_with (held, cede_ref(w->lock)) {
            cede_print_end("; ", w->name, round);
            cede_sleep(0);
        } cede_end
    }
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_lock *lock = cede_lock_new();
    cede_defer (cede_unref, lock);

    (void)arg;
    cede_gather(
        NULL, cede_create_task_with(work, ((struct worker){"a", lock})),
        cede_create_task_with(work, ((struct worker){"b", lock})),
        cede_create_task_with(work, ((struct worker){"c", lock})));
    cede_print();
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
