/* Handlers of signals are callbacks of the loop. */
#include <cede.h>

#include <signal.h>
#include <unistd.h>

static void print(void *text)
{
    cede_print((const char *)text);
}

static void handler(void *f)
{
    cede_print("handler runs as loop callback");
    cede_future_set_result(f, 1);
}

static cede_value run(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_future *f = cede_loop_create_future(loop);
    bool removed[2];

    (void)arg;
    cede_loop_add_signal_handler(loop, SIGUSR1, handler, f);
    kill(getpid(), SIGUSR1);
    cede_print("kill returned, handler not yet run");
    cede_await(f);
    for (int i = 0; i < 2; i++)
        removed[i] = cede_loop_remove_signal_handler(loop, SIGUSR1);
    cede_print(removed[0], removed[1]);
    cede_try {
        cede_loop_add_signal_handler(loop, SIGKILL, print, "");
    } cede_except (cede_RuntimeError, e) {
        cede_print("RuntimeError:", e);
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
