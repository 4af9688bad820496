/*
 * Channels: rules Z04, Z09, Z17; decision 8, "a rendezvous commits at
 * hand-off".
 */
#include "sync/room.h"

#include "base/memory.h"
#include "cede/cancel_scope.h"

/* The channel of the scenario that runs; both ends are kept. */
static cede_send_channel *tx;
static cede_receive_channel *rx;

static void open_channel(int64_t capacity)
{
    cede_channel_open(capacity, &tx, &rx);
    keep(tx);
    keep(rx);
}

/* A task that is kept; its argument says what it does. */
static cede_task *start(cede_function function, const char *argument)
{
    return keep(cede_create_task(function, (void *)argument));
}

static void say_exception(const char *name, const cede_exception *e)
{
    say("%s %s", name, cede_exception_name(e));
}

/* Receives once, and says what came. */
static void receive_from(cede_receive_channel *from, const char *name)
{
    cede_try {
        cede_auto (cede_value, item, drop_value) =
            cede_receive_channel_receive(from);

        say("%s got %s", name, cede_value_str(item));
    } cede_except (cede_BaseException, e) {
        say_exception(name, e);
    } cede_end
}

static cede_value receives(void *name)
{
    receive_from(rx, name);
    return cede_none;
}

/* Sends a copy of the text. */
static void send_to(cede_send_channel *to, const char *text)
{
    cede_try {
        cede_send_channel_send(to, cede_str_copy(text));
        say("%s sent", text);
    } cede_except (cede_BaseException, e) {
        say_exception(text, e);
    } cede_end
}

static cede_value sends(void *text)
{
    send_to(tx, text);
    return cede_none;
}

/* What there is, without waiting. */
static void say_nowait(void)
{
    cede_try {
        cede_auto (cede_value, item, drop_value) =
            cede_receive_channel_receive_nowait(rx);

        say("nowait %s", cede_value_str(item));
    } cede_except (cede_WouldBlock, e) {
        say("WouldBlock");
    } cede_end
}

static void put(const char *text)
{
    cede_send_channel_send_nowait(tx, cede_str_copy(text));
}

/* --- buffered --- */

static cede_value in_order(void *arg)
{
    int64_t next = 0, sent = 0;

    (void)arg;
    open_channel(100);
    /* The buffer wraps around, then grows, then is emptied, many times. */
    for (int round = 1; round < 40; round++) {
        for (int i = 0; i < round; i++)
            cede_send_channel_send(tx, sent++);
        for (int i = 0; i < round * 2 / 3; i++)
            CHECK_INT(cede_value_int(cede_receive_channel_receive(rx)), next++);
        if (round % 5)
            continue;
        while (next < sent)
            CHECK_INT(cede_value_int(cede_receive_channel_receive(rx)), next++);
    }
    return cede_none;
}

TEST(Z09_values_come_out_in_the_order_they_went_in)
{
    expect_in_time(in_order, "");
}

static cede_value full_and_empty(void *arg)
{
    (void)arg;
    open_channel(2);
    put("a");
    cede_send_channel_send(tx, cede_str_copy("b"));
    say("no switch");
    start(sends, "c");
    start(sends, "d");
    turns(2);
    CHECK_RAISES(cede_WouldBlock, put("e"));
    say("-");
    for (int i = 0; i < 3; i++) {
        start(receives, "r");
        turns(3);
    }
    say_nowait();
    say_nowait();
    return cede_none;
}

/* Z09, P10 */
TEST(Z09_a_full_channel_makes_senders_wait, .shuffle = false)
{
    expect_in_time(full_and_empty, "no switch;-;r got a;c sent;r got b;d sent;"
                                   "r got c;nowait d;WouldBlock;");
}

static cede_value empty(void *arg)
{
    (void)arg;
    open_channel(1);
    start(receives, "r");
    start(receives, "s");
    cede_sleep(1);
    put("a");
    say("put %g", now());
    cede_sleep(1);
    put("b");
    cede_sleep(1);
    return cede_none;
}

