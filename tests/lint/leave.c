/*
 * Mistakes for cede-lint: ways out of a statement that are closed.
 */
#include "lint/world.h"

static int break_in_finally(void)
{
    cede_try {
        work();
    } cede_finally {
        for (int i = 0; i < 3; i++) {
            cede_try {
                if (work())
                    break; /* lint: leave */
            } cede_finally {
                say("inner");
            } cede_end
        }
    } cede_end
    return 2;
}

static int continue_in_finally(void)
{
    cede_try {
        work();
    } cede_finally {
        for (int i = 0; i < 3; i++) {
            cede_try {
                if (work())
                    continue; /* lint: leave */
                say("more");
            } cede_except (cede_ValueError, e) {
            } cede_end
        }
    } cede_end
    return 2;
}

static int return_in_finally(int n)
{
    cede_try {
        if (n)
            return 1;
    } cede_finally {
        cede_with (m, cede_generator(three, NULL)) {
            return 2; /* lint: leave */
        } cede_end
    } cede_end
    return 3;
}

static void goto_in_finally(void)
{
    cede_try {
        work();
    } cede_finally {
        cede_try {
            if (work())
                goto done; /* lint: leave */
            say("more");
        } cede_except (cede_ValueError, e) {
        } cede_end
    done:
        say("done");
    } cede_end
}

static void break_out_of_cede_for(void)
{
    cede_try {
        work();
    } cede_finally {
        cede_for (v, cede_generator(three, NULL)) {
            if (work())
                break; /* lint: leave */
        }
    } cede_end
}

static void goto_out_of_cede_for(void)
{
    cede_try {
        work();
    } cede_finally {
        cede_for (v, cede_generator(three, NULL))
            if (work())
                goto done; /* lint: leave */
    done:
        say("done");
    } cede_end
}

static int cede_for_on_the_way_out(int n)
{
    cede_try {
        if (n)
            return 1;
    } cede_finally {
        cede_for (v, cede_generator(three, NULL)) /* lint: leave */
            work();
    } cede_end
    return 2;
}

static void break_out_of_a_scope(void *object)
{
    cede_try {
        work();
    } cede_finally {
        for (;;) {
            cede_defer (cede_unref, object);
            if (work())
                break; /* lint: leave */
        }
    } cede_end
}

static int deeper(int n)
{
    cede_try {
        if (n)
            return 1;
    } cede_finally {
        cede_try {
            for (;;) {
                cede_try {
                    if (work())
                        break; /* lint: leave */
                } cede_end
            }
        } cede_except (cede_ValueError, e) {
        } cede_end
    } cede_end
    return 2;
}

static int out_of_a_group_clause(void)
{
    for (;;) {
        cede_try {
            work();
        } cede_except_group (cede_ValueError, group) {
            if (work())
                return 1; /* lint: leave */
            break; /* lint: leave */
        } cede_end
    }
    return 0;
}

static jmp_buf place;

static void jumps_out(void)
{
    cede_try {
        if (work())
            longjmp(place, 1); /* lint: leave */
    } cede_finally {
        say("finally");
    } cede_end
}

USE(break_in_finally, continue_in_finally, return_in_finally, goto_in_finally,
    break_out_of_cede_for, goto_out_of_cede_for, cede_for_on_the_way_out,
    break_out_of_a_scope, deeper, out_of_a_group_clause, jumps_out)
