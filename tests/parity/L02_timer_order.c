/*
 * Timers run in the order of their deadlines, behind what was ready; negative
 * delays come first. Time is virtual.
 */
#include <cede.h>

static cede_loop *loop;

static void print(void *text)
{
    cede_print((const char *)text);
}

static void print_time(void *name)
{
    cede_print((const char *)name, cede_loop_time(loop));
}

static void stop(void *arg)
{
    (void)arg;
    cede_loop_stop(loop);
}

int main(void)
{
    loop = cede_loop_new_with(&(cede_loop_options){.simulated = true});
    cede_loop_call_later(loop, 3, print_time, "c");
    cede_loop_call_later(loop, 1, print_time, "a");
    cede_loop_call_later(loop, 2, print_time, "b");
    cede_loop_call_later(loop, 0, print_time, "zero");
    cede_loop_call_later(loop, -5, print_time, "neg");
    cede_loop_call_soon(loop, print, "soon");
    cede_loop_call_at(loop, 3.5, stop, NULL);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