TEST(Z09_an_empty_channel_makes_receivers_wait_in_order, .shuffle = false)
{
    expect_in_time(empty, "put 1;r got a;s got b;");
}

static cede_value unbounded(void *arg)
{
    (void)arg;
    open_channel(CEDE_UNBOUNDED);
    for (int i = 0; i < 1000; i++)
        cede_send_channel_send_nowait(tx, i);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(cede_value_int(cede_receive_channel_receive_nowait(rx)), i);
    CHECK_INT(cede_receive_channel_statistics(rx).current_buffer_used, 0);
    CHECK(cede_receive_channel_statistics(rx).max_buffer_size ==
          CEDE_UNBOUNDED);
    return cede_none;
}

TEST(Z09_unbounded)
{
    expect_in_time(unbounded, "");
}

static cede_value negative(void *arg)
{
    (void)arg;
    CHECK_RAISES(cede_ValueError, cede_channel_open(-1, &tx, &rx));
    return cede_none;
}

TEST(Z09_a_negative_capacity_is_refused)
{
    expect_in_time(negative, "");
}

/* --- rendezvous --- */

static cede_value meeting(void *arg)
{
    (void)arg;
    open_channel(0);
    start(sends, "a");
    start(sends, "b");
    cede_sleep(0);
    CHECK_RAISES(cede_WouldBlock, put("c"));
    say_nowait();
    say("-");
    cede_sleep(0);
    receives("r");
    say("-");
    cede_sleep(0);
    start(receives, "t");
    cede_sleep(0);
    say_nowait();
    put("d");
    say("put");
    cede_sleep(0);
    return cede_none;
}

/* Z09, P10: who finds somebody waiting does not switch. */
TEST(Z09_capacity_0_is_a_rendezvous, .shuffle = false)
{
    expect_in_time(meeting, "nowait a;-;a sent;r got b;-;b sent;WouldBlock;put;"
                            "t got d;");
}

static cede_value ping_pong(void *arg)
{
    (void)arg;
    open_channel(0);
    for (int i = 0; i < 3; i++) {
        start(sends, "a");
        start(receives, "r");
    }
    turns(3);
    start(receives, "s");
    cede_sleep(0);
    start(sends, "b");
    turns(2);
    return cede_none;
}

TEST(Z09_many_meet)
{
    expect_in_time(ping_pong, "r got a;r got a;r got a;a sent;a sent;a sent;"
                              "b sent;s got b;");
}

/* --- the end --- */

static cede_value end_of_channel(void *arg)
{
    (void)arg;
    open_channel(5);
    put("a");
    put("b");
    cede_send_channel_close(tx);
    cede_send_channel_close(tx);
    for (int i = 0; i < 4; i++)
        receives("r");
    CHECK_RAISES(cede_EndOfChannel,
                 cede_value_unref(cede_receive_channel_receive_nowait(rx)));
    return cede_none;
}

TEST(Z09_receivers_drain_a_channel_without_senders)
{
    expect_in_time(end_of_channel,
                   "r got a;r got b;r EndOfChannel;r EndOfChannel;");
}

static cede_value end_for_waiters(void *arg)
{
    cede_auto (cede_send_channel *, other, drop) = NULL;

    (void)arg;
    open_channel(places > 0 ? 2 : 0);
    other = cede_send_channel_clone(tx);
    start(receives, "r");
    start(receives, "s");
    start(receives, "t");
    cede_sleep(0);
    if (places > 0)
        put("a");
    cede_send_channel_close(tx);
    say("one");
    turns(2);
    cede_unref(other); /* its last reference */
    other = NULL;
    say("two");
    turns(2);
    return cede_none;
}

TEST(Z09_the_last_of_the_senders_wakes_those_who_wait, .shuffle = false)
{
    expect_in_time(end_for_waiters,
                   "one;r got a;two;s EndOfChannel;t EndOfChannel;");
}

