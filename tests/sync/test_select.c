/*
 * Select: rules Z04, Z14, Z17. That nothing is lost however tasks meet and are
 * cancelled is in test_model.c.
 */
#include "sync/room.h"

#include "cede/cancel_scope.h"
#include "cede/select.h"

#include <math.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Two channels; their ends are kept. */
static cede_send_channel *tx, *other_tx;
static cede_receive_channel *rx, *other_rx;

static void open_channels(int64_t capacity)
{
    cede_channel_open(capacity, &tx, &rx);
    keep(tx);
    keep(rx);
    cede_channel_open(capacity, &other_tx, &other_rx);
    keep(other_tx);
    keep(other_rx);
}

static cede_task *start(cede_function function, const void *argument)
{
    return keep(cede_create_task(function, (void *)argument));
}

static cede_future *new_future(void)
{
    return keep(cede_loop_create_future(cede_get_running_loop()));
}

/* Which it was, and when. */
static void say_choice(cede_select_case *cases, size_t count)
{
    int chosen = cede_select(cases, count);

    say("%d at %g", chosen, now());
}

/* Which it was, and whether that channel is over. */
static void say_whether_ended(cede_select_case *cases, size_t count)
{
    int chosen = cede_select(cases, count);

    say("%d %d", chosen, cases[chosen].ended);
}

/* A callback. */
static void cancel_future(void *future)
{
    cede_future_cancel(future, NULL);
}

/* What is in a channel, without waiting. */
static void say_left(cede_receive_channel *from)
{
    cede_try {
        cede_auto (cede_value, item, drop_value) =
            cede_receive_channel_receive_nowait(from);

        say("left %s", cede_value_str(item));
    } cede_except (cede_WouldBlock, e) {
        say("empty");
    } cede_end
}

static void put(cede_send_channel *to, const char *text)
{
    cede_send_channel_send_nowait(to, cede_str_copy(text));
}

/* Receives from either channel, and says what came of it. */
static cede_value receives_either(void *name)
{
    cede_auto (cede_value, item, drop_value) = cede_none;
    cede_select_case cases[] = {
        cede_case_receive(rx, &item),
        cede_case_receive(other_rx, &item),
    };

    cede_try {
        int chosen = cede_select(cases, 2);

        if (cases[chosen].ended)
            say("%s %d ended", (char *)name, chosen);
        else
            say("%s %d got %s", (char *)name, chosen, cede_value_str(item));
    } cede_except (cede_BaseException, e) {
        say("%s %s", (char *)name, cede_exception_name(e));
    } cede_end
    return cede_none;
}

/* Sends its argument to either channel; the first is the better one. */
static cede_value sends_either(void *text)
{
    cede_auto (cede_value, value, drop_value) = cede_str_copy(text);
    cede_select_case cases[] = {
        cede_case_send(tx, value),
        cede_case_send(other_tx, value),
    };

    cede_try {
        int chosen = cede_select_biased(cases, 2);

        say("%s %d %s", (char *)text, chosen,
            cases[chosen].ended ? "ended" : "sent");
    } cede_except (cede_BaseException, e) {
        say("%s %s", (char *)text, cede_exception_name(e));
    } cede_end
    return cede_none;
}

/* --- at once --- */

static cede_value at_once(void *arg)
{
    cede_auto (cede_value, item, drop_value) = cede_none;
    cede_future *done, *pending;

    (void)arg;
    open_channels(1);
    done = new_future();
    pending = new_future();
    cede_future_set_result(done, 1);
    put(other_tx, "a");
    {
        cede_select_case cases[] = {
            cede_case_receive(rx, NULL),
            cede_case_receive(other_rx, &item),
        };

        say("%d", cede_select(cases, 2));
        say("%s", cede_value_str(item));
        say_left(other_rx);
    }
    {
        cede_select_case cases[] = {
            cede_case_future(pending),
            cede_case_send(tx, "b"),
            cede_case_after(1),
        };

        say("%d", cede_select(cases, 3));
        say_left(rx);
    }
    {
        cede_select_case cases[] = {
            cede_case_receive(rx, &item),
            cede_case_future(done),
        };

        say("%d", cede_select(cases, 2));
    }
    {
        cede_select_case cases[] = {
            cede_case_future(pending),
            cede_case_after(-1),
        };

        say("%d", cede_select(cases, 2));
        cases[1] = cede_case_at(now());
        say("%d", cede_select(cases, 2));
    }
    say("%d %g", cede_future_done(pending), now());
    return cede_none;
}

TEST(Z14_what_can_happen_at_once)
{
    expect_in_time(at_once, "1;a;empty;1;left b;1;1;1;0 0;");
}

