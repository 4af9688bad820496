/*
 * Mistakes for cede-lint: clauses that are not what they look like.
 */
#include "lint/world.h"

static void taken_before(void)
{
    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        say("value");
    } cede_except (cede_ValueError, e) { /* lint: clause */
        say("again");
    } cede_end
}

static void everything_taken_before(void)
{
    cede_try {
        work();
    } cede_except (cede_BaseException, e) {
        say("all");
    } cede_except ((cede_ValueError, cede_TypeError), e) { /* lint: clause */
        say("never");
    } cede_end
}

static void both_kinds(void)
{
    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        say("one");
    } cede_except_group (cede_OSError, group) { /* lint: clause */
        say("some");
    } cede_end
}

static void between(void)
{
    cede_try {
        work();
    }
    say("between"); /* lint: clause */
    cede_except (cede_ValueError, e) {
        say("except");
    } cede_end
}

static void behind_finally(void)
{
    cede_try {
        work();
    } cede_finally {
        say("finally");
    }
    say("stray"); /* lint: clause */
    cede_end
}

static void no_braces(void)
{
    cede_try
        work();
        say("stray"); /* lint: clause */
    cede_except (cede_ValueError, e)
        say("except");
        say("stray too"); /* lint: clause */
    cede_end
}

static void statement_without_braces(void)
{
    cede_try {
        work();
    } cede_except (cede_ValueError, e)
        say("except");
        cede_try { /* lint: clause */
            work();
        } cede_finally {
            say("stray");
        } cede_end
    cede_end
}

static void semicolon(void)
{
    cede_try;
    { /* lint: clause */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
}

static void raised_between(void)
{
    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        say("except");
    }
    cede_raise(cede_TypeError); /* lint: clause */
    cede_end
}

static void plain_else(void)
{
    cede_try {
        work();
    } else { /* lint: clause */
        say("no exception?");
    } cede_end
}

static void plain_else_of_except(void)
{
    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        say("value");
    } else { /* lint: clause */
        say("no exception?");
    } cede_end
}

USE(taken_before, everything_taken_before, both_kinds, between,
    behind_finally, no_braces, statement_without_braces, semicolon,
    raised_between, plain_else, plain_else_of_except)
