/* A future is pending, finished or cancelled; what is done cannot be cancelled,
   and its callbacks are called later. */
#include <cede.h>

static const char *state(cede_future *f) {
    if (!cede_future_done(f)) return "PENDING";
    return cede_future_cancelled(f) ? "CANCELLED" : "FINISHED";
}
static void cb(cede_future *f, void *arg) {
    (void)arg;
    cede_print("cb", cede_future_result(f));
}
static void run(void) {
    cede_future *f = cede_loop_create_future(NULL);
    cede_print(state(f), cede_future_done(f));
    cede_future_add_done_callback(f, cb, NULL);
    cede_future_set_result(f, 42);
    cede_print(state(f), cede_future_done(f), "callback not yet called");
    cede_print("await ->", cede_await(f));
    cede_sleep(0);
    cede_own (g, cede_loop_create_future(NULL));
    cede_print(cede_future_cancel(g, NULL), state(g), cede_future_cancelled(g),
               cede_future_cancel(g, NULL));
}

int main(void) { cede_run(run); }
