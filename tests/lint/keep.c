/*
 * Mistakes for cede-lint: locals that a later clause may read an old value of.
 * Each is on the line before which, or on which, it is marked.
 */
#include "lint/world.h"

static int in_body(void)
{
    int n = 0;

    cede_try {
        n = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static void in_except(void)
{
    const char *step = "none";

    cede_try {
        step = "first"; /* lint: keep */
        work();
        step = "second";
        work();
    } cede_except (cede_ValueError, e) {
        say(step);
    } cede_end
}

static int counted(void)
{
    int turns = 0;

    while (turns < 3) {
        cede_try {
            turns++; /* lint: keep */
            work();
            break;
        } cede_except (cede_OSError, e) {
        } cede_end
    }
    return turns;
}

static double compound(double sum)
{
    cede_try {
        sum += work(); /* lint: keep */
        work();
    } cede_finally {
        printf("%g\n", sum);
    } cede_end
    return 0;
}

static int member(void)
{
    struct {
        int low, high;
    } range = {1, 2};

    cede_try {
        range.low = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return range.low + range.high;
}

static int element(int i)
{
    int table[4] = {0};

    cede_try {
        table[i] = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return table[0];
}

static int through_pointer(void)
{
    int n = 1;
    int *p = &n;

    cede_try {
        *p = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static void set(int *n, int value)
{
    *n = value;
}

static int through_function(void)
{
    int n = 1;

    cede_try {
        set(&n, 5); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static void through_library(void)
{
    char text[16] = "";

    cede_try {
        snprintf(text, sizeof text, "%d", work()); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    say(text);
}

static int in_with(void *manager)
{
    int n = 0;

    cede_with (m, manager) {
        n = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static void in_timeout(void)
{
    int done = 0;

    cede_timeout (deadline, 2.5) {
        for (int i = 0; i < 10; i++) {
            cede_sleep(0.5);
            done = i; /* lint: keep */
        }
    } cede_except (cede_TimeoutError, e) {
        printf("%d done\n", done);
    } cede_end
}

static void for_else(void)
{
    cede_value seen = cede_none;

    cede_try {
        seen = cede_yield(1); /* lint: keep */
    } cede_except (cede_ValueError, e) {
    } cede_else {
        cede_value_unref(seen);
    } cede_end
}

/* It is the exception's clause that is left early, and then finally runs. */
static int in_handler(void)
{
    int status = 0;

    for (;;) {
        cede_try {
            work();
        } cede_except (cede_ValueError, e) {
            status = 3; /* lint: keep */
            break;
        } cede_finally {
            printf("%d\n", status);
        } cede_end
    }
    return 0;
}

static int in_finally(void)
{
    int status = 1;

    for (;;) {
        cede_try {
            work();
            break;
        } cede_finally {
            status = 5; /* lint: keep */
        } cede_end
    }
    return status;
}

static int in_except_only(void)
{
    bool caught = false;

    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        caught = true; /* lint: keep */
    } cede_end
    return caught;
}

static int nested(void)
{
    int n = 0;

    cede_try {
        cede_try {
            n = work(); /* lint: keep */
            work();
        } cede_finally {
            work();
        } cede_end
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static int inner_only(void)
{
    cede_try {
        int n = 0;

        cede_try {
            n = work(); /* lint: keep */
            work();
        } cede_except (cede_ValueError, e) {
        } cede_end
        return n;
    } cede_finally {
        work();
    } cede_end
    return 0;
}

static int kept_too_late(void)
{
    int n = 0;

    cede_try {
        cede_keep(n);
        n = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    cede_keep(n);
    return n;
}

static int given_too_late(void)
{
    int n = 0;

    cede_try {
        n = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    printf("%d\n", n);
    fill(&n);
    return n;
}

static int behind_goto(void)
{
    int n = 0;

    cede_try {
        n = work(); /* lint: keep */
        if (n > 3)
            goto out;
        n = 0;
    } cede_finally {
        work();
    } cede_end
    return 0;
out:
    return n;
}

#define RETRY(statement)                                                       \
    cede_try {                                                            \
        statement;                                                             \
    } cede_except (cede_OSError, e) {                                     \
    } cede_end

static int in_macro(void)
{
    int n = 0;

    RETRY(n = work()); /* lint: keep */
    return n;
}

static int replaced_on_one_way(void)
{
    int n = 0;

    cede_try {
        n = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    if (work())
        n = 7;
    return n;
}

static int in_statement_expression(void)
{
    int n = 0;

    cede_try {
        printf("%d\n", ({
                   n = work(); /* lint: keep */
                   n;
               }));
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static int in_switch(int way)
{
    int n = 0;

    switch (way) {
    case 1:
        cede_try {
            n = work(); /* lint: keep */
            work();
        } cede_except (cede_ValueError, e) {
        } cede_end
        break;
    default:
        n = 8;
    }
    return n;
}

static int two_variables(void)
{
    int a = 0, b = 0;

    cede_keep(a);
    cede_try {
        a = work();
        b = work(); /* lint: keep */
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return a + b;
}

USE(in_body, in_except, counted, compound, member, element, through_pointer,
    through_function, through_library, in_with, in_timeout, for_else,
    in_handler, in_finally, in_except_only, nested, inner_only, kept_too_late,
    given_too_late, behind_goto, in_macro, replaced_on_one_way,
    in_statement_expression, in_switch, two_variables)
