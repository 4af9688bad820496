/* A call from a thread that does not run the loop is refused, in debug mode as
   in any other. */
#include <cede.h>

#include <pthread.h>

static cede_loop *loop;

static void print(void *text)
{
    cede_print((const char *)text);
}

static void *th(void *arg)
{
    cede_try {
        cede_loop_call_soon(loop, print, "");
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    return arg;
}

static cede_value run(void *arg)
{
    pthread_t t;

    (void)arg;
    pthread_create(&t, NULL, th, NULL);
    pthread_join(t, NULL);
    return cede_none;
}

int main(void)
{
    loop = cede_loop_new();
    cede_loop_set_debug(loop, true);
    cede_loop_run_until_complete(loop, cede_coroutine(run, NULL));
    cede_loop_close(loop);
    cede_unref(loop);
}
