/*
 * Nothing is wrong here, though some of it looks so.
 */
#include "lint/world.h"

static int shared;

/* ---- locals -------------------------------------------------------------- */

static int kept(void)
{
    int n = 0;

    cede_keep(n);
    cede_try {
        n = work();
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static int is_volatile(void)
{
    volatile int n = 0;
    volatile struct {
        int low;
    } range = {0};
    volatile int table[3] = {0};

    cede_try {
        n = work();
        range.low = work();
        table[1] = work();
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n + range.low + table[1];
}

static int not_automatic(int *outside)
{
    static int still;

    cede_try {
        still = work();
        shared = work();
        *outside = work();
        outside[1] = work();
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return still + shared + *outside;
}

static int escaped(void)
{
    int n = 0;

    fill(&n);
    cede_try {
        n = work();
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static int by_somebody_else(void)
{
    int n = 0;

    cede_try {
        fill(&n);
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return n;
}

static void deferred_free(char **text)
{
    free(*text);
}

static void deferred(void)
{
    char *text = NULL;

    cede_defer (deferred_free, &text);
    cede_try {
        text = strdup("text");
        work();
    } cede_except (cede_ValueError, e) {
        say(text);
    } cede_end
}

static int replaced(void)
{
    int n = work();

    cede_try {
        n = work();
        printf("%d\n", n);
        work();
    } cede_except (cede_ValueError, e) {
        n = 3;
        printf("%d\n", n);
    } cede_finally {
        n = 4;
        printf("%d\n", n);
    } cede_end
    for (n = 0; n < 3; n++)
        work();
    return n;
}

static void each_turn(void)
{
    int n;

    for (int i = 0; i < 3; i++) {
        n = i;
        cede_try {
            n += work();
            printf("%d\n", n);
        } cede_except (cede_ValueError, e) {
        } cede_end
    }
}

static int declared_inside(void)
{
    cede_try {
        int n = work();

        n += work();
        return n;
    } cede_finally {
        int n = 1;

        n += work();
        printf("%d\n", n);
    } cede_end
    return 0;
}

static int read_only(int n)
{
    int k = n;

    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        return n;
    } cede_end
    return k;
}

static int one_or_the_other(void)
{
    int n = 0;

    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        n = 1;
        printf("%d\n", n);
    } cede_except (cede_OSError, e) {
        printf("%d\n", n);
    } cede_else {
        printf("%d\n", n);
    } cede_end
    return 0;
}

static int looked_at_only(void)
{
    int n = 0;

    cede_try {
        n = work();
        (void)sizeof n;
        printf("%d\n", n);
    } cede_except (cede_ValueError, e) {
        (void)n;
        return (int)sizeof n;
    } cede_end
    return 0;
}

static int through_volatile(void)
{
    int n = 0;

    cede_try {
        *(volatile int *)&n = work();
        work();
    } cede_except (cede_ValueError, e) {
    } cede_end
    return *(volatile int *)&n;
}

static void loops_catch_nothing(void)
{
    int n = 0;

    cede_for (v, cede_generator(three, NULL)) {
        n += work();
        if (n > 3)
            break;
    }
    cede_for_else (v, cede_generator(three, NULL)) {
        n++;
    } cede_else {
        n--;
    } cede_end
    printf("%d\n", n);
}

/* ---- clauses and jumps --------------------------------------------------- */

static void all_clauses(void)
{
    cede_try {
        work();
    } cede_except ((cede_ValueError, cede_TypeError), e) {
        say("value");
    } cede_except (cede_Exception, e) {
        say("rest");
    } cede_else {
        say("none");
    } cede_finally {
        say("always");
    } cede_end;
    if (work())
        cede_try
            work();
        cede_except (cede_ValueError, e)
            say("value");
        cede_end
    else
        say("no");
}

static void groups(void)
{
    cede_try {
        work();
    } cede_except_group (cede_ValueError, group) {
        for (;;)
            break;
    } cede_except_group (cede_OSError, group) {
        say("some");
    } cede_end
}

static int ways_out(int n)
{
    for (int i = 0; i < n; i++) {
        cede_try {
            if (i == 1)
                continue;
            if (i == 2)
                break;
            if (i == 3)
                goto out;
            if (i == 4)
                return 1;
        } cede_except (cede_ValueError, e) {
            break;
        } cede_finally {
            for (int k = 0; k < 3; k++) {
                if (k == 1)
                    continue;
                break;
            }
            switch (i) {
            case 7:
                break;
            default:
                say("other");
            }
            if (i == 5)
                return 2;
        } cede_end
    }
out:
    return 0;
}

static void whole_inside_finally(void)
{
    cede_try {
        work();
    } cede_finally {
        cede_try {
            for (;;)
                break;
        } cede_except (cede_ValueError, e) {
            say("inner");
        } cede_end
        cede_for (v, cede_generator(three, NULL))
            if (work())
                continue;
    } cede_end
}

static void dispatch(int n)
{
    static void *const ways[] = {&&first, &&second};

    goto *ways[n & 1];
first:
    say("first");
second:
    say("second");
}

static jmp_buf place;

static void plain_longjmp(void)
{
    longjmp(place, 1);
}

/* ---- clean-up ------------------------------------------------------------ */

static void free_text(char **text)
{
    free(*text);
}

static int parse(const char *text)
{
    if (!*text)
        cede_raise(cede_ValueError, "nothing");
    return atoi(text);
}

static int caught(const char *text)
{
    cede_try {
        return parse(text);
    } cede_except (cede_Exception, e) {
        return 0;
    } cede_end
}

static void nothing_raises(void)
{
    char *text __attribute__((cleanup(free_text))) = strdup("text");

    work();
    say(text);
    caught(text);
    cede_try {
        parse(text);
    } cede_except (cede_BaseException, e) {
        say("caught");
    } cede_end
    cede_try {
        cede_raise(cede_ValueError, "%s", text);
    } cede_except (cede_ValueError, e) {
    } cede_end
}

static void over_before(void)
{
    parse("1");
    {
        char *text __attribute__((cleanup(free_text))) = strdup("text");

        say(text);
    }
    parse("2");
}

static void our_own(void)
{
    cede_auto (char *, text, free_text) = strdup("text");

    parse(text);
}

static int compare(const void *a, const void *b)
{
    return caught(a) - caught(b);
}

static void sorts(char *items, size_t count)
{
    qsort(items, count, 2, compare);
    atexit(over_before); /* cede-lint: ok */
}

/* ---- references ---------------------------------------------------------- */

static cede_exception *borrowed_rightly(void)
{
    cede_exception *volatile kept = NULL, *volatile seen = NULL;

    cede_try {
        work();
    } cede_except (cede_ValueError, e) {
        cede_exception *short_lived = e;

        say(cede_exception_message(short_lived));
        kept = cede_ref(e);
    } cede_except (cede_TypeError, e) {
        seen = e;
        kept = e;
        cede_ref(kept);
    } cede_end
    if (seen == kept)
        say("same");
    return kept;
}

static void taken_once(cede_task *given)
{
    cede_task *task = cede_create_task(three, NULL);

    cede_value_unref(cede_await(cede_ref(task)));
    cede_value_unref(cede_await(task));
    task = given;
    cede_value_unref(cede_await(task));
    task = NULL;
    cede_unref(task);
}

static void one_of_two(cede_task *task)
{
    if (work())
        cede_unref(task);
    else
        cede_value_unref(cede_await(task));
}

static void held_by_another(cede_exception *e)
{
    cede_exception *cause = cede_exception(cede_KeyError, "c");

    cede_exception_set_cause(e, cause);
    cede_unref(cause);
    say(cede_exception_message(cause));
}

USE(kept, is_volatile, not_automatic, escaped, by_somebody_else, deferred,
    replaced, each_turn, declared_inside, read_only, one_or_the_other,
    looked_at_only, through_volatile, loops_catch_nothing, all_clauses, groups,
    ways_out, whole_inside_finally, dispatch, plain_longjmp, nothing_raises,
    over_before, our_own, sorts, borrowed_rightly, taken_once, one_of_two,
    held_by_another)
