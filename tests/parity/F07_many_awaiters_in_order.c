/* All who await a future get the same exception object, in the order in which
   they came. */
#include <cede.h>

static cede_future *f;

static cede_value w(void *arg)
{
    int n = *(int *)arg;

    cede_try {
        cede_print(n, cede_await(cede_ref(f)));
    } cede_except (cede_ValueError, e) {
        cede_value text = cede_repr(e);

        cede_print(n, text, (bool)(e == cede_future_exception(f)));
        cede_value_unref(text);
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    void *ts[3];

    (void)arg;
    f = cede_loop_create_future(cede_get_running_loop());
    for (int i = 0; i < 3; i++)
        ts[i] = cede_create_task_with(w, i);
    cede_sleep(0);
    cede_future_set_exception(f, cede_ValueError, "x");
    cede_gather_array(NULL, ts, 3, 0);
    cede_unref(f);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
