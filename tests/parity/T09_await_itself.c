/* A task that awaited itself would never end. */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    cede_try {
        cede_await(cede_ref(cede_current_task()));
    } cede_except (cede_RuntimeError, e) {
        cede_value text = cede_str_copy_n(cede_exception_message(e), 27);

        cede_print("RuntimeError:", text);
        cede_value_unref(text);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(c, NULL);
}
