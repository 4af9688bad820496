/*
 * Releasing a lock that nobody has is an error; a lock that has been released
 * is not locked until the task that was woken runs.
 */
#include <cede.h>

static cede_value acquire(void *lock)
{
    return cede_bool(cede_lock_acquire(lock));
}

static cede_value run(void *arg)
{
    cede_lock *lock = cede_lock_new();
    cede_task *waiter;
    cede_defer (cede_unref, lock);

    (void)arg;
    cede_try {
        cede_lock_release(lock);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_lock_acquire(lock);
    waiter = cede_create_task(acquire, lock);
    cede_sleep(0);
    cede_lock_release(lock);
    cede_print("released, waiter woken but not run: locked",
               cede_lock_locked(lock));
    cede_await(waiter);
    cede_print(cede_lock_locked(lock));
    cede_with (v, cede_lock_new()) {
        cede_print("as value", v); /* the manager: README.md */
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
