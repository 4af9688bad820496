/*
 * Python's `async with lock`: cede_with, for any context manager may suspend.
 */
#include <cede.h>

static cede_lock *lock;

static void w(int n) {
    cede_with (held, cede_ref(lock)) {
        cede_print(n, "in"); cede_sleep(0); cede_print(n, "out");
    } cede_end
}

static void main_task(void) {
    lock = cede_lock_new();
    cede_gather(NULL, cede_coroutine(w, 1), cede_coroutine(w, 2), cede_coroutine(w, 3));
    cede_unref(lock);
}

int main(void) { cede_run(main_task); }
