/* An exit stack leaves its managers in reverse order, as if their blocks were
   nested; what is no manager, or no iterable, is refused. */
#include <cede.h>

typedef struct options {
    const char *n;
    bool swallow;
} options;

static cede_value cm(void *arg)
{
    const options *o = arg;

    cede_print("enter", o->n);
    cede_try {
        cede_yield(o->n);
    } cede_except (cede_KeyError) {
        cede_print("exit", o->n, "error");
        if (!o->swallow)
            cede_reraise();
    } cede_else {
        cede_print("exit", o->n);
    } cede_end
    return cede_none;
}

static void sleep_0(void *arg)
{
    (void)arg;
    cede_sleep(0);
}

static cede_value run(void *arg)
{
    static const options all[] = {{"a", false}, {"b", true}, {"c", false}};

    (void)arg;
    cede_with (st, cede_exit_stack()) {
        for (int i = 0; i < 3; i++)
            cede_exit_stack_enter_context(
                st, cede_contextmanager(cede_generator_with(cm, all[i])));
        cede_exit_stack_callback(st, sleep_0, NULL);
        cede_raise(cede_KeyError);
    } cede_end
    cede_try {
        cede_with (five, cede_tuple(5)) {
        } cede_end
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end
    cede_try {
        cede_for (x, cede_loop_create_future(cede_get_running_loop()))
            cede_print(x);
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
