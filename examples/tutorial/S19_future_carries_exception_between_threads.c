/*
 * What a function raises in a thread is raised again where its result is asked
 * for; the future is done, and the exception can be looked at.
 */
#include <math.h>

#include <cede.h>

static void bad(void) { cede_raise(cede_ValueError, "from worker"); }
static cede_value power(double *a) { return cede_int(pow(a[0], a[1])); }

int main(void) {
    cede_with (ex, cede_thread_pool_executor(1)) {
        cede_own (f, cede_executor_submit(ex, bad));
        cede_try { cede_concurrent_future_result(f); }
        cede_except (cede_ValueError, e) { cede_print("caller caught:", e); } cede_end
        cede_print(cede_concurrent_future_done(f),
                   cede_type_name(cede_concurrent_future_exception(f)));
        cede_own (g, cede_executor_submit(ex, power, (double[]){2, 10}));
        cede_print(cede_concurrent_future_result(g));
    } cede_end
}
