/* One task at a time is inside a generator: others may neither resume nor close
   it while it awaits. */
#include <cede.h>

static cede_value ag(void *arg)
{
    (void)arg;
    cede_sleep(0.01);
    cede_yield(1);
    cede_yield(2);
    return cede_none;
}

static cede_value anext(void *a)
{
    return cede_next(a);
}

static cede_value run(void *arg)
{
    cede_generator *a = cede_generator(ag, NULL);
    cede_task *t = cede_create_task(anext, a);

    (void)arg;
    cede_sleep(0);
    cede_try {
        cede_next(a);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_try {
        cede_generator_close(a);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_print(cede_await(t));
    cede_unref(a);
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
