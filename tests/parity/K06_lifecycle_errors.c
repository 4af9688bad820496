/* A group takes tasks while its block runs and while it waits, not before, not
   after, not when it is shutting down. */
#include <string.h>

#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    return cede_none;
}

static cede_value bad(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError);
}

static void try_create(cede_task_group *tg)
{
    cede_try {
        cede_task_group_create_task(tg, c, NULL);
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
}

static void shut_down(void)
{
    cede_task_group (tg2) {
        cede_task_group_create_task(tg2, bad, NULL);
        cede_try {
            cede_sleep(1);
        } cede_finally {
            cede_try {
                cede_task_group_create_task(tg2, c, NULL);
            } cede_except (cede_RuntimeError, e) {
                const char *text = cede_exception_message(e);

                cede_print("RuntimeError:", text + strlen(text) - 16);
            } cede_end
        } cede_end
    } cede_except (cede_ExceptionGroup) {
    } cede_end
}

static cede_value run(void *arg)
{
    cede_task_group *tg = cede_task_group_new();

    (void)arg;
    try_create(tg);
    cede_with (block, cede_ref(tg)) {
        cede_await(cede_ref(cede_task_group_create_task(block, c, NULL)));
    } cede_end
    try_create(tg);
    cede_try {
        cede_with (block, cede_ref(tg)) {
        } cede_end
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    cede_unref(tg);
    shut_down();
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
