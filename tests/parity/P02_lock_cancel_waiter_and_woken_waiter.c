/*
 * A task that waits for a lock and is cancelled leaves the queue; one that was
 * woken already passes the wake-up on.
 */
#include <cede.h>

struct worker {
    const char *name;
    cede_lock *lock;
    cede_list *log;
};

static cede_value work(void *arg)
{
    struct worker *w = arg;

    cede_try {
        cede_with (held, cede_ref(w->lock)) {
            cede_list_append(w->log, cede_str_format("%s in", w->name));
        } cede_end
    } cede_except (cede_CancelledError) {
        cede_list_append(w->log, cede_str_format("%s cancelled", w->name));
        cede_reraise();
    } cede_end
    return cede_none;
}

static void contend(const char *when, bool woken)
{
    cede_lock *lock = cede_lock_new();
    cede_list *log = cede_list();
    cede_defer (cede_unref, lock);
    cede_defer (cede_unref, log);

    cede_lock_acquire(lock);
    cede_task *a =
        cede_create_task_with(work, ((struct worker){"a", lock, log}));
    cede_task *b =
        cede_create_task_with(work, ((struct worker){"b", lock, log}));
    cede_sleep(0);
    if (woken) {
        cede_lock_release(lock);
        cede_task_cancel(a, NULL);
    } else {
        cede_task_cancel(a, NULL);
        cede_sleep(0);
        cede_lock_release(lock);
    }
    cede_value outcomes[2];
    cede_gather_return_exceptions(outcomes, a, b);
    cede_value_unref(outcomes[0]); /* the CancelledError */
    cede_print(when, log, cede_lock_locked(lock));
}

static cede_value run(void *arg)
{
    (void)arg;
    contend("while waiting", false);
    contend("after being woken", true);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