static cede_value nobody_wants_it(void *arg)
{
    cede_select_case cases[] = {cede_case_never()};

    (void)arg;
    open_channels(1);
    cases[0] = cede_case_receive(rx, NULL);
    put(tx, "a");
    say("%d", cede_select(cases, 1));
    start(sends_either, "b");
    say("%d", cede_select(cases, 1));
    return cede_none;
}

TEST(Z14_what_is_received_into_nothing_is_given_up)
{
    expect_in_time(nobody_wants_it, "0;b 0 sent;0;");
}

/* --- waiting --- */

static cede_value waits_for_items(void *arg)
{
    (void)arg;
    open_channels(places);
    start(receives_either, "r");
    start(receives_either, "s");
    start(receives_either, "t");
    cede_sleep(1);
    put(other_tx, "a");
    put(tx, "b");
    cede_sleep(1);
    cede_send_channel_close(other_tx);
    turns(2);
    return cede_none;
}

TEST(Z14_waiting_to_receive, .shuffle = false)
{
    expect_in_time(waits_for_items, "r 1 got a;s 0 got b;t 1 ended;");
}

TEST(Z14_waiting_to_receive_without_a_buffer, .shuffle = false)
{
    expect_meeting(waits_for_items, "r 1 got a;s 0 got b;t 1 ended;");
}

static cede_value waits_for_room(void *arg)
{
    (void)arg;
    open_channels(1);
    put(tx, "x");
    put(other_tx, "y");
    start(sends_either, "a");
    start(sends_either, "b");
    start(sends_either, "c");
    cede_sleep(1);
    say_left(other_rx);
    turns(2);
    say_left(other_rx);
    turns(2);
    say_left(rx);
    turns(2);
    say_left(rx);
    say_left(other_rx);
    return cede_none;
}

TEST(Z14_waiting_to_send, .shuffle = false)
{
    expect_in_time(waits_for_room,
                   "left y;a 1 sent;left a;b 1 sent;left x;c 0 sent;"
                   "left c;left b;");
}

/* Says which of a future and two times it was. */
static cede_value waits_for_time(void *future)
{
    cede_select_case cases[] = {
        cede_case_after(5),
        cede_case_future(future),
        cede_case_at(3),
        cede_case_after(INFINITY),
    };

    say_choice(cases, 4);
    return cede_none;
}

static cede_value times(void *arg)
{
    cede_future *future = new_future();

    (void)arg;
    start(waits_for_time, future);
    cede_sleep(1);
    start(waits_for_time, future);
    cede_sleep(3);
    start(waits_for_time, future);
    cede_sleep(1);
    {
        cede_select_case cases[] = {
            cede_case_after(3),
            cede_case_future(future),
        };
        cede_loop *loop = cede_get_running_loop();

        cede_loop_call_later(loop, 1, cancel_future, future);
        say_choice(cases, 2);
        say_choice(cases, 2);
    }
    return cede_none;
}

TEST(Z14_waiting_for_time)
{
    expect_in_time(times, "2 at 3;2 at 3;2 at 4;1 at 6;1 at 6;");
}

static cede_value sleeps(void *name)
{
    cede_sleep(1);
    say("%s", (char *)name);
    return cede_none;
}

static cede_value selects_time(void *name)
{
    cede_select_case cases[] = {cede_case_after(1)};

    cede_select(cases, 1);
    say("%s", (char *)name);
    return cede_none;
}

static cede_value time_in_order(void *arg)
{
    (void)arg;
    start(sleeps, "a");
    start(selects_time, "b");
    start(sleeps, "c");
    cede_sleep(2);
    return cede_none;
}

/* L14 */
TEST(Z14_who_selects_and_who_sleeps_wake_in_their_order)
{
    expect_in_time(time_in_order, "a;b;c;");
}

