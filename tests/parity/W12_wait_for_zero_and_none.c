/*
 * wait_for without time: what is done gives its result, a coroutine never
 * begins. With all the time of the world it is an await.
 */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_print("runs");
    return cede_int(1);
}

static cede_value run(void *arg)
{
    cede_future *f;

    (void)arg;
    for (int t = 0; t >= -1; t--) {
        cede_try {
            cede_wait_for(cede_coroutine(c, NULL), t);
        } cede_except (cede_TimeoutError) {
            cede_print("TimeoutError, body never ran");
        } cede_end
    }
    f = cede_loop_create_future(NULL);
    cede_future_set_result(f, "done");
    cede_print(cede_wait_for(f, 0));
    cede_print(cede_wait_for(cede_coroutine(c, NULL), INFINITY));
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
