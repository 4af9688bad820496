/*
 * Python's future is awaited through an iterator that yields it once, to the
 * task that drives it. In cede the future itself suspends the task: driven by
 * hand there is nobody to suspend, waking the task before there is a result
 * brings nothing, and a result that is there is had at once, by anybody.
 */
#include <cede.h>

static cede_value wait_for(cede_future *f) { return cede_await(cede_ref(f)); }
static void drive(cede_future *f) {
    cede_own (it, cede_coroutine(wait_for, f));
    cede_try { cede_coroutine_send(it, cede_none); }
    cede_except (cede_StopIteration, e) { cede_print(cede_exception_value(e)); }
    cede_except (cede_RuntimeError, e) { cede_print("RuntimeError:", e); } cede_end
}

int main(void) {
    cede_own (loop, cede_loop_new());
    cede_own (f, cede_loop_create_future(loop));
    cede_task *task = cede_loop_create_task(loop, wait_for, f);
    drive(f);
    cede_loop_run_once(loop, 0); cede_unpark(task); cede_loop_run_once(loop, 0);
    cede_print("woken", cede_task_done(task));
    cede_future_set_result(f, 3);
    cede_print(cede_loop_run_until_complete(loop, task));
    drive(f);
    cede_loop_close(loop);
}