static cede_value a_task(void *arg)
{
    cede_task *task = start(fails, "why");
    cede_select_case cases[] = {cede_case_future(task)};

    (void)arg;
    note_reports();
    say("%d", cede_select(cases, 1));
    cede_try {
        cede_task_result(task);
    } cede_except (cede_ValueError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
    {
        cede_auto (cede_task *, other, drop) =
            cede_create_task(fails, "nobody asks");

        cases[0] = cede_case_future(other);
        cede_select(cases, 1);
    }
    return cede_none;
}

/* F12: a select does not look at the outcome. */
TEST(Z14_a_task_that_ends)
{
    expect_in_time(a_task, "0;why;Task exception was never retrieved: "
                           "nobody asks;");
}

static cede_value twice(void *arg)
{
    cede_future *future = new_future();
    cede_select_case cases[] = {
        cede_case_future(future),
        cede_case_future(future),
        cede_case_never(),
        cede_case_never(),
    };

    (void)arg;
    open_channels(0);
    cases[2] = cede_case_receive(rx, NULL);
    cases[3] = cede_case_receive(rx, NULL);
    start(sends_either, "a");
    say("%d", cede_select_biased(cases, 4));
    turns(1);
    cede_future_cancel(future, NULL);
    say("%d", cede_select_biased(cases, 4));
    return cede_none;
}

TEST(Z14_the_same_thing_twice)
{
    expect_in_time(twice, "a 0 sent;2;0;");
}

/* --- descriptors --- */

static int pair[2];

static void close_pair(void *unused)
{
    (void)unused;
    close(pair[0]);
    if (pair[1] >= 0)
        close(pair[1]);
}

static cede_value closes_descriptor(void *descriptor)
{
    cede_descriptor_close(descriptor);
    return cede_none;
}

static cede_value writes(void *text)
{
    CHECK_INT(write(pair[1], text, strlen(text)), strlen(text));
    return cede_none;
}

static cede_value descriptors(void *arg)
{
    cede_descriptor *descriptor = keep(cede_descriptor_new(pair[0]));
    cede_select_case cases[] = {
        cede_case_readable(descriptor),
        cede_case_after(1),
        cede_case_never(),
    };
    char byte;

    (void)arg;
    open_channels(0);
    say("%d", cede_select(cases, 3));
    start(writes, "ab");
    say("%d", cede_select(cases, 3));
    say("%d", cede_select(cases, 3)); /* nothing was read */
    CHECK_INT(read(pair[0], &byte, 1), 1);
    say("%d %c", cede_select(cases, 3), byte);
    CHECK_INT(read(pair[0], &byte, 1), 1);
    cases[1] = cede_case_writable(descriptor);
    say("%d %c", cede_select(cases, 3), byte);
    cases[1] = cede_case_never();
    cases[2] = cede_case_receive(rx, NULL);
    start(sends_either, "x");
    say("%d", cede_select(cases, 3));
    start(writes, "c");
    say("%d", cede_select(cases, 3));
    CHECK_INT(read(pair[0], &byte, 1), 1);
    start(closes_descriptor, descriptor);
    say("%d", cede_select(cases, 3));
    return cede_none;
}

static void with_pair(void (*body)(void))
{
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                       pair) == 0);
    cede_defer (close_pair, pair);
    body();
}

static void expect_descriptors(void)
{
    expect_in_time(descriptors, "1;0;0;0 a;1 b;x 0 sent;2;0;0;");
}

TEST(Z14_descriptors)
{
    with_pair(expect_descriptors);
}

static cede_value reads_first(void *descriptor)
{
    char byte;

    while (read(pair[0], &byte, 1) < 0)
        cede_descriptor_wait_readable(descriptor);
    say("read %c", byte);
    return cede_none;
}

static cede_value selects_readable(void *descriptor)
{
    cede_select_case cases[] = {cede_case_readable(descriptor)};

    cede_select(cases, 1);
    say("readable");
    return cede_none;
}

static cede_value many_watch(void *arg)
{
    cede_descriptor *descriptor = keep(cede_descriptor_new(pair[0]));

    (void)arg;
    start(selects_readable, descriptor);
    start(reads_first, descriptor);
    start(selects_readable, descriptor);
    turns(2);
    writes("a");
    cede_sleep(1);
    return cede_none;
}

static void expect_many(void)
{
    expect_in_time(many_watch, "read a;readable;readable;");
}

TEST(Z14_selects_watch_beside_who_reads)
{
    with_pair(expect_many);
}

static cede_value hung_up(void *arg)
{
    cede_descriptor *descriptor = keep(cede_descriptor_new(pair[0]));
    cede_select_case cases[] = {cede_case_readable(descriptor)};

    (void)arg;
    close(pair[1]);
    pair[1] = -1;
    say("%d", cede_select(cases, 1));
    return cede_none;
}

static void expect_hung_up(void)
{
    expect_in_time(hung_up, "0;");
}

TEST(Z14_the_other_side_of_a_descriptor_has_gone)
{
    with_pair(expect_hung_up);
}

/* --- by chance --- */

enum { DRAWS = 3000 };

static int drawn[3];
static char draws[DRAWS + 1];

static cede_value draw(void *biased)
{
    cede_future *future = new_future();
    cede_select_case cases[3];

    open_channels(CEDE_UNBOUNDED);
    cede_future_set_result(future, 1);
    cases[0] = cede_case_send(tx, 1);
    cases[1] = cede_case_future(future);
    cases[2] = cede_case_after(0);
    memset(drawn, 0, sizeof drawn);
    for (int i = 0; i < DRAWS; i++) {
        int chosen =
            biased ? cede_select_biased(cases, 3) : cede_select(cases, 3);

        drawn[chosen]++;
        draws[i] = (char)('0' + chosen);
    }
    return cede_none;
}

