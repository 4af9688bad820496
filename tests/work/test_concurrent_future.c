/*
 * Concurrent futures alone: H01-H03, H09.
 */
#include "work/concurrent_future.h"
#include "work/world.h"

#include "cede/list.h"
#include "cede/traceback.h"

#include <sched.h>

static cede_concurrent_future *finished(int number)
{
    cede_concurrent_future *future = cede_concurrent_future_new();

    cede_concurrent_future_set_result(future, number);
    return future;
}

static void call_raised(cede_concurrent_future *future, void *argument)
{
    (void)argument;
    say("called done=%d", cede_concurrent_future_done(future));
}

/* --- H01, H09 --- */

TEST(H01_states)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();

    CHECK(!cede_concurrent_future_done(f));
    CHECK(!cede_concurrent_future_running(f));
    CHECK(!cede_concurrent_future_cancelled(f));
    CHECK(cede_concurrent_future_set_running_or_notify_cancel(f));
    CHECK(cede_concurrent_future_running(f));
    CHECK(!cede_concurrent_future_cancel(f));
    cede_concurrent_future_set_result(f, 7);
    CHECK(cede_concurrent_future_done(f));
    CHECK(!cede_concurrent_future_running(f));
    CHECK(!cede_concurrent_future_cancel(f));
    CHECK_INT(cede_value_int(cede_concurrent_future_result(f)), 7);
    CHECK_PTR(cede_concurrent_future_exception(f), NULL);
}

TEST(H01_cancelled)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();

    CHECK(cede_concurrent_future_cancel(f));
    CHECK(cede_concurrent_future_cancel(f));
    CHECK(cede_concurrent_future_cancelled(f));
    CHECK(cede_concurrent_future_done(f));
    CHECK_RAISES(cede_concurrent_CancelledError,
                 cede_concurrent_future_result(f));
    CHECK_RAISES(cede_concurrent_CancelledError,
                 cede_concurrent_future_exception(f, 0));
    CHECK_RAISES(cede_InvalidStateError,
                 cede_concurrent_future_set_result(f, 1));
}

/* It is no task's cancellation. */
TEST(H01_the_cancelled_error_is_an_exception)
{
    CHECK(cede_issubclass(cede_concurrent_CancelledError, cede_Exception));
    CHECK(!cede_issubclass(cede_concurrent_CancelledError,
                           cede_CancelledError));
    CHECK(cede_issubclass(cede_concurrent_InvalidStateError,
                          cede_InvalidStateError));
    CHECK(!cede_issubclass(cede_InvalidStateError,
                           cede_concurrent_InvalidStateError));
}

TEST(H01_timeout)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();

    CHECK_RAISES(cede_TimeoutError, cede_concurrent_future_result(f, 0));
    CHECK_RAISES(cede_TimeoutError, cede_concurrent_future_result(f, -1));
    CHECK_RAISES(cede_TimeoutError, cede_concurrent_future_exception(f, 1e-6));
    CHECK_RAISES(cede_ValueError,
                 cede_concurrent_future_result(f, (double)NAN));
}

TEST(H01_exception)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_auto (cede_exception *, e, drop) =
        cede_exception(cede_ValueError, "bad");

    cede_concurrent_future_set_exception(f, e);
    CHECK_PTR(cede_concurrent_future_exception(f), e);
    CHECK_RAISES(cede_ValueError, cede_concurrent_future_result(f));
    CHECK_RAISES(cede_ValueError, cede_concurrent_future_result(f, 0));
}

TEST(H09_set_running_or_notify_cancel)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_auto (cede_concurrent_future *, g, drop) =
        cede_concurrent_future_new();

    CHECK(cede_concurrent_future_set_running_or_notify_cancel(f));
    CHECK_RAISES(cede_RuntimeError,
                 cede_concurrent_future_set_running_or_notify_cancel(f));
    cede_concurrent_future_cancel(g);
    CHECK(!cede_concurrent_future_set_running_or_notify_cancel(g));
    CHECK(cede_concurrent_future_cancelled(g));
    CHECK(cede_concurrent_future_cancel(g));
    CHECK_RAISES(cede_RuntimeError,
                 cede_concurrent_future_set_running_or_notify_cancel(g));
}

