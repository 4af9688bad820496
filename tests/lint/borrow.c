/*
 * Mistakes for cede-lint: caught exceptions that are kept without a reference.
 */
#include "lint/world.h"

static cede_exception *last;
struct job {
    cede_exception *error;
};

static void in_a_local(void)
{
    cede_exception *volatile kept = NULL;

    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        kept = e; /* lint: borrow */
    } cede_end
    if (kept)
        say(cede_exception_message(kept));
}

static void for_finally(void)
{
    cede_exception *kept = NULL;

    cede_keep(kept);
    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        kept = e; /* lint: borrow */
    } cede_finally {
        cede_raise(kept);
    } cede_end
}

static void in_a_global(void)
{
    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        last = e; /* lint: borrow */
    } cede_end
}

static void in_an_object(struct job *job)
{
    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        job->error = e; /* lint: borrow */
    } cede_end
}

static cede_exception *returned(void)
{
    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        return e; /* lint: borrow */
    } cede_end
    return NULL;
}

USE(in_a_local, for_finally, in_a_global, in_an_object, returned)