/* Each a third of the time, give or take five standard deviations. */
TEST(Z14_one_of_those_that_are_ready_by_chance)
{
    expect_in_time(draw, "");
    for (int i = 0; i < 3; i++)
        CHECK(drawn[i] > DRAWS / 3 - 130 && drawn[i] < DRAWS / 3 + 130);
}

static cede_value draw_biased(void *arg)
{
    (void)arg;
    return draw("");
}

TEST(Z14_the_first_of_those_that_are_ready)
{
    expect_in_time(draw_biased, "");
    CHECK_INT(drawn[0], DRAWS);
}

static cede_value draw_seeded(void *arg)
{
    (void)arg;
    cede_loop_set_seed(cede_get_running_loop(), 7);
    return draw(NULL);
}

/* Z18 */
TEST(Z14_the_same_choices_in_every_run)
{
    static char before[sizeof draws];

    unsetenv("CEDE_SEED");
    expect_in_time(draw, "");
    memcpy(before, draws, sizeof draws);
    expect_in_time(draw, "");
    CHECK(memcmp(before, draws, sizeof draws) == 0);
    setenv("CEDE_SEED", "7", true);
    expect_in_time(draw, "");
    CHECK(memcmp(before, draws, sizeof draws) != 0);
    memcpy(before, draws, sizeof draws);
    unsetenv("CEDE_SEED");
    expect_in_time(draw_seeded, "");
    CHECK(memcmp(before, draws, sizeof draws) == 0);
}

static cede_value equal_times(void *arg)
{
    cede_select_case cases[] = {
        cede_case_after(1),
        cede_case_after(1),
        cede_case_after(2),
    };
    int count[3] = {0, 0, 0};

    (void)arg;
    for (int i = 0; i < 200; i++)
        count[cede_select(cases, 3)]++;
    CHECK(count[0] > 60 && count[1] > 60 && count[2] == 0);
    for (int i = 0; i < 10; i++)
        CHECK_INT(cede_select_biased(cases, 3), 0);
    CHECK_FLOAT(now(), 210);
    return cede_none;
}

TEST(Z14_equal_times_by_chance)
{
    expect_in_time(equal_times, "");
}

/* --- default, disabled, closed --- */

static cede_value or_default(void *arg)
{
    cede_select_case cases[] = {
        cede_case_after(1),
        cede_case_never(),
        cede_case_never(),
    };

    (void)arg;
    open_channels(1);
    say("%d", cede_select_or_default(cases, 0));
    say("%d", cede_select_or_default(cases, 1));
    say("%d", cede_select_or_default(cases, 2));
    cases[1] = cede_case_receive(rx, NULL);
    cases[2] = cede_case_send(other_tx, 1);
    say("%d", cede_select_biased_or_default(cases, 2));
    say("%d", cede_select_biased_or_default(cases, 3));
    say("%d", cede_select_or_default(cases, 3));
    put(tx, "a");
    say("%d", cede_select_or_default(cases, 3));
    say("%d", cede_select_or_default(cases, 3));
    say("%g", now());
    return cede_none;
}

TEST(Z14_default)
{
    expect_in_time(or_default, "-1;-1;-1;-1;2;-1;1;-1;0;");
}

static cede_value disabled(void *arg)
{
    cede_select_case cases[] = {
        cede_case_never(),         cede_case_receive(NULL, NULL),
        cede_case_send(NULL, 1),   cede_case_future(NULL),
        cede_case_readable(NULL),  cede_case_writable(NULL),
        cede_case_after(INFINITY), cede_case_at(INFINITY),
        cede_case_after(1),
    };

    (void)arg;
    say_choice(cases, 9);
    say("%d", cede_select_or_default(cases, 9));
    CHECK_RAISES(cede_RuntimeError, cede_select(cases, 8));
    CHECK_RAISES(cede_RuntimeError, cede_select(NULL, 0));
    CHECK_RAISES(cede_RuntimeError, cede_select_biased(cases, 1));
    return cede_none;
}

TEST(Z14_disabled_cases)
{
    expect_in_time(disabled, "8 at 1;-1;");
}

static cede_value other_side_closed(void *arg)
{
    cede_auto (cede_value, item, drop_value) = cede_int(7);
    cede_select_case cases[2];

    (void)arg;
    open_channels(1);
    put(tx, "a");
    cede_send_channel_close(tx);
    cede_receive_channel_close(other_rx);
    cases[0] = cede_case_receive(rx, &item);
    cases[1] = cede_case_after(1);
    say_whether_ended(cases, 2);
    drop_value(&item);
    say_whether_ended(cases, 2);
    CHECK(cede_is_none(item));
    cases[0] = cede_case_send(other_tx, 1);
    say_whether_ended(cases, 2);
    cases[0] = cede_case_never();
    say_whether_ended(cases, 2);
    return cede_none;
}