TEST(Z09_the_last_of_the_senders_of_a_rendezvous)
{
    expect_meeting(end_for_waiters,
                   "one;two;r EndOfChannel;s EndOfChannel;t EndOfChannel;");
}

static cede_value broken(void *arg)
{
    cede_auto (cede_receive_channel *, other, drop) = NULL;

    (void)arg;
    open_channel(places);
    other = cede_receive_channel_clone(rx);
    if (places > 0)
        put("x");
    start(sends, "a");
    start(sends, "b");
    cede_sleep(0);
    cede_receive_channel_close(other);
    say("one");
    turns(2);
    cede_receive_channel_close(rx);
    say("two %zu", cede_send_channel_statistics(tx).current_buffer_used);
    turns(2);
    sends("c");
    CHECK_RAISES(cede_BrokenResourceError, put("d"));
    return cede_none;
}

/* What was buffered is given up: the harness would see it. */
TEST(Z09_senders_without_receivers)
{
    expect_in_time(broken,
                   "one;two 0;a BrokenResourceError;b BrokenResourceError;"
                   "c BrokenResourceError;");
}

TEST(Z09_senders_without_receivers_of_a_rendezvous)
{
    expect_meeting(broken,
                   "one;two 0;a BrokenResourceError;"
                   "b BrokenResourceError;c BrokenResourceError;");
}

static cede_value broken_promise(void *arg)
{
    (void)arg;
    open_channel(1);
    put("x");
    start(sends, "a");
    cede_sleep(0);
    say_nowait(); /* it has a place now */
    cede_receive_channel_close(rx);
    turns(2);
    return cede_none;
}

TEST(Z09_the_last_receiver_goes_before_a_woken_sender_runs)
{
    expect_in_time(broken_promise, "nowait x;a BrokenResourceError;");
}

static cede_value given_up(void *arg)
{
    cede_send_channel *sender;
    cede_receive_channel *receiver;

    (void)arg;
    /* Channels in a channel, deeper than a stack. */
    cede_channel_open(1, &tx, &rx);
    for (int i = 0; i < 20000; i++) {
        cede_auto (cede_receive_channel *, inner, drop) = rx;

        rx = NULL;
        cede_unref(tx);
        tx = NULL;
        cede_channel_open(1, &sender, &receiver);
        tx = sender;
        rx = receiver;
        cede_send_channel_send_nowait(tx, cede_ref(inner));
    }
    return cede_none;
}

static void drop_ends(void *unused)
{
    (void)unused;
    cede_unref(tx);
    cede_unref(rx);
}

/* Not with faults injected: 100,000 allocations. */
TEST(Z09_what_is_buffered_goes_with_the_last_receiver, .torture = false)
{
    cede_defer (drop_ends, &tx);

    given_up(NULL);
}

/* --- closing the very end --- */

static cede_value closed(void *arg)
{
    cede_auto (cede_send_channel *, sender, drop) = NULL;
    cede_auto (cede_receive_channel *, receiver, drop) = NULL;

    (void)arg;
    open_channel(1);
    sender = cede_send_channel_clone(tx);
    receiver = cede_receive_channel_clone(rx);
    cede_send_channel_close(tx);
    cede_receive_channel_close(rx);
    sends("a");
    receives("r");
    CHECK_RAISES(cede_ClosedResourceError, put("b"));
    CHECK_RAISES(cede_ClosedResourceError,
                 cede_value_unref(cede_receive_channel_receive_nowait(rx)));
    CHECK_RAISES(cede_ClosedResourceError,
                 cede_unref(cede_send_channel_clone(tx)));
    CHECK_RAISES(cede_ClosedResourceError,
                 cede_unref(cede_receive_channel_clone(rx)));
    CHECK_RAISES(cede_ClosedResourceError, {
        cede_for (item, cede_ref(rx))
            say("item");
    });
    cede_send_channel_send(sender, 1);
    CHECK_INT(cede_value_int(cede_receive_channel_receive(receiver)), 1);
    return cede_none;
}

