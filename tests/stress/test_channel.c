/*
 * A hundred thousand tasks over one channel, some of which are cancelled:
 * what was sent is received, once. Rules Z04, Z09, Z14.
 */
#include "task/world.h"

#include "cede/channel.h"
#include "cede/select.h"

enum { MANY = CEDE_IMPL_TSAN ? 5000 : 100000 }; /* TSan has 8128 stacks */

static cede_send_channel *tx;
static cede_receive_channel *rx;
static cede_task *tasks[MANY];
static int64_t sent, received, cancelled;

static cede_value sends(void *arg)
{
    intptr_t number = (intptr_t)arg;

    cede_send_channel_send(tx, number);
    sent += number;
    return cede_none;
}

static cede_value receives(void *arg)
{
    (void)arg;
    received += cede_value_int(cede_receive_channel_receive(rx));
    return cede_none;
}

/* The same by a select that has something else to wait for. */
static cede_value selects(void *arg)
{
    cede_value item = cede_none;
    cede_select_case cases[] = {
        cede_case_after(1000),
        cede_case_receive(rx, &item),
    };

    (void)arg;
    if (CHECK_INT(cede_select(cases, 2), 1))
        received += cede_value_int(item);
    return cede_none;
}

static void finish(void *unused)
{
    (void)unused;
    cede_unref(tx);
    cede_unref(rx);
}

/* Whoever is cancelled has done nothing, and nothing is missing. */
static void collect(void)
{
    for (int i = 0; i < MANY; i++) {
        cede_try {
            cede_value_unref(cede_await(tasks[i]));
        } cede_except (cede_CancelledError, e) {
            cancelled++;
        } cede_end
    }
    while (cede_receive_channel_statistics(rx).current_buffer_used > 0)
        received += cede_value_int(cede_receive_channel_receive_nowait(rx));
}

static void run(int64_t capacity, cede_function receiver)
{
    sent = received = cancelled = 0;
    cede_channel_open(capacity, &tx, &rx);
    cede_defer (finish, &tx);

    for (int i = 0; i < MANY; i++)
        tasks[i] = cede_create_task(i < MANY / 2 ? receiver : sends,
                                    (void *)(intptr_t)i);
    cede_sleep(0);
    /* Of receivers, who have been woken by now. */
    for (int i = 0; i < 100; i++)
        cede_task_cancel(tasks[i * 7], NULL);
    cede_sleep(1);
    for (int i = 0; i < MANY; i++) /* who found no partner */
        cede_task_cancel(tasks[i], NULL);
    collect();
    CHECK_INT(received, sent);
    CHECK(cancelled <= 200);
}

static cede_value one_meeting_each(void *arg)
{
    (void)arg;
    run(0, receives);
    return cede_none;
}

static cede_value through_a_buffer(void *arg)
{
    (void)arg;
    run(16, receives);
    return cede_none;
}

static cede_value by_select(void *arg)
{
    (void)arg;
    run(16, selects);
    return cede_none;
}

TEST(Z09_a_hundred_thousand_meet, .timeout = 60, .torture = false)
{
    cede_value_unref(cede_run_simulated(one_meeting_each, NULL));
}

TEST(Z09_a_hundred_thousand_through_a_buffer, .timeout = 60, .torture = false)
{
    cede_value_unref(cede_run_simulated(through_a_buffer, NULL));
}

TEST(Z14_a_hundred_thousand_by_select, .timeout = 60, .torture = false)
{
    cede_value_unref(cede_run_simulated(by_select, NULL));
}