TEST(Z14_a_channel_whose_other_side_is_closed)
{
    expect_in_time(other_side_closed, "0 0;0 1;0 1;1 0;");
}

static cede_value closed_while_waiting(void *arg)
{
    (void)arg;
    open_channels(0);
    start(receives_either, "r");
    start(receives_either, "s");
    cede_sleep(0);
    cede_send_channel_close(tx);
    turns(2);
    cede_send_channel_close(other_tx);
    return cede_none;
}

TEST(Z14_the_other_side_is_closed_while_it_waits)
{
    expect_in_time(closed_while_waiting, "r 0 ended;s 0 ended;");
}

static cede_value broken_while_waiting(void *arg)
{
    (void)arg;
    open_channels(0);
    start(sends_either, "a");
    cede_sleep(0);
    cede_receive_channel_close(other_rx);
    turns(2);
    start(sends_either, "b");
    turns(2);
    return cede_none;
}

TEST(Z14_the_receivers_go_while_it_waits)
{
    expect_in_time(broken_while_waiting, "a 1 ended;b 1 ended;");
}

static cede_value own_end_closed(void *arg)
{
    cede_select_case cases[2];

    open_channels(arg ? 1 : 0);
    start(receives_either, "r");
    cede_sleep(0);
    cede_receive_channel_close(other_rx);
    turns(2);
    start(sends_either, "a");
    cede_sleep(0);
    cede_send_channel_close(other_tx);
    turns(2);
    cases[0] = cede_case_after(-1);
    cases[1] = cede_case_receive(other_rx, NULL);
    CHECK_RAISES(cede_ClosedResourceError, cede_select(cases, 2));
    CHECK_RAISES(cede_ClosedResourceError, cede_select_biased(cases, 2));
    cases[1] = cede_case_send(other_tx, 1);
    CHECK_RAISES(cede_ClosedResourceError, cede_select_or_default(cases, 2));
    return cede_none;
}

TEST(Z14_its_own_end_is_closed, .shuffle = false)
{
    expect_in_time(own_end_closed, "r ClosedResourceError;a 1 ended;");
}

static cede_value closed_after_promise(void *arg)
{
    (void)arg;
    open_channels(1);
    start(receives_either, "r");
    cede_sleep(0);
    put(tx, "a");
    cede_receive_channel_close(rx);
    turns(2);
    return cede_none;
}

TEST(Z14_its_own_end_is_closed_before_it_runs)
{
    expect_in_time(closed_after_promise, "r ClosedResourceError;");
}

/* --- the losers are untouched --- */

static cede_value losers(void *arg)
{
    cede_future *future = new_future();
    cede_auto (cede_value, item, drop_value) = cede_int(7);
    cede_auto (cede_value, kept_item, drop_value) = cede_int(8);
    cede_select_case cases[5];

    (void)arg;
    open_channels(places);
    if (places > 0)
        put(other_tx, "full");
    cases[0] = cede_case_future(future);
    cases[1] = cede_case_receive(rx, &kept_item);
    cases[2] = cede_case_send(other_tx, "lost");
    cases[3] = cede_case_after(10);
    cases[4] = cede_case_receive(rx, &kept_item);
    cede_loop_call_later(cede_get_running_loop(), 1, cancel_future, future);
    say("%d", cede_select(cases, 5));
    cases[0] = cede_case_after(1);
    say_choice(cases, 5);
    say("%d", (int)cede_value_int(kept_item));
    /* Nobody waits at either channel any more. */
    if (places == 0) {
        CHECK_RAISES(cede_WouldBlock, put(tx, "a"));
        say_left(other_rx);
    } else {
        put(tx, "a");
        turns(2);
        say_left(rx);
        say_left(other_rx);
        turns(2);
        say_left(other_rx);
    }
    CHECK_INT(cede_send_channel_statistics(tx).tasks_waiting_receive, 0);
    CHECK_INT(cede_send_channel_statistics(other_tx).tasks_waiting_send, 0);
    return cede_none;
}

TEST(Z14_the_others_are_untouched)
{
    expect_in_time(losers, "0;0 at 2;8;left a;left full;empty;");
}

TEST(Z14_the_others_are_untouched_without_a_buffer)
{
    expect_meeting(losers, "0;0 at 2;8;empty;");
}

static cede_value pending_loser(void *arg)
{
    cede_future *future = new_future();
    cede_select_case cases[] = {
        cede_case_future(future),
        cede_case_after(1),
    };

    (void)arg;
    say("%d", cede_select(cases, 2));
    say("pending %d", !cede_future_done(future));
    cede_future_set_result(future, 1);
    cede_sleep(1);
    return cede_none;
}

