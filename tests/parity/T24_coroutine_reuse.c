/* A coroutine is awaited once, by whomever. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    return cede_int(1);
}

static cede_value run(void *arg)
{
    cede_coroutine *x = cede_coroutine(c, NULL);
    cede_coroutine *y = cede_coroutine(c, NULL);
    cede_task *t;

    (void)arg;
    cede_print(cede_await(cede_ref(x)));
    cede_try {
        cede_await(x);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    t = cede_create_task_from(cede_ref(y));
    cede_await(t);
    cede_try {
        cede_await(y);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
