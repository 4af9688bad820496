/*
 * Mistakes for cede-lint: jumps into a statement. gcc compiles them.
 */
#include "lint/world.h"

static void goto_into(void)
{
    if (work())
        goto inside; /* lint: jump */
    cede_try {
    inside:
        say("body");
    } cede_except (cede_ValueError, e) {
        say("except");
    } cede_end
}

static void case_inside(int n)
{
    switch (n) {
        cede_try {
        case 1: /* lint: jump */
            say("body");
        } cede_finally {
            say("finally");
        } cede_end
    }
}

static void case_inside_cede_for(int n)
{
    switch (n) {
    case 0:
        cede_for (v, cede_generator(three, NULL)) {
        case 1: /* lint: jump */
            say("turn");
        }
    }
}

static void past_a_defer(void *object)
{
    if (work())
        goto out; /* lint: jump */
    cede_defer (cede_unref, object);
    work();
out:
    say("out");
}

static void back_into_the_body(void)
{
    cede_try {
    again:
        work();
    } cede_except (cede_OSError, e) {
        goto again; /* lint: jump */
    } cede_end
}

static void on_to_finally(void)
{
    cede_try {
        if (work())
            goto last; /* lint: jump */
    } cede_finally {
    last:
        say("finally");
    } cede_end
}

static void computed(void)
{
    void *target = &&out;

    cede_try {
        goto *target; /* lint: jump */
    } cede_finally {
        say("finally");
    } cede_end
out:
    say("out");
}

USE(goto_into, case_inside, case_inside_cede_for, past_a_defer,
    back_into_the_body, on_to_finally, computed)
