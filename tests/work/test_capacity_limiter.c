/*
 * Capacity limiters: Z13.
 */
#include "work/world.h"

#include "cede/cancel_scope.h"
#include "cede/capacity_limiter.h"
#include "cede/lowlevel.h"

static cede_capacity_limiter *limiter; /* of the scenario; kept */

static void say_state(void)
{
    cede_capacity_limiter_statistics now_is =
        cede_capacity_limiter_get_statistics(limiter);

    say("%d/%d w%zu", (int)now_is.borrowed_tokens, (int)now_is.total_tokens,
        now_is.tasks_waiting);
}

/* --- without waiting --- */

static cede_value basics(void *arg)
{
    int me, you;

    (void)arg;
    limiter = keep(cede_capacity_limiter_new(2));
    cede_capacity_limiter_acquire_on_behalf_of(limiter, &me);
    cede_capacity_limiter_acquire_on_behalf_of_nowait(limiter, &you);
    say_state();
    CHECK(cede_capacity_limiter_has_borrower(limiter, &me));
    CHECK_INT(cede_capacity_limiter_available_tokens(limiter), 0);
    CHECK_RAISES(cede_WouldBlock,
                 cede_capacity_limiter_acquire_nowait(limiter));
    CHECK_RAISES(cede_RuntimeError,
                 cede_capacity_limiter_acquire_on_behalf_of(limiter, &me));
    CHECK_RAISES(cede_RuntimeError, cede_capacity_limiter_release(limiter));
    cede_capacity_limiter_release_on_behalf_of(limiter, &me);
    CHECK_RAISES(
        cede_RuntimeError,
        cede_capacity_limiter_release_on_behalf_of(limiter, &me));
    say_state();
    cede_with (token, cede_ref(limiter)) {
        (void)token;
        say_state();
    } cede_end
    say_state();
    return cede_none;
}

TEST(Z13_a_token_belongs_to_its_borrower)
{
    expect(basics, "2/2 w0;1/2 w0;2/2 w0;1/2 w0;");
}

TEST(Z13_bad_input)
{
    int me;
    cede_auto (cede_capacity_limiter *, one, drop) =
        cede_capacity_limiter_new(1);

    CHECK_RAISES(cede_ValueError, cede_unref(cede_capacity_limiter_new(0)));
    CHECK_RAISES(cede_ValueError,
                 cede_capacity_limiter_set_total_tokens(one, 0));
    CHECK_RAISES(cede_RuntimeError, cede_capacity_limiter_acquire(one));
    cede_capacity_limiter_acquire_on_behalf_of(one, &me);
    cede_auto (cede_value, text, drop_value) = cede_repr(one);
    CHECK_CONTAINS(cede_value_str(text), ", 1/1 with 0 waiting>");
}

TEST(Z13_unlimited)
{
    static char many[1000];
    cede_auto (cede_capacity_limiter *, one, drop) =
        cede_capacity_limiter_new(CEDE_UNLIMITED_TOKENS);

    for (size_t i = 0; i < sizeof many; i++)
        cede_capacity_limiter_acquire_on_behalf_of(one, &many[i]);
    CHECK_INT(cede_capacity_limiter_borrowed_tokens(one), 1000);
    CHECK(cede_capacity_limiter_available_tokens(one) ==
          CEDE_UNLIMITED_TOKENS);
    for (size_t i = 0; i < sizeof many; i++)
        cede_capacity_limiter_release_on_behalf_of(one, &many[i]);
    CHECK_INT(cede_capacity_limiter_borrowed_tokens(one), 0);
}

/* --- waiting --- */

static cede_value borrows(void *name)
{
    cede_try {
        cede_capacity_limiter_acquire(limiter);
        say("%s", (const char *)name);
        cede_sleep(1);
        cede_capacity_limiter_release(limiter);
    } cede_except (cede_CancelledError) {
        say("%s cancelled", (const char *)name);
        cede_reraise();
    } cede_end
    return cede_none;
}

/* One token, held by the scenario; tasks a, b, c wait for it. */
static void open_scene(struct crew *crew, const char *names)
{
    static const char *const all[] = {"a", "b", "c"};

    limiter = keep(cede_capacity_limiter_new(1));
    cede_capacity_limiter_acquire_on_behalf_of(limiter, crew);
    for (size_t i = 0; i < strlen(names); i++)
        join(crew, cede_create_task(borrows, (void *)all[i]));
    turns(1);
}

static cede_value fifo(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    open_scene(&crew, "abc");
    say_state();
    cede_capacity_limiter_release_on_behalf_of(limiter, &crew);
    /* It is for the first in the queue. */
    CHECK_RAISES(cede_WouldBlock,
                 cede_capacity_limiter_acquire_nowait(limiter));
    gather_crew(&crew, NULL, 0);
    say_state();
    return cede_none;
}

TEST(Z13_first_come_first_served, .shuffle = false)
{
    expect(fifo, "1/1 w3;a;b;c;0/1 w0;");
}

/* Cancels the first task, at some time. */
static cede_value cancelled(void *when)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);
    int at = *(const int *)when;

    open_scene(&crew, "ab");
    if (at == 0) /* while it waits */
        cede_task_cancel(crew.member[0], NULL);
    cede_capacity_limiter_release_on_behalf_of(limiter, &crew);
    if (at >= 1) /* it is woken and has not run */
        cede_task_cancel(crew.member[0], NULL);
    if (at == 2)
        cede_task_cancel(crew.member[0], NULL);
    gather_crew(&crew, NULL, CEDE_RETURN_EXCEPTIONS);
    say_state();
    return cede_none;
}

static cede_value cancelled_waiting(void *arg)
{
    static const int when = 0;

    (void)arg;
    return cancelled((void *)&when);
}