TEST(H01_repr)
{
    cede_auto (cede_concurrent_future *, f, drop) = finished(1);
    cede_auto (cede_value, text, drop_value) = cede_repr(f);

    CHECK_CONTAINS(cede_value_str(text), "<Future at 0x");
    CHECK_CONTAINS(cede_value_str(text), " state=finished returned int>");
}

/* --- H02 --- */

static void say_text(cede_concurrent_future *future, void *text)
{
    (void)future;
    say("%s", (const char *)text);
}

static void raises(cede_concurrent_future *future, void *argument)
{
    (void)future;
    (void)argument;
    cede_raise(cede_IndexError, "list index out of range");
}

static void hook(cede_exception *exception, const char *doing, void *argument)
{
    (void)argument;
    CHECK_CONTAINS(doing, "calling callback for <Future at 0x");
    CHECK_CONTAINS(doing, "state=finished returned int>");
    say("%s", cede_exception_name(exception));
}

TEST(H02_callbacks_in_order_and_at_once)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();

    cede_set_unraisablehook(hook, NULL);
    cede_concurrent_future_add_done_callback(f, say_text, "1");
    cede_concurrent_future_add_done_callback(f, raises, NULL);
    cede_concurrent_future_add_done_callback(f, say_text, "3");
    cede_concurrent_future_add_done_callback(f, call_raised, NULL);
    cede_concurrent_future_set_result(f, 0);
    say("set");
    cede_concurrent_future_add_done_callback(f, say_text, "late");
    CHECK_STR(said(), "1;IndexError;3;called done=1;set;late;");
}

TEST(H02_callbacks_at_cancel)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();

    cede_concurrent_future_add_done_callback(f, say_text, "cancelled");
    cede_concurrent_future_cancel(f);
    cede_concurrent_future_set_running_or_notify_cancel(f);
    CHECK_STR(said(), "cancelled;");
}

TEST(H02_set_twice)
{
    cede_auto (cede_concurrent_future *, f, drop) = finished(1);
    cede_auto (cede_exception *, e, drop) = cede_exception(cede_ValueError, NULL);

    CHECK_RAISES(cede_concurrent_InvalidStateError,
                 cede_concurrent_future_set_result(f, cede_list_of(1)));
    CHECK_RAISES(cede_InvalidStateError,
                 cede_concurrent_future_set_exception(f, e));
    CHECK_INT(cede_value_int(cede_concurrent_future_result(f)), 1);
}

/* A callback that was added and never called is given up. */
TEST(H02_never_done)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();

    cede_concurrent_future_add_done_callback(f, say_text, "never");
    CHECK_STR(said(), "");
}

TEST(bad_input)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_auto (cede_list *, list, drop) = cede_list_of(1);
    cede_concurrent_future *none[1] = {NULL};
    cede_concurrent_future *wrong[1] = {(void *)list};

    CHECK_RAISES(cede_TypeError,
                 cede_concurrent_future_add_done_callback(f, NULL, NULL));
    CHECK_RAISES(cede_TypeError,
                 cede_concurrent_future_set_exception(f, (void *)list));
    CHECK_RAISES(cede_TypeError, cede_concurrent_future_cancel(wrong[0]));
    CHECK_RAISES(cede_TypeError,
                 cede_futures_wait(none, 1, 0, CEDE_ALL_COMPLETED, NULL));
    CHECK_RAISES(cede_TypeError,
                 cede_futures_wait(wrong, 1, 0, CEDE_ALL_COMPLETED, NULL));
    CHECK_RAISES(cede_ValueError,
                 cede_futures_wait(none, 0, (double)NAN, CEDE_ALL_COMPLETED,
                                   NULL));
    CHECK_RAISES(cede_ValueError, cede_futures_wait(&f, 1, 0, 17, NULL));
    CHECK_RAISES(cede_TypeError,
                 cede_unref(cede_futures_as_completed(none, 1)));
    CHECK(!cede_concurrent_future_done(f));
}

/* --- threads --- */

struct waiter {
    pthread_t thread;
    cede_concurrent_future *future; /* a reference of the thread's */
    int64_t got;
};

static cede_value ask(void *self)
{
    struct waiter *waiter = self;
    cede_auto (cede_value, value, drop_value) =
        cede_concurrent_future_result(waiter->future);

    waiter->got = cede_value_int(value);
    return cede_none;
}

