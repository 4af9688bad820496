/*
 * Channels and selects, exhaustively in the small: three tasks with every
 * script of two operations, and in every one of these runs a cancel of each
 * task in each place where another has just done something, so that it hits
 * those who wait, those who were woken and have not run, and those who have
 * met. Rules Z04, Z09, Z14.
 *
 * Every item that was sent is received once; one whose send was cancelled or
 * refused never is; each is given up once; and when nobody moves any more,
 * nobody waits for what is there.
 */
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#include "sync/room.h"

#include "cede/cancel_scope.h"
#include "cede/select.h"

enum { TASKS = 3, STEPS_OF_SCRIPT = 2, ITEMS = 16 };

/* An item that counts its end. */
struct item {
    cede_object head;
    int number;
};

enum fate { NOT_MADE, TRYING, SENT, REFUSED };

static struct {
    uint8_t fate, received, gone;
} items[ITEMS];
static int item_count;

static void item_gone(void *self)
{
    items[((struct item *)self)->number].gone++;
}

static CEDE_CLASS(Item, struct item, .destroy = item_gone);

static struct item *new_item(void)
{
    struct item *item = cede_object_new(Item);

    item->number = item_count++;
    items[item->number].fate = TRYING;
    return item;
}

static void note_received(cede_value value)
{
    items[((struct item *)cede_value_object(value))->number].received++;
    cede_value_unref(value);
}

/* --- one run --- */

struct player {
    cede_task *task;
    cede_send_channel *tx;
    cede_receive_channel *rx;
    const char *script;
    cede_cancel_scope
        *scope; /* while it plays */
    bool selecting;
};

static struct player players[TASKS];
static int steps; /* how many there were */
static int cancel_at, victim;
static bool by_scope; /* level-triggered: every operation from then on raises */

/* Something has happened. */
static void step(void)
{
    if (steps++ != cancel_at)
        return;
    if (!by_scope)
        cede_task_cancel(players[victim].task, NULL);
    else if (players[victim].scope)
        cede_cancel_scope_cancel(players[victim].scope);
}

static void send_one(struct player *self)
{
    struct item *item = new_item();
    int number = item->number;

    cede_keep(number);
    cede_try {
        cede_send_channel_send(self->tx, cede_object(item));
        items[number].fate = SENT;
    } cede_except (cede_BaseException, e) {
        items[number].fate = REFUSED;
        cede_reraise();
    } cede_end
}

static void drop_item(void *item)
{
    cede_unref(*(struct item **)item);
}

static void stop_selecting(void *self)
{
    ((struct player *)self)->selecting = false;
}

static void select_one(struct player *self)
{
    cede_auto (struct item *, item, drop_item) = new_item();
    cede_defer (stop_selecting, self);
    cede_value got = cede_none;
    cede_select_case cases[] = {
        cede_case_send(self->tx, cede_object(item)),
        cede_case_receive(self->rx, &got),
    };
    int chosen;

    items[item->number].fate = REFUSED;
    self->selecting = true;
    chosen = cede_select(cases, 2);
    if (cases[chosen].ended)
        return;
    if (chosen == 0)
        items[item->number].fate = SENT;
    else
        note_received(got);
}

static void play_step(struct player *self, char what)
{
    switch (what) {
    case 's':
        send_one(self);
        break;
    case 'r':
        note_received(cede_receive_channel_receive(self->rx));
        break;
    case 'x':
        select_one(self);
        break;
    case 'c':
        cede_send_channel_close(self->tx);
        break;
    default:
        cede_receive_channel_close(self->rx);
        break;
    }
}

static void play_script(struct player *self)
{
    for (int i = 0; i < STEPS_OF_SCRIPT; i++) {
        cede_try {
            play_step(self, self->script[i]);
        } cede_except ((cede_EndOfChannel, cede_BrokenResourceError,
                             cede_ClosedResourceError),
                            e) {
            continue;
        } cede_end
        step();
    }
}

static cede_value play(void *arg)
{
    struct player *self = arg;

    cede_cancel_scope (scope) {
        self->scope = scope;
        play_script(self);
    } cede_finally {
        self->scope = NULL;
    } cede_end
    return cede_none;
}

static const char *describe(int64_t capacity)
{
    static char line[128];

    snprintf(line, sizeof line,
             "capacity %d, %.2s %.2s %.2s, %s of task %d "
             "cancelled in step %d",
             (int)capacity, players[0].script, players[1].script,
             players[2].script, by_scope ? "scope" : "all", victim, cancel_at);
    return line;
}

/* Nobody may wait for what is there. */
static bool all_served(const cede_channel_statistics *seen)
{
    int selecting = 0;
    bool both = seen->tasks_waiting_send > 0 && seen->tasks_waiting_receive > 0;

    for (int i = 0; i < TASKS; i++)
        selecting += players[i].selecting;
    if (seen->current_buffer_used > 0 && seen->tasks_waiting_receive > 0)
        return false;
    if ((int64_t)seen->current_buffer_used < seen->max_buffer_size &&
        seen->tasks_waiting_send > 0)
        return false;
    /* Only who waits for both, and is alone. */
    return !both || seen->max_buffer_size > 0 ||
           (seen->tasks_waiting_send == 1 && seen->tasks_waiting_receive == 1 &&
            selecting == 1);
}

