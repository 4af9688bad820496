/* A coroutine runs when it is awaited, at once; as a task, later; or as the one
   task that cede_run begins with. */
#include <cede.h>

static cede_value c(const char *n) { cede_print("run", n); return cede_str(n); }
static void run(void) {
    cede_print(cede_await(cede_coroutine(c, "await")));
    cede_task *t = cede_create_task(c, "create_task"); cede_print("scheduled");
    cede_print(cede_await(t));
}

int main(void) { cede_run(run); }