static void *wait_in_thread(void *self)
{
    struct waiter *waiter = self;

    cede_unref(cede_catch(ask, waiter, NULL));
    cede_unref(waiter->future);
    return NULL;
}

static void until_all_sleep(cede_concurrent_future *future, unsigned count)
{
    unsigned sleepers = 0;

    while (sleepers < count) {
        sched_yield();
        pthread_mutex_lock(&future->lock);
        sleepers = future->sleepers;
        pthread_mutex_unlock(&future->lock);
    }
}

/* Whoever waits in result() is woken, however many there are. */
TEST(H01_result_waits, .torture = false)
{
    struct waiter waiters[4] = {{0}};
    cede_concurrent_future *f = cede_concurrent_future_new();

    for (int i = 0; i < 4; i++) {
        waiters[i].future = cede_ref(f);
        pthread_create(&waiters[i].thread, NULL, wait_in_thread, &waiters[i]);
    }
    until_all_sleep(f, 4);
    cede_concurrent_future_set_result(f, 5);
    cede_unref(f);
    for (int i = 0; i < 4; i++) {
        pthread_join(waiters[i].thread, NULL);
        CHECK_INT(waiters[i].got, 5);
    }
}

/* --- H03 --- */

/* Five futures, one of them twice; given up together. */
struct five {
    cede_concurrent_future *at[5];
};

static void drop_five(void *self)
{
    struct five *five = self;

    for (int i = 0; i < 5; i++)
        cede_unref(five->at[i]);
}

static void make_five(struct five *five)
{
    for (int i = 0; i < 4; i++)
        five->at[i] = cede_concurrent_future_new();
    five->at[4] = cede_ref(five->at[0]);
}

static void fail(cede_concurrent_future *future)
{
    cede_auto (cede_exception *, e, drop) = cede_exception(cede_ValueError, NULL);

    cede_concurrent_future_set_exception(future, e);
}

static void say_wait(struct five *five, enum cede_return_when when)
{
    bool done[5];
    cede_futures_counts counts = cede_futures_wait(five->at, 5, 0, when, done);

    say("%zu %zu %d%d%d%d%d", counts.done, counts.not_done, done[0], done[1],
        done[2], done[3], done[4]);
}

TEST(H03_wait_with_no_time)
{
    struct five five = {{NULL}};
    cede_defer (drop_five, &five);

    make_five(&five);
    say_wait(&five, CEDE_ALL_COMPLETED);
    cede_concurrent_future_set_result(five.at[0], 1);
    say_wait(&five, CEDE_ALL_COMPLETED);
    say_wait(&five, CEDE_FIRST_COMPLETED);
    say_wait(&five, CEDE_FIRST_EXCEPTION);
    fail(five.at[2]);
    say_wait(&five, CEDE_FIRST_EXCEPTION);
    CHECK_STR(said(), "0 4 00000;1 3 10001;1 3 10001;1 3 10001;2 2 10101;");
}

/* A cancelled future counts when its executor has come to it. */
TEST(H03_wait_and_cancelled)
{
    struct five five = {{NULL}};
    cede_defer (drop_five, &five);

    make_five(&five);
    cede_concurrent_future_cancel(five.at[1]);
    say_wait(&five, CEDE_FIRST_COMPLETED);
    cede_concurrent_future_set_running_or_notify_cancel(five.at[1]);
    say_wait(&five, CEDE_FIRST_COMPLETED);
    CHECK_STR(said(), "0 4 00000;1 3 01000;");
}

struct order {
    struct five five;
    struct gate gate;
};

/* Finishes one future for each that opens the gate: 2, 1 with an exception,
   0. */
static void *finish_in_order(void *self)
{
    struct order *order = self;

    pass(&order->gate);
    cede_concurrent_future_set_result(order->five.at[2], 2);
    pass(&order->gate);
    fail(order->five.at[1]);
    pass(&order->gate);
    cede_concurrent_future_set_result(order->five.at[3], 3);
    cede_concurrent_future_set_result(order->five.at[0], 0);
    return NULL;
}

static void say_counts(cede_futures_counts counts)
{
    say("%zu %zu", counts.done, counts.not_done);
}

