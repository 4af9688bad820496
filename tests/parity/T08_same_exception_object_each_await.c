/* Whoever awaits a failed task gets the same exception object, each time. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "x");
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(c, NULL);
    cede_exception *seen[2];

    (void)arg;
    cede_keep(seen);
    for (volatile int i = 0; i < 2; i++) {
        cede_try {
            cede_await(cede_ref(t));
        } cede_except (cede_ValueError, e) {
            seen[i] = e; /* the task holds it */
        } cede_end
    }
    cede_print((bool)(seen[0] == seen[1]),
               (bool)(cede_task_exception(t) == seen[0]));
    cede_unref(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