TEST(Z14_a_future_that_lost_is_pending)
{
    expect_in_time(pending_loser, "1;pending 1;");
}

/* One event each: of two channels that become ready in the same moment a
   select gets the first, and the second stays for others. */
static cede_value both_at_once(void *arg)
{
    (void)arg;
    open_channels(1);
    start(receives_either, "r");
    cede_sleep(0);
    put(tx, "a");
    put(other_tx, "b");
    turns(2);
    say_left(rx);
    say_left(other_rx);
    return cede_none;
}

TEST(Z14_exactly_one)
{
    expect_in_time(both_at_once, "r 0 got a;empty;left b;");
}

/* --- selects meet --- */

static cede_value selects_meet(void *arg)
{
    cede_auto (cede_value, item, drop_value) = cede_none;
    cede_select_case cases[2];

    (void)arg;
    open_channels(0);
    start(sends_either, "a");
    cede_sleep(0);
    cases[0] = cede_case_receive(rx, &item);
    cases[1] = cede_case_receive(other_rx, &item);
    say("%d", cede_select_biased(cases, 2));
    say("%s", cede_value_str(item));
    say_left(rx);
    say_left(other_rx);
    turns(1);
    start(receives_either, "r");
    cede_sleep(0);
    start(sends_either, "b");
    turns(2);
    say_left(rx);
    return cede_none;
}

TEST(Z14_two_selects_agree)
{
    expect_in_time(selects_meet,
                   "0;a;empty;empty;a 0 sent;b 0 sent;r 0 got b;empty;");
}

/* Sends its name or receives, on the same channel. */
static cede_value sends_or_receives(void *name)
{
    cede_auto (cede_value, item, drop_value) = cede_none;
    cede_auto (cede_value, value, drop_value) = cede_str_copy(name);
    cede_select_case cases[] = {
        cede_case_send(tx, value),
        cede_case_receive(rx, &item),
    };

    cede_try {
        if (cede_select(cases, 2) == 0)
            say("%s sent", (char *)name);
        else
            say("%s got %s", (char *)name, cede_value_str(item));
    } cede_except (cede_CancelledError, e) {
        say("%s alone", (char *)name);
    } cede_end
    return cede_none;
}

static cede_value both_directions(void *arg)
{
    (void)arg;
    open_channels(0);
    cede_loop_set_seed(cede_get_running_loop(), 1);
    start(sends_or_receives, "a");
    turns(3);
    say("-");
    start(sends_or_receives, "b");
    turns(3);
    say("-");
    start(sends_or_receives, "c");
    turns(3);
    return cede_none;
}

/* Nobody meets himself; two do. */
TEST(Z14_sending_and_receiving_on_the_same_channel)
{
    expect_in_time(both_directions, "-;b sent;a got b;-;c alone;");
}

static int pairs_met[2];

static cede_value mixes(void *arg)
{
    cede_select_case cases[2];

    (void)arg;
    cases[0] = cede_case_send(tx, 1);
    cases[1] = cede_case_receive(rx, NULL);
    for (int i = 0; i < 100; i++)
        pairs_met[cede_select(cases, 2)]++;
    return cede_none;
}

static cede_value crowd(void *arg)
{
    (void)arg;
    open_channels(0);
    for (int i = 0; i < 10; i++)
        start(mixes, NULL);
    cede_sleep(1);
    CHECK_INT(pairs_met[0], pairs_met[1]);
    CHECK(pairs_met[0] >= 450); /* the last may be alone */
    return cede_none;
}

TEST(Z14_a_crowd_that_sends_and_receives)
{
    expect_in_time(crowd, "");
}

static cede_value own_value(void *arg)
{
    cede_auto (cede_value, value, drop_value) = cede_str_copy("mine");
    cede_auto (cede_value, item, drop_value) = cede_none;
    cede_select_case cases[2];

    (void)arg;
    open_channels(1);
    cases[0] = cede_case_send(tx, value);
    say("%d", cede_select(cases, 1));
    cases[1] = cede_case_after(1);
    say("%d", cede_select(cases, 2));
    say("%s", cede_value_str(value));
    cases[0] = cede_case_receive(rx, &item);
    say("%d", cede_select(cases, 1));
    cede_value_clear(&value);
    say("%s", cede_value_str(item));
    return cede_none;
}

TEST(Z14_a_value_to_send_stays_its_owners)
{
    expect_in_time(own_value, "0;1;mine;0;mine;");
}

/* --- cancelling --- */

