/*
 * interrupt.h - SIGINT under cede_run and runners
 */
#pragma once

#include "task/world.h"

#include <signal.h>

WORLD_UNUSED static bool sigint_is(void (*handler)(int))
{
    struct sigaction now_set;

    sigaction(SIGINT, NULL, &now_set);
    return now_set.sa_handler == handler;
}

/* Interrupts the run it is the main function of; says when it is cancelled. */
WORLD_UNUSED static cede_value interrupts(void *arg)
{
    (void)arg;
    CHECK(!sigint_is(SIG_DFL) || harness_torturing());
    raise(SIGINT);
    cede_try {
        cede_sleep(100);
    } cede_finally {
        say("finally");
    } cede_end
    return cede_none;
}
