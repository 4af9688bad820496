/*
 * job.h - what is waited for: it takes its time, and then returns or raises
 */
#pragma once

#include "task/world.h"

struct job {
    const char *name; /* its result, or the message of what it raises */
    double delay;
    const cede_class *raises; /* NULL: it returns */
    bool tells;               /* says when it is done */
};

static cede_value work(void *arg)
{
    const struct job *job = arg;

    cede_sleep(job->delay);
    if (job->tells)
        say("done %s %g", job->name, now());
    if (job->raises)
        cede_raise(job->raises, "%s", job->name);
    return cede_str(job->name);
}
