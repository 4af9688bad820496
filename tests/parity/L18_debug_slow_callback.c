/*
 * In debug mode a slow callback is reported. It takes its time on a virtual
 * clock, and the report is cut to what does not vary, as in Python.
 */
#include <cede.h>

#include <stdio.h>
#include <string.h>

static cede_virtual_time now;

static void log_to_stdout(cede_log_level level, const char *text, void *arg)
{
    const char *handle = strstr(text, "<Handle");
    const char *took = handle ? strstr(handle, "> took ") : NULL;

    (void)level;
    (void)arg;
    if (took)
        printf("%.*s<Handle> took N%s\n", (int)(handle - text), text,
               strstr(took, " seconds"));
}

static void sleep_for(void *seconds)
{
    now.now += (int64_t)(*(double *)seconds * 1e9);
}

static void stop(void *loop)
{
    cede_loop_stop(loop);
}

int main(void)
{
    cede_clock clock = cede_virtual_clock(&now);
    cede_loop *loop = cede_loop_new_with(&(cede_loop_options){.clock = &clock});
    double slow = 0.05;

    cede_set_log_handler(log_to_stdout, NULL);
    cede_loop_set_debug(loop, true);
    cede_loop_set_slow_callback_duration(loop, 0.02);
    cede_loop_call_soon(loop, sleep_for, &slow);
    cede_loop_call_soon(loop, stop, loop);
    cede_loop_run_forever(loop);
    cede_loop_set_debug(loop, false);
    cede_loop_close(loop);
    cede_unref(loop);
}