TEST(Z09_a_closed_end_is_refused)
{
    expect_in_time(closed, "a ClosedResourceError;r ClosedResourceError;");
}

static cede_receive_channel *other_rx;
static cede_send_channel *other_tx;

static cede_value receives_at_clone(void *name)
{
    receive_from(other_rx, name);
    return cede_none;
}

static cede_value sends_at_clone(void *text)
{
    send_to(other_tx, text);
    return cede_none;
}

static void open_clones(int64_t capacity)
{
    open_channel(capacity);
    other_tx = keep(cede_send_channel_clone(tx));
    other_rx = keep(cede_receive_channel_clone(rx));
}

static cede_value closed_under_receiver(void *arg)
{
    (void)arg;
    open_clones(1);
    start(receives, "r");
    start(receives_at_clone, "s");
    start(receives, "t");
    cede_sleep(0);
    cede_receive_channel_close(rx);
    cede_receive_channel_close(rx);
    put("a");
    turns(2);
    return cede_none;
}

TEST(Z09_closing_an_end_wakes_those_who_wait_at_it)
{
    expect_in_time(closed_under_receiver,
                   "r ClosedResourceError;t ClosedResourceError;s got a;");
}

static cede_value closed_under_sender(void *arg)
{
    (void)arg;
    open_clones(0);
    start(sends, "a");
    start(sends_at_clone, "b");
    start(sends, "c");
    cede_sleep(0);
    cede_send_channel_close(tx);
    say_nowait();
    turns(2);
    return cede_none;
}

TEST(Z09_closing_an_end_wakes_those_who_send_at_it, .shuffle = false)
{
    expect_in_time(closed_under_sender, "nowait b;a ClosedResourceError;"
                                        "c ClosedResourceError;b sent;");
}

static cede_value closed_after_promise(void *arg)
{
    (void)arg;
    open_clones(1);
    start(receives, "r");
    start(receives_at_clone, "s");
    cede_sleep(0);
    put("a"); /* for r */
    cede_receive_channel_close(rx);
    turns(3);
    say("-");
    put("x");
    start(sends, "b");
    start(sends_at_clone, "c");
    cede_sleep(0);
    cede_value_unref(cede_receive_channel_receive_nowait(other_rx));
    cede_send_channel_close(tx); /* b has a place */
    turns(3);
    return cede_none;
}

/* The promise goes to the next. */
TEST(Z09_an_end_is_closed_before_who_waits_at_it_runs)
{
    expect_in_time(closed_after_promise, "r ClosedResourceError;s got a;-;"
                                         "b ClosedResourceError;c sent;");
}

static cede_value closed_after_meeting(void *arg)
{
    (void)arg;
    open_clones(0);
    start(receives, "r");
    cede_sleep(0);
    put("a");
    cede_receive_channel_close(rx);
    cede_sleep(0);
    start(sends, "b");
    cede_sleep(0);
    cede_value_unref(cede_receive_channel_receive_nowait(other_rx));
    cede_send_channel_close(tx);
    cede_sleep(0);
    return cede_none;
}

TEST(Z09_closing_does_not_undo_a_meeting, .shuffle = false)
{
    expect_in_time(closed_after_meeting, "r got a;b sent;");
}

/* --- as an iterator and a context manager --- */

static cede_value produces(void *count)
{
    cede_with (sender, cede_ref(tx)) {
        for (int i = 0; i < *(int *)count; i++)
            cede_send_channel_send(sender, i);
        say("produced");
    } cede_end
    return cede_none;
}

static cede_value iterates(void *arg)
{
    static int three = 3;

    (void)arg;
    open_channel(1);
    start(produces, (char *)&three);
    cede_for (item, cede_ref(rx))
        say("%d", (int)cede_value_int(item));
    say("over");
    cede_for (item, cede_ref(rx))
        say("again");
    return cede_none;
}

TEST(Z09_a_receive_channel_can_be_iterated)
{
    expect_in_time(iterates, "0;1;produced;2;over;");
}

