/*
 * Awaiting a coroutine runs it here and now; others run only when something in
 * it suspends.
 */
#include <cede.h>

static cede_value child(void) { cede_print("child"); return cede_int(1); }
static void other(void) { cede_print("other"); }
static void run(void) {
    cede_task *t = cede_create_task(other);
    cede_await(cede_coroutine(child));
    cede_print("after child (other has not run)");
    cede_sleep(0); cede_print("after sleep(0)");
    cede_await(t);
}

int main(void) { cede_run(run); }