static cede_value cancel_waiting(void *arg)
{
    cede_task *task, *sender;

    (void)arg;
    open_channels(1);
    task = start(receives_either, "r");
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    cede_task_cancel(task, NULL);
    put(tx, "a");
    put(other_tx, "b");
    sender = start(sends_either, "c");
    turns(2);
    cede_task_cancel(sender, NULL);
    say_left(rx);
    say_left(other_rx);
    turns(2);
    say_left(rx);
    say_left(other_rx);
    return cede_none;
}

TEST(Z04_a_select_that_is_cancelled_has_done_nothing, .shuffle = false)
{
    expect_in_time(cancel_waiting,
                   "r CancelledError;left a;left b;c CancelledError;empty;"
                   "empty;");
}

static cede_value cancel_woken(void *arg)
{
    cede_task *task;

    (void)arg;
    open_channels(1);
    task = start(receives_either, "r");
    start(receives_either, "s");
    cede_sleep(0);
    put(other_tx, "a"); /* for r */
    cede_task_cancel(task, NULL);
    turns(3);
    put(tx, "x");
    put(other_tx, "y");
    task = start(sends_either, "b");
    start(sends_either, "c");
    cede_sleep(0);
    say_left(rx); /* room for b */
    cede_task_cancel(task, NULL);
    turns(3);
    say_left(rx);
    say_left(other_rx);
    return cede_none;
}

TEST(Z04_a_select_that_is_woken_and_cancelled_passes_it_on, .shuffle = false)
{
    expect_in_time(cancel_woken,
                   "r CancelledError;s 1 got a;left x;b CancelledError;"
                   "c 0 sent;left c;left y;");
}