static cede_value blocks(void *arg)
{
    cede_channel_statistics seen;

    (void)arg;
    open_channel(1);
    cede_try {
        cede_with (sender, cede_ref(tx)) {
            cede_send_channel_send(sender, 1);
            cede_raise(cede_ValueError, "x");
        } cede_end
    } cede_except (cede_ValueError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    seen = cede_receive_channel_statistics(rx);
    say("%zu %zu", seen.open_send_channels, seen.open_receive_channels);
    cede_with (receiver, cede_ref(rx))
        say("%d", (int)cede_value_int(cede_receive_channel_receive(receiver)));
    cede_end
    seen = cede_send_channel_statistics(tx);
    say("%zu %zu", seen.open_send_channels, seen.open_receive_channels);
    return cede_none;
}

TEST(Z09_leaving_a_block_closes_the_end)
{
    expect_in_time(blocks, "x;0 1;1;0 0;");
}

/* --- cancelling --- */

static cede_value cancel_waiting(void *arg)
{
    cede_task *task;

    (void)arg;
    open_channel(places);
    task = start(receives, "r");
    start(receives, "s");
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    cede_task_cancel(task, NULL);
    put("a");
    turns(2);
    if (places > 0)
        put("x");
    task = start(sends, "b");
    start(sends, "c");
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    cede_task_cancel(task, NULL);
    say_nowait();
    turns(2);
    if (places > 0)
        say_nowait();
    say_nowait();
    return cede_none;
}

TEST(Z04_who_is_cancelled_while_it_waits_has_left, .shuffle = false)
{
    expect_in_time(cancel_waiting,
                   "r CancelledError;s got a;nowait x;"
                   "b CancelledError;c sent;nowait c;WouldBlock;");
}

TEST(Z04_who_is_cancelled_while_it_waits_to_meet_has_left, .shuffle = false)
{
    expect_meeting(cancel_waiting,
                   "r CancelledError;s got a;nowait c;"
                   "b CancelledError;c sent;WouldBlock;");
}

static cede_value cancel_woken(void *arg)
{
    cede_task *task;

    (void)arg;
    open_channel(1);
    task = start(receives, "r");
    start(receives, "s");
    cede_sleep(0);
    put("a"); /* for r */
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_WouldBlock, put("b"));
    turns(3);
    put("x");
    task = start(sends, "b");
    start(sends, "c");
    cede_sleep(0);
    say_nowait(); /* a place for b */
    cede_task_cancel(task, NULL);
    turns(3);
    say_nowait();
    say_nowait();
    return cede_none;
}

TEST(Z04_who_is_woken_and_cancelled_passes_it_on, .shuffle = false)
{
    expect_in_time(cancel_woken,
                   "r CancelledError;s got a;nowait x;"
                   "b CancelledError;c sent;nowait c;WouldBlock;");
}

static cede_value cancel_woken_alone(void *arg)
{
    cede_task *task;

    (void)arg;
    open_channel(1);
    task = start(receives, "r");
    cede_sleep(0);
    put("a");
    cede_task_cancel(task, NULL);
    turns(2);
    say_nowait();
    return cede_none;
}

/* It stays in the buffer for whoever comes. */
TEST(Z04_nobody_to_pass_it_on_to, .shuffle = false)
{
    expect_in_time(cancel_woken_alone, "r CancelledError;nowait a;");
}