/* Without the ends of the scenario, what is left goes with the last end. */
static bool all_accounted_for(bool closing)
{
    for (int i = 0; i < item_count; i++) {
        if (items[i].gone != 1 || items[i].received > 1)
            return false;
        if (items[i].fate != SENT && items[i].received != 0)
            return false;
        if (items[i].fate == SENT && items[i].received == 0 && !closing)
            return false;
    }
    return true;
}

static void begin_player(struct player *self, cede_send_channel *tx,
                         cede_receive_channel *rx)
{
    self->tx = cede_send_channel_clone(tx);
    self->rx = cede_receive_channel_clone(rx);
    self->selecting = false;
    self->task = cede_create_task(play, self);
}

static void end_player(struct player *self)
{
    cede_unref(self->task);
    cede_unref(self->tx);
    cede_unref(self->rx);
    *self = (struct player){.script = self->script};
}

static void drain(cede_receive_channel *rx)
{
    while (cede_receive_channel_statistics(rx).current_buffer_used > 0)
        note_received(cede_receive_channel_receive_nowait(rx));
}

/* False: it went wrong. */
static bool run(int64_t capacity, bool closing)
{
    cede_send_channel *tx;
    cede_receive_channel *rx;
    cede_channel_statistics seen;
    bool served;

    memset(items, 0, sizeof items);
    item_count = steps = 0;
    cede_channel_open(capacity, &tx, &rx);
    for (int i = 0; i < TASKS; i++)
        begin_player(&players[i], tx, rx);
    if (closing) {
        cede_send_channel_close(tx);
        cede_receive_channel_close(rx);
    }
    for (int i = 0; i < 8; i++) {
        cede_sleep(0);
        step();
    }
    seen = cede_send_channel_statistics(tx);
    served = all_served(&seen);
    for (int i = 0; i < TASKS; i++)
        cede_task_cancel(players[i].task, NULL);
    turns(3);
    if (!closing)
        drain(rx);
    for (int i = 0; i < TASKS; i++)
        end_player(&players[i]);
    cede_unref(tx);
    cede_unref(rx);
    return served && all_accounted_for(closing);
}

/* --- all runs --- */

static const char *alphabet;
static bool with_closing;
static int64_t most_capacity;
static int runs;

static const char *script(int number)
{
    static char scripts[25][STEPS_OF_SCRIPT + 1];
    int letters = (int)strlen(alphabet);

    scripts[number][0] = alphabet[number / letters];
    scripts[number][1] = alphabet[number % letters];
    return scripts[number];
}

static bool run_with_cancels(int64_t capacity)
{
    int count;

    cancel_at = -1;
    if (!CHECK(run(capacity, with_closing)))
        return false;
    count = steps;
    for (victim = 0; victim < TASKS; victim++)
        for (cancel_at = 0; cancel_at < count; cancel_at++, runs++)
            if (!CHECK(run(capacity, with_closing)))
                return false;
    return true;
}

static bool run_every_way(int64_t capacity)
{
    by_scope = false;
    if (!run_with_cancels(capacity))
        return false;
    by_scope = true;
    return run_with_cancels(capacity);
}

/* Of how many one is run: where everything takes thirty times as long, the
   exhaustive search is left to the others. */
static int stride(void)
{
    bool slow = harness_emulated();

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    slow = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    slow = true;
#endif
#endif
#ifdef RUNNING_ON_VALGRIND
    slow |= RUNNING_ON_VALGRIND != 0;
#endif
    return slow ? 61 : 1;
}

static cede_value all_runs(void *arg)
{
    int letters = (int)strlen(alphabet), scripts = letters * letters;

    (void)arg;
    for (int number = 0; number < scripts * scripts * scripts;
         number += stride()) {
        players[0].script = script(number % scripts);
        players[1].script = script(number / scripts % scripts);
        players[2].script = script(number / scripts / scripts);
        for (int64_t capacity = 0; capacity <= most_capacity; capacity++)
            if (!run_every_way(capacity)) {
                CHECK_STR(describe(capacity), "");
                return cede_none;
            }
    }
    return cede_none;
}

static void run_all(const char *letters, bool closing, int64_t capacity)
{
    alphabet = letters;
    with_closing = closing;
    most_capacity = capacity;
    runs = 0;
    cede_value_unref(cede_run_simulated(all_runs, NULL));
    CHECK(runs > 100000 / stride());
}

TEST(Z04_Z14_sends_receives_and_selects, .timeout = 120, .torture = false)
{
    run_all("srx", false, 2);
}

TEST(Z04_Z09_sends_receives_and_closes, .timeout = 120, .torture = false)
{
    run_all("srcd", true, 1);
}

TEST(Z09_closes_beside_open_ends, .timeout = 120, .torture = false)
{
    run_all("sxd", false, 1);
}

TEST(Z14_selects_and_closes, .timeout = 120, .torture = false)
{
    run_all("xcd", true, 1);
}
