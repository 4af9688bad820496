/* A task is a future; making it schedules its first step, between the callbacks
   that were scheduled before and after. */
#include <cede.h>

static void co(int n) { cede_print("task", n); }
static void print(const char *text) { cede_print(text); }
static void run(void) {
    cede_loop_call_soon(NULL, print, "callback 1");
    cede_task *t = cede_create_task(co, 1); cede_task_set_name(t, "T");
    cede_own (any, cede_loop_create_future(NULL));
    cede_print("created", cede_isinstance(t, cede_class_of(any)), cede_task_get_name(t));
    cede_loop_call_soon(NULL, print, "callback 2");
    cede_await(t);
}

int main(void) { cede_run(run); }
