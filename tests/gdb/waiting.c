/*
 * What tests/gdb/run.sh looks at: tasks that wait in all kinds of ways, then a
 * place to stop (or, told so, to die).
 */
#include <stdio.h>
#include <stdlib.h>

#include "cede.h"

__attribute__((noinline)) static void deeper(cede_future *future)
{
    cede_value_unref(cede_await(cede_ref(future)));
    __asm__ volatile("");
}

static cede_value awaits(void *future)
{
    deeper(future);
    return cede_none;
}

static cede_value generates(void *future)
{
    deeper(future);
    return cede_yield(1);
}

static cede_value delegates(void *future)
{
    cede_value_unref(cede_yield_from(cede_generator(generates, future)));
    return cede_none;
}

static cede_value iterates(void *future)
{
    cede_for (v, cede_generator(delegates, future))
        (void)v;
    return cede_none;
}

static cede_value sleeps(void *arg)
{
    (void)arg;
    cede_sleep(100);
    return cede_none;
}

__attribute__((noinline)) void stop_here(const char *how);
void stop_here(const char *how)
{
    if (how)
        abort();
    puts("went on");
}

static cede_value waits(void *how)
{
    cede_future *future = cede_loop_create_future(NULL);
    cede_task *tasks[3];

    tasks[0] = cede_create_task(awaits, future);
    cede_task_set_name(tasks[0], "the reader");
    tasks[1] = cede_create_task(iterates, future);
    tasks[2] = cede_create_task(sleeps, NULL);
    cede_sleep(0);
    cede_sleep(0);
    stop_here(how);
    cede_task_cancel(tasks[2], NULL);
    cede_future_set_result(future, 0);
    cede_gather_return_exceptions(NULL, tasks[0], tasks[1], tasks[2]);
    cede_unref(future);
    return cede_none;
}

int main(int argc, char **argv)
{
    cede_run_simulated(waits, argc > 1 ? argv[1] : NULL);
    return 0;
}