TEST(H03_wait_sleeps_until_it_is_enough, .torture = false)
{
    struct order order;
    pthread_t thread;
    double forever = (double)INFINITY;

    make_gate(&order.gate);
    make_five(&order.five);
    pthread_create(&thread, NULL, finish_in_order, &order);
    open_once(&order.gate);
    say_counts(cede_futures_wait(order.five.at, 5, forever,
                                 CEDE_FIRST_COMPLETED, NULL));
    open_once(&order.gate);
    say_counts(cede_futures_wait(order.five.at, 5, forever,
                                 CEDE_FIRST_EXCEPTION, NULL));
    open_once(&order.gate);
    say_counts(cede_futures_wait(order.five.at, 5, forever, CEDE_ALL_COMPLETED,
                                 NULL));
    pthread_join(thread, NULL);
    CHECK_STR(said(), "1 3;2 2;4 0;");
    drop_five(&order.five);
}

/* --- as_completed --- */

/* as_completed takes a reference of each. */
static void *completed(struct five *five, double timeout)
{
    for (int i = 0; i < 5; i++)
        cede_ref(five->at[i]);
    return cede_futures_as_completed(five->at, 5, timeout);
}

static int place_of(struct five *five, void *future)
{
    int i = 0;

    while (five->at[i] != future)
        i++;
    return i;
}

static void say_completed(struct five *five, double timeout)
{
    cede_try {
        cede_for (f, completed(five, timeout))
            say("%d", place_of(five, cede_value_object(f)));
        say("end");
    } cede_except (cede_TimeoutError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
}

TEST(H03_as_completed)
{
    struct five five = {{NULL}};
    cede_defer (drop_five, &five);

    make_five(&five);
    say_completed(&five, 0);
    cede_concurrent_future_set_result(five.at[3], 1);
    cede_concurrent_future_cancel(five.at[2]);
    say_completed(&five, 0);
    cede_concurrent_future_set_running_or_notify_cancel(five.at[2]);
    cede_concurrent_future_set_result(five.at[0], 1);
    say_completed(&five, 1e-9);
    cede_concurrent_future_set_result(five.at[1], 1);
    say_completed(&five, 0);
    CHECK_STR(said(), "4 (of 4) futures unfinished;"
                      "3;3 (of 4) futures unfinished;"
                      "0;2;3;1 (of 4) futures unfinished;"
                      "0;1;2;3;end;");
}

/* A future that is cancelled meanwhile is told of when its executor comes to
   it. */
TEST(H03_as_completed_and_cancelled)
{
    cede_auto (cede_concurrent_future *, f, drop) =
        cede_concurrent_future_new();
    cede_concurrent_future *futures[1] = {cede_ref(f)};
    cede_auto (void *, it, drop) = cede_futures_as_completed(futures, 1, 0);

    cede_concurrent_future_cancel(f);
    CHECK_RAISES(cede_TimeoutError, cede_value_unref(cede_next(it)));
    cede_concurrent_future_set_running_or_notify_cancel(f);
    cede_value_unref(cede_next(it));
}

/* In the order in which they are done: those that were before it began would
   come in the array's, so that none is until it has begun. */
TEST(H03_as_completed_waits, .torture = false)
{
    struct order order;
    pthread_t thread;
    void *iterator;

    make_gate(&order.gate);
    make_five(&order.five);
    pthread_create(&thread, NULL, finish_in_order, &order);
    iterator = completed(&order.five, (double)INFINITY);
    open_wide(&order.gate);
    cede_for (f, iterator)
        say("%d", place_of(&order.five, cede_value_object(f)));
    pthread_join(thread, NULL);
    CHECK_STR(said(), "2;1;3;0;");
    drop_five(&order.five);
}

/* Of a loop that is left, nothing listens any more. */
TEST(H03_as_completed_left)
{
    struct five five = {{NULL}};
    cede_defer (drop_five, &five);

    make_five(&five);
    cede_concurrent_future_set_result(five.at[0], 1);
    cede_for (f, completed(&five, 0)) {
        say("%d", place_of(&five, cede_value_object(f)));
        break;
    }
    cede_concurrent_future_set_result(five.at[1], 1);
    CHECK_STR(said(), "0;");
}

TEST(H03_none_at_all)
{
    cede_for (f, cede_futures_as_completed(NULL, 0)) {
        (void)f;
        say("one");
    }
    say_counts(cede_futures_wait(NULL, 0, (double)INFINITY,
                                 CEDE_FIRST_COMPLETED, NULL));
    CHECK_STR(said(), "0 0;");
}