static cede_value cancelled_woken(void *arg)
{
    static const int when = 1;

    (void)arg;
    return cancelled((void *)&when);
}

static cede_value cancelled_twice(void *arg)
{
    static const int when = 2;

    (void)arg;
    return cancelled((void *)&when);
}

/* No token is lost, and the next one has it. */
TEST(Z13_cancelled_while_it_waits, .shuffle = false)
{
    expect(cancelled_waiting, "a cancelled;b;0/1 w0;");
}

TEST(Z13_cancelled_after_it_was_woken, .shuffle = false)
{
    expect(cancelled_woken, "a cancelled;b;0/1 w0;");
}

TEST(Z13_cancelled_twice, .shuffle = false)
{
    expect(cancelled_twice, "a cancelled;b;0/1 w0;");
}

static cede_value in_scope(void *arg)
{

    (void)arg;
    limiter = keep(cede_capacity_limiter_new(1));
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        cede_capacity_limiter_acquire(limiter);
        say("never");
    } cede_end
    say_state();
    return cede_none;
}

/* Under a cancelled scope nothing is taken, although there is a token. */
TEST(Z13_in_a_cancelled_scope)
{
    expect(in_scope, "0/1 w0;");
}

static cede_value waits_in_scope(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    open_scene(&crew, "");
    cede_move_on_after (scope, 1) {
        cede_capacity_limiter_acquire(limiter);
        say("never");
    } cede_end
    say("%g", now());
    cede_capacity_limiter_release_on_behalf_of(limiter, &crew);
    cede_capacity_limiter_acquire_nowait(limiter);
    say_state();
    return cede_none;
}

TEST(Z13_a_scope_ends_the_wait)
{
    expect(waits_in_scope, "1;1/1 w0;");
}

/* --- changing the total --- */

static cede_value total(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    open_scene(&crew, "abc");
    cede_capacity_limiter_set_total_tokens(limiter, 3);
    say_state();
    /* Two are on their way; one token is taken back from them. */
    cede_capacity_limiter_set_total_tokens(limiter, 2);
    turns(1);
    say_state();
    cede_sleep(3.5);
    cede_capacity_limiter_set_total_tokens(limiter, 1);
    CHECK_INT(cede_capacity_limiter_available_tokens(limiter), 0);
    say_state();
    return cede_none;
}

/* b, for which there was none left, is still before c. */
TEST(Z13_more_and_fewer_tokens, .shuffle = false)
{
    expect(total, "1/3 w1;a;2/2 w2;b;c;1/1 w0;");
}

static cede_value taken_back(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    open_scene(&crew, "abc");
    cede_capacity_limiter_set_total_tokens(limiter, 4);
    cede_capacity_limiter_set_total_tokens(limiter, 1);
    turns(1);
    say_state();
    cede_capacity_limiter_release_on_behalf_of(limiter, &crew);
    gather_crew(&crew, NULL, 0);
    return cede_none;
}

TEST(Z13_tokens_are_taken_back_from_several, .shuffle = false)
{
    expect(taken_back, "1/1 w3;a;b;c;");
}

static cede_value unparked(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    open_scene(&crew, "ab");
    cede_unpark(crew.member[0]);
    turns(1);
    say_state();
    cede_capacity_limiter_release_on_behalf_of(limiter, &crew);
    cede_unpark(crew.member[1]);
    gather_crew(&crew, NULL, 0);
    say_state();
    return cede_none;
}

TEST(Z13_an_unpark_from_elsewhere_is_no_token, .shuffle = false)
{
    expect(unparked, "1/1 w2;a;b;0/1 w0;");
}

static cede_value same_twice(void *arg)
{
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    open_scene(&crew, "a");
    cede_capacity_limiter_set_total_tokens(limiter, 2);
    /* a is promised a token; its borrower takes another way to one. */
    cede_capacity_limiter_set_total_tokens(limiter, 3);
    cede_capacity_limiter_acquire_on_behalf_of_nowait(limiter,
                                                      crew.member[0]);
    CHECK_RAISES(cede_RuntimeError, gather_crew(&crew, NULL, 0));
    cede_capacity_limiter_release_on_behalf_of(limiter, crew.member[0]);
    say_state();
    return cede_none;
}

TEST(Z13_one_borrower_two_ways)
{
    expect(same_twice, "1/3 w0;");
}

/* --- in what cede_unref cleans up --- */

static cede_value tidies(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
    } cede_finally {
        cede_with (token, cede_ref(limiter)) {
            cede_sleep(1);
            say("tidied at %g", now());
        } cede_end
    } cede_end
    return cede_none;
}

/* The clean-up goes on in a task of its own, which has the token. */
static cede_value cleaned_up(void *arg)
{
    cede_auto (cede_generator *, generator, drop) =
        cede_generator(tidies, arg);

    limiter = keep(cede_capacity_limiter_new(1));
    if (arg)
        cede_capacity_limiter_acquire_on_behalf_of(limiter, &limiter);
    cede_value_unref(cede_next(generator));
    cede_unref(generator);
    generator = NULL;
    cede_sleep(0.5);
    say_state();
    if (arg)
        cede_capacity_limiter_release_on_behalf_of(limiter, &limiter);
    cede_sleep(3);
    say_state();
    return cede_none;
}

static cede_value cleaned_up_waiting(void *arg)
{
    (void)arg;
    return cleaned_up(&limiter);
}

TEST(Z13_A02_a_clean_up_borrows)
{
    expect(cleaned_up, "1/1 w0;tidied at 1;0/1 w0;");
}

TEST(Z13_A02_a_clean_up_waits)
{
    expect(cleaned_up_waiting, "1/1 w1;tidied at 1.5;0/1 w0;");
}