/* Does what its argument says, then waits for something else. */
static cede_value receives_and_sleeps(void *name)
{
    receives(name);
    cede_try {
        cede_sleep(1);
        say("slept");
    } cede_except (cede_CancelledError, e) {
        say("%s then %s", (char *)name, cede_exception_message(e));
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value sends_and_sleeps(void *text)
{
    sends(text);
    cede_try {
        cede_sleep(1);
        say("slept");
    } cede_except (cede_CancelledError, e) {
        say("%s then %s", (char *)text, cede_exception_message(e));
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value cancel_met(void *arg)
{
    cede_task *task;

    (void)arg;
    open_channel(0);
    task = start(receives_and_sleeps, "r");
    cede_sleep(0);
    put("a");
    cede_task_cancel(task, "late");
    cede_task_cancel(task, "later");
    turns(3);
    say("cancelled %d", cede_task_cancelled(task));
    task = start(sends_and_sleeps, "b");
    cede_sleep(0);
    say_nowait();
    cede_task_cancel(task, "late");
    turns(3);
    say("cancelled %d", cede_task_cancelled(task));
    return cede_none;
}

/* Z04, Z08; decision 8: the hand-off stands, the cancel comes a moment later. */
TEST(Z08_a_meeting_that_has_happened_is_not_cancelled, .shuffle = false)
{
    expect_in_time(cancel_met, "r got a;r then later;cancelled 1;"
                               "nowait b;b sent;b then late;cancelled 1;");
}

static cede_value cancel_first(void *arg)
{
    (void)arg;
    open_channel(0);
    start(sends, "a");
    cede_sleep(0);
    cede_task_cancel(cede_current_task(), NULL);
    receives("r"); /* need not wait */
    receives("s");
    say("-");
    turns(1);
    return cede_none;
}

/* T06: the cancel of oneself comes where one waits, and not before. */
TEST(Z04_cancelling_oneself, .shuffle = false)
{
    expect_in_time(cancel_first, "r got a;a sent;s CancelledError;-;");
}

static cede_value times_out(void *arg)
{
    (void)arg;
    open_channel(1);
    for (int i = 0; i < 3; i++) {
        cede_timeout (deadline, 1) {
            cede_value_unref(cede_receive_channel_receive(rx));
        } cede_except (cede_TimeoutError, e) {
            say("timeout %g", now());
        } cede_end
    }
    put("a");
    cede_timeout (deadline, 1) {
        cede_send_channel_send(tx, cede_str_copy("b"));
    } cede_except (cede_TimeoutError, e) {
        say("timeout %g", now());
    } cede_end
    say_nowait();
    say_nowait();
    return cede_none;
}

TEST(Z04_timeouts)
{
    expect_in_time(times_out,
                   "timeout 1;timeout 2;timeout 3;timeout 4;nowait a;"
                   "WouldBlock;");
}

static cede_value in_cancelled_scope(void *arg)
{
    (void)arg;
    open_channel(2);
    put("a");
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        for (int i = 0; i < 2; i++) {
            receives("r");
            sends("b");
        }
        put("c"); /* never suspends */
    } cede_end
    say_nowait();
    say_nowait();
    say_nowait();
    return cede_none;
}

/* Z01 */
TEST(Z04_in_a_cancelled_scope_nothing_is_sent_or_received)
{
    expect_in_time(in_cancelled_scope,
                   "r CancelledError;b CancelledError;r CancelledError;"
                   "b CancelledError;nowait a;nowait c;WouldBlock;");
}

static cede_cancel_scope *scopes[2];

static cede_value receives_in_scope(void *arg)
{
    intptr_t index = (intptr_t)arg;

    cede_with (scope, cede_ref(scopes[index])) {
        receives(index ? "s" : "r");
        receives(index ? "s" : "r");
    } cede_end
    return cede_none;
}

static cede_value scope_of_waiting(void *arg)
{
    (void)arg;
    open_channel(places);
    for (int i = 0; i < 2; i++)
        scopes[i] = keep(cede_cancel_scope_new());
    start(receives_in_scope, (char *)(intptr_t)0);
    start(receives_in_scope, (char *)(intptr_t)1);
    cede_sleep(0);
    put("a");
    cede_cancel_scope_cancel(scopes[0]); /* it has been woken */
    cede_cancel_scope_cancel(scopes[1]);
    turns(3);
    CHECK_INT(cede_receive_channel_statistics(rx).tasks_waiting_receive, 0);
    return cede_none;
}

TEST(Z08_a_scope_is_cancelled_while_its_task_waits, .shuffle = false)
{
    expect_in_time(scope_of_waiting, "r got a;r CancelledError;"
                                     "s CancelledError;s CancelledError;");
}

TEST(Z08_a_scope_is_cancelled_when_its_task_has_met, .shuffle = false)
{
    expect_meeting(scope_of_waiting, "r got a;r CancelledError;"
                                     "s CancelledError;s CancelledError;");
}

/* --- fairness --- */

static cede_value no_barging(void *arg)
{
    (void)arg;
    open_channel(1);
    start(receives, "r");
    cede_sleep(0);
    put("a");     /* r's */
    say_nowait(); /* not ours */
    cede_sleep(0);
    put("b");
    start(sends, "c");
    cede_sleep(0);
    say_nowait(); /* c has a place */
    CHECK_RAISES(cede_WouldBlock, put("d"));
    start(sends, "e");
    cede_sleep(0);
    say_nowait();
    turns(2);
    say_nowait();
    return cede_none;
}

/* P01 */
TEST(Z09_nobody_gets_ahead_of_who_was_woken, .shuffle = false)
{
    expect_in_time(no_barging,
                   "WouldBlock;r got a;nowait b;c sent;nowait c;e sent;"
                   "nowait e;");
}

static int64_t given[3];

static cede_value consumes(void *index)
{
    cede_for (item, cede_ref(rx))
        given[(intptr_t)index] += cede_value_int(item);
    return cede_none;
}

static cede_value sends_ones(void *count)
{
    for (int i = 0; i < *(int *)count; i++)
        cede_send_channel_send(tx, 1);
    return cede_none;
}

/* Who meets somebody goes on at once, and may meet the next: then it is the
   others' turn. Nobody starves. */
static cede_value shares(void *arg)
{
    static int many = 500;
    struct crew crew = {.count = 0};
    cede_defer (dismiss, &crew);

    (void)arg;
    open_channel(places);
    for (intptr_t i = 0; i < 3; i++)
        start(consumes, (char *)i);
    for (int i = 0; i < 3; i++)
        join(&crew, cede_ref(start(sends_ones, (char *)&many)));
    gather_crew(&crew, NULL, 0);
    cede_send_channel_close(tx);
    turns(3);
    CHECK_INT(given[0] + given[1] + given[2], 1500);
    for (int i = 0; i < 3; i++)
        CHECK(given[i] > (places == 0 ? 200 : 400));
    return cede_none;
}

TEST(Z09_receivers_are_served_alike)
{
    expect_in_time(shares, "");
}

TEST(Z09_receivers_are_served_alike_without_a_buffer)
{
    expect_meeting(shares, "");
}

static bool others_ran;

static cede_value runs_once(void *arg)
{
    (void)arg;
    others_ran = true;
    return cede_none;
}

static cede_value budget(void *arg)
{
    int sent = 0;

    (void)arg;
    open_channel(CEDE_UNBOUNDED);
    start(runs_once, NULL);
    while (!others_ran && sent < 1000)
        cede_send_channel_send(tx, sent++);
    CHECK_INT(sent, 128);
    others_ran = false;
    start(runs_once, NULL);
    while (!others_ran && sent > 0)
        cede_value_unref((sent--, cede_receive_channel_receive(rx)));
    CHECK_INT(sent, 0);
    CHECK(others_ran);
    return cede_none;
}

/* A hundred and twenty-eight that need not wait. */
TEST(Z17_channels_count_against_the_budget, .shuffle = false)
{
    expect_in_time(budget, "");
}

/* --- looking --- */

static void say_statistics(void)
{
    cede_channel_statistics seen = cede_send_channel_statistics(tx);

    say("%zu/%d %zu+%zu waiting %zu+%zu", seen.current_buffer_used,
        (int)seen.max_buffer_size, seen.open_send_channels,
        seen.open_receive_channels, seen.tasks_waiting_send,
        seen.tasks_waiting_receive);
}

static cede_value statistics(void *arg)
{
    cede_task *task;

    (void)arg;
    open_clones(1);
    say_statistics();
    start(receives, "r");
    task = start(receives, "s");
    cede_sleep(0);
    say_statistics();
    put("a");
    say_statistics(); /* r has been woken, and has not run */
    cede_task_cancel(task, NULL);
    turns(2);
    say_statistics();
    put("b");
    start(sends, "c");
    cede_sleep(0);
    cede_receive_channel_close(other_rx);
    say_statistics();
    say_nowait();
    say_statistics();
    cede_sleep(0);
    say_statistics();
    return cede_none;
}

TEST(Z09_statistics, .shuffle = false)
{
    expect_in_time(
        statistics,
        "0/1 2+2 waiting 0+0;0/1 2+2 waiting 0+2;1/1 2+2 waiting 0+2;"
        "r got a;s CancelledError;0/1 2+2 waiting 0+0;"
        "1/1 2+1 waiting 1+0;nowait b;0/1 2+1 waiting 1+0;"
        "c sent;1/1 2+1 waiting 0+0;");
}

static cede_value allocates_nothing(void *arg)
{
    size_t before;

    (void)arg;
    open_channel(1);
    start(receives, "r");
    start(receives, "s");
    before = cede__memory_live();
    cede_sleep(0);
    CHECK_INT(cede__memory_live(), before);
    return cede_none;
}

TEST(waiting_needs_no_memory)
{
    expect_in_time(allocates_nothing, "r CancelledError;s CancelledError;");
}

/* --- bad input --- */

TEST(waiting_outside_a_task)
{
    cede_defer (dismiss, &kept);

    open_channel(1);
    CHECK_RAISES(cede_RuntimeError,
                 cede_value_unref(cede_receive_channel_receive(rx)));
    cede_send_channel_send(tx, cede_str_copy("a"));
    CHECK_RAISES(cede_RuntimeError,
                 cede_send_channel_send(tx, cede_str_copy("b")));
    say_nowait();
    CHECK_STR(said(), "nowait a;");
}

static cede_value waits_a_while(void *arg)
{
    (void)arg;
    cede_timeout (deadline, 1) {
        cede_value_unref(cede_receive_channel_receive(rx));
    } cede_except (cede_TimeoutError, e) {
        say("timeout");
    } cede_end
    return cede_none;
}

/* P13 */
TEST(Z09_a_channel_belongs_to_one_loop)
{
    cede_defer (dismiss, &kept);

    open_channel(1);
    cede_value_unref(cede_run_simulated(waits_a_while, NULL));
    CHECK_RAISES(cede_RuntimeError,
                 cede_value_unref(cede_run_simulated(waits_a_while, NULL)));
    put("a"); /* need not wait */
    say_nowait();
    CHECK_STR(said(), "timeout;nowait a;");
}

static cede_value boxes(void *arg)
{
    cede_send_channel *sender;
    cede_receive_channel *receiver;

    (void)arg;
    open_channel(2);
    cede_channel_open(0, &sender, &receiver);
    keep(sender);
    keep(receiver);
    cede_send_channel_send_nowait(tx, cede_ref(sender));
    cede_send_channel_send_nowait(tx, cede_ref(receiver));
    for (int i = 0; i < 2; i++) {
        cede_auto (cede_value, item, drop_value) =
            cede_receive_channel_receive_nowait(rx);

        say("%s", cede_class_of(cede_value_object(item))->name);
    }
    return cede_none;
}

TEST(Z09_an_end_is_a_value)
{
    expect_in_time(boxes, "MemorySendChannel;MemoryReceiveChannel;");
}

static cede_value left_waiting(void *arg)
{
    (void)arg;
    open_channel(0);
    start(receives, "r");
    cede_sleep(0);
    return cede_none;
}

TEST(T14_a_loop_ends_while_somebody_waits)
{
    expect_in_time(left_waiting, "r CancelledError;");
}
