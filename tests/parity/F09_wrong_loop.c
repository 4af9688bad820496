/* A future is awaited on its own loop only. */
#include <string.h>

#include <cede.h>

static cede_value run(void *l2)
{
    cede_try {
        cede_await(cede_loop_create_future(l2));
    } cede_except (cede_RuntimeError, e) {
        const char *text = cede_exception_message(e);

        cede_print("RuntimeError: ...", text + strlen(text) - 28);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_loop *l2 = cede_loop_new();

    cede_run(run, l2);
    cede_loop_close(l2);
    cede_unref(l2);
}