static cede_value then_sleeps(void *name)
{
    receives_either(name);
    cede_try {
        cede_sleep(1);
    } cede_except (cede_CancelledError, e) {
        say("%s then %s", (char *)name, cede_exception_message(e));
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value cancel_alone(void *arg)
{
    cede_task *task;

    (void)arg;
    open_channels(0);
    task = start(receives_either, "r");
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    CHECK_RAISES(cede_WouldBlock, put(tx, "a")); /* it has left already */
    task = start(sends_either, "b");
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    say_left(other_rx);
    turns(2);
    return cede_none;
}

TEST(Z04_nobody_meets_a_select_that_is_cancelled, .shuffle = false)
{
    expect_in_time(cancel_alone, "r CancelledError;empty;b CancelledError;");
}

static cede_value cancel_met(void *arg)
{
    cede_task *task;

    (void)arg;
    open_channels(0);
    task = start(then_sleeps, "r");
    cede_sleep(0);
    put(other_tx, "a");
    cede_task_cancel(task, "late");
    turns(3);
    say("cancelled %d", cede_task_cancelled(task));
    task = start(sends_either, "b");
    cede_sleep(0);
    say_left(rx);
    cede_task_cancel(task, "late");
    turns(3);
    say("cancelled %d", cede_task_cancelled(task));
    return cede_none;
}

/* Z08; b ends without waiting again: T06. */
TEST(Z08_a_select_that_has_met_is_not_cancelled, .shuffle = false)
{
    expect_in_time(cancel_met, "r 1 got a;r then late;cancelled 1;left b;"
                               "b 0 sent;cancelled 1;");
}

static cede_value selects_future(void *future)
{
    cede_select_case cases[] = {
        cede_case_future(future),
        cede_case_after(1),
    };

    cede_try {
        say("%d", cede_select(cases, 2));
    } cede_except (cede_CancelledError, e) {
        say("cancelled at %g", now());
        cede_reraise();
    } cede_end
    return cede_none;
}

static void cancel_task(void *task)
{
    cede_task_cancel(task, NULL);
}

static cede_value cancel_others(void *arg)
{
    cede_future *future = new_future();
    cede_future *other = new_future();
    cede_task *task;

    (void)arg;
    /* Due when the time is over, before the select has run. */
    task = start(selects_future, other);
    cede_sleep(0);
    cede_loop_call_later(cede_get_running_loop(), 1, cancel_task, task);
    cede_sleep(2);
    task = start(selects_future, future);
    cede_sleep(0);
    cede_task_cancel(task, NULL);
    turns(2);
    say("pending %d", !cede_future_done(future));
    task = start(selects_future, future);
    cede_sleep(0);
    cede_future_set_result(future, 1);
    cede_task_cancel(task, NULL);
    turns(2);
    return cede_none;
}

/* T19 */
TEST(Z04_cancelling_who_waits_for_a_future_or_for_time, .shuffle = false)
{
    expect_in_time(cancel_others,
                   "cancelled at 1;cancelled at 2;pending 1;cancelled at 2;");
}

static cede_value in_cancelled_scope(void *arg)
{
    cede_select_case cases[] = {cede_case_after(0), cede_case_never()};

    (void)arg;
    open_channels(1);
    put(tx, "a");
    cases[1] = cede_case_receive(rx, NULL);
    cede_cancel_scope (scope) {
        cede_cancel_scope_cancel(scope);
        CHECK_RAISES(cede_CancelledError, cede_select(cases, 2));
        CHECK_RAISES(cede_CancelledError, cede_select_or_default(cases, 2));
        cases[0] = cases[1] = cede_case_after(1);
        CHECK_RAISES(cede_CancelledError, cede_select(cases, 2));
    } cede_end
    say_left(rx);
    return cede_none;
}

/* Z01 */
TEST(Z04_a_select_in_a_cancelled_scope)
{
    expect_in_time(in_cancelled_scope, "left a;");
}

static cede_cancel_scope *the_scope;

static cede_value selects_in_scope(void *name)
{
    cede_with (scope, cede_ref(the_scope)) {
        receives_either(name);
        receives_either(name);
    } cede_end
    return cede_none;
}

static cede_value scope_of_waiting(void *arg)
{
    (void)arg;
    open_channels(places);
    the_scope = keep(cede_cancel_scope_new());
    start(selects_in_scope, "r");
    cede_sleep(0);
    put(tx, "a");
    cede_cancel_scope_cancel(the_scope);
    turns(3);
    the_scope = keep(cede_cancel_scope_new());
    start(selects_in_scope, "s");
    cede_sleep(0);
    cede_cancel_scope_cancel(the_scope);
    CHECK_INT(cede_receive_channel_statistics(rx).tasks_waiting_receive, 0);
    turns(3);
    return cede_none;
}

TEST(Z08_a_scope_is_cancelled_while_a_select_waits, .shuffle = false)
{
    expect_in_time(scope_of_waiting, "r 0 got a;r CancelledError;"
                                     "s CancelledError;s CancelledError;");
}

TEST(Z08_a_scope_is_cancelled_when_a_select_has_met, .shuffle = false)
{
    expect_meeting(scope_of_waiting, "r 0 got a;r CancelledError;"
                                     "s CancelledError;s CancelledError;");
}

/* --- bad input --- */

static cede_value bad_input(void *arg)
{
    cede_select_case cases[] = {cede_case_after(NAN), cede_case_after(1)};
    cede_auto (cede_value, text, drop_value) = cede_str_copy("no future");
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();
    cede_auto (cede_future *, foreign, drop) = cede_loop_create_future(loop);

    (void)arg;
    CHECK_RAISES(cede_ValueError, cede_select(cases, 2));
    CHECK_RAISES(cede_ValueError, cede_select_or_default(cases, 2));
    cases[0] = cede_case_future(text.as.object);
    CHECK_RAISES(cede_TypeError, cede_select(cases, 2));
    cases[0] = cede_case_future(foreign);
    CHECK_RAISES(cede_RuntimeError, cede_select(cases, 2));
    cases[0].kind = 99;
    CHECK_RAISES(cede_ValueError, cede_select(cases, 2));
    cases[0] = cede_case_after(1);
    CHECK_RAISES(cede_ValueError, cede_select(cases, (size_t)-1));
    return cede_none;
}

TEST(Z14_bad_input)
{
    expect_in_time(bad_input, "");
}

static void selects_in_callback(void *arg)
{
    cede_select_case cases[] = {cede_case_receive(rx, NULL)};

    (void)arg;
    say("%d", cede_select_or_default(cases, 1));
    CHECK_RAISES(cede_RuntimeError, cede_select(cases, 1));
    put(tx, "a");
    say("%d", cede_select(cases, 1));
}

static cede_value callbacks(void *arg)
{
    (void)arg;
    open_channels(1);
    cede_loop_call_soon(cede_get_running_loop(), selects_in_callback, NULL);
    turns(1);
    return cede_none;
}

TEST(Z14_outside_a_task)
{
    expect_in_time(callbacks, "-1;0;");
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
    cede_select_case cases[] = {cede_case_after(0)};
    int count = 0;

    (void)arg;
    start(runs_once, NULL);
    for (; !others_ran && count < 1000; count++)
        cede_select(cases, 1);
    CHECK_INT(count, 128);
    others_ran = false;
    start(runs_once, NULL);
    cases[0] = cede_case_never();
    for (count = 0; !others_ran && count < 1000; count++)
        cede_select_or_default(cases, 1);
    CHECK_INT(count, 128);
    return cede_none;
}

TEST(Z17_selects_count_against_the_budget, .shuffle = false)
{
    expect_in_time(budget, "");
}

static cede_value left_waiting(void *arg)
{
    (void)arg;
    open_channels(0);
    start(receives_either, "r");
    cede_sleep(0);
    return cede_none;
}

TEST(T14_a_loop_ends_while_a_select_waits)
{
    expect_in_time(left_waiting, "r CancelledError;");
}
