/*
 * staggered: a race whose runners begin one after the other. asyncio.staggered
 * of CPython 3.13, rule D14.
 *
 * Each runner is a task. It is made when the one before it begins, waits until
 * that one has ended or the delay is over, and then awaits what it was given.
 * A runner that has ended without winning has failed: its end is all that the
 * next one waits for.
 *
 * Invariants: the race is on the heap and lives until the last runner's end has
 * been told (children.h), for runners may outlive the task that waits, when the
 * loop is closed. runners[0] to runners[begun - 1] have had their turn, and
 * exceptions has an item for each of them.
 */
#include "task/children.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "task/row.h"
#include "value/exception.h"
#include "value/object.h"
#include "value/sequence.h"

#include "cede/staggered.h"
#include "cede/wait.h"

struct runner {
    struct race *race;
    void *awaitable; /* owned; NULL: its turn has come */
    cede_task *task; /* owned; NULL: not made yet */
};

struct race {
    cede_object head;
    cede__children children;
    double delay;
    const cede_location *where;
    cede_list *exceptions; /* owned; has room for all */
    cede_value result;     /* owned; the winner's */
    int64_t winner;        /* -1: nobody yet */
    cede_exception *error; /* owned; what is to come out of the race */
    cede_exception *cancelling; /* owned; the CancelledError that comes out */
    struct runner *starting; /* the one whose task is being made */
    size_t count;
    struct runner runners[];
};

/* --- runners --- */

static void cancel_runners(struct race *race, const cede_task *but,
                           const char *message)
{
    size_t i;

    for (i = 0; i < race->count && race->runners[i].task; i++)
        if (race->runners[i].task != but)
            cede_task_cancel(race->runners[i].task, message);
}

static cede_value run(void *runner);

/* Before it begins: an eager one runs, and starts the next, at once. */
static void note_task(void *owner, cede__child *child)
{
    ((struct race *)owner)->starting->task = cede_ref(child->task);
}

static void start(struct race *race, struct runner *runner)
{
    const cede__making made = {.function = run,
                               .argument = runner,
                               .coroutine_name = "staggered_race",
                               .where = race->where,
                               .options = &cede__task_defaults};

    race->starting = runner;
    cede__children_add(&race->children, &made, NULL, note_task);
}

static void wait_for_turn(const struct race *race, cede_task *previous)
{
    void *const row[] = {previous};

    if (!cede_task_done(previous))
        cede_wait(row, 1, race->delay, CEDE_ALL_COMPLETED);
}

/* Its turn has come: the next one begins to wait for its own. */
static void take_turn(struct race *race, struct runner *runner)
{
    if (runner + 1 < race->runners + race->count)
        start(race, runner + 1);
    race->exceptions->items[race->exceptions->size++] = cede_none;
}

static cede_value await_own(void *self)
{
    struct runner *runner = self;
    void *awaitable = runner->awaitable;

    runner->awaitable = NULL;
    return cede_await(awaitable);
}

/* Takes the value. Who was cancelled and returns all the same comes second. */
static void win(struct race *race, const struct runner *runner,
                cede_value value)
{
    if (race->winner >= 0) {
        cede_value_unref(value);
        return;
    }
    race->winner = runner - race->runners;
    race->result = value;
    cancel_runners(race, runner->task, NULL);
}

/* Takes the exception. */
static void fail(struct race *race, const struct runner *runner,
                 cede_exception *exception)
{
    if (cede__ends_loop(exception))
        cede__throw(exception);
    race->exceptions->items[runner - race->runners] = cede_object(exception);
}

static cede_value run(void *self)
{
    struct runner *runner = self;
    struct race *race = runner->race;
    cede_exception *exception;
    cede_value value;

    if (runner > race->runners)
        wait_for_turn(race, (runner - 1)->task);
    take_turn(race, runner);
    exception = cede_catch(await_own, runner, &value);
    if (exception)
        fail(race, runner, exception);
    else
        win(race, runner, value);
    return cede_none;
}

/* What a runner did not take for its own exception ends the race. */
static bool runner_ended(void *owner, cede__child *child)
{
    struct race *race = owner;

    if (child->error && !race->error) {
        race->error = cede_ref(child->error);
        cancel_runners(race, NULL, NULL);
    }
    return false;
}

/* --- the race --- */

static cede_exception *wait_once(struct race *race)
{
    return cede__children_wait(&race->children, "staggered race");
}

/* Takes the reference. */
static void cancelled_while_waiting(struct race *race, cede_exception *error)
{
    const char *message;

    cede_unref(race->cancelling);
    race->cancelling = error;
    message = cede_exception_message(error);
    cancel_runners(race, NULL, *message ? message : NULL);
}

/* Each cancel of the task goes on to the runners; a cancelled scope around it
   says once what it has to say. */
static void wait_for_runners(struct race *race)
{
    cede_exception *error = wait_once(race);

    if (!error)
        return;
    cancelled_while_waiting(race, error);
    cede_shield_begin();
    cede_defer (cede_shield_end, NULL);
    while (race->children.running_count > 0)
        if ((error = wait_once(race)))
            cancelled_while_waiting(race, error);
}

static void conclude(struct race *race)
{
    if (race->error)
        cede__raise_own(&race->error);
    if (race->cancelling)
        cede__raise_own(&race->cancelling);
}

/* --- what it is made of --- */

/* Nobody awaits it any more, and nobody has forgotten to. */
static void decline(void *awaitable)
{
    cede__excuse(awaitable);
    cede_unref(awaitable);
}

static void destroy(void *self)
{
    struct race *race = self;
    size_t i;

    cede__children_finish(&race->children);
    for (i = 0; i < race->count; i++) {
        decline(race->runners[i].awaitable);
        cede_unref(race->runners[i].task);
    }
    cede_value_unref(race->result);
    cede_unref(race->exceptions);
    cede_unref(race->error);
    cede_unref(race->cancelling);
}

static const cede_class race_class[1] = {{.name = "staggered_race",
                                          .size = sizeof(struct race),
                                          .flags = CEDE_CLASS_CONTAINER,
                                          .destroy = destroy}};

static void decline_row(void *self)
{
    cede__row *row = self;

    while (row->count > 0) {
        row->count--;
        decline(*row->items++);
    }
}

static void check(const cede__row *row, double delay)
{
    size_t i;

    if (isnan(delay))
        cede_raise(cede_ValueError, "Invalid delay: NaN (not a number)");
    for (i = 0; i < row->count; i++) {
        cede__check_given(row->items[i]);
        if (!cede_isawaitable(row->items[i]))
            cede_raise(cede_TypeError,
                       "'%s' object can't be awaited: a coroutine, a task, a "
                       "future or another awaitable is required",
                       cede__class_name(row->items[i]));
    }
}

/* Takes the references of the row's. */
static void fill(struct race *race, cede__row *row)
{
    size_t i;

    race->count = row->count;
    for (i = 0; i < race->count; i++)
        race->runners[i] =
            (struct runner){.race = race, .awaitable = row->items[i]};
    row->count = 0;
}

static struct race *make(cede__row *row, double delay)
{
    size_t size = sizeof(struct race) + row->count * sizeof(struct runner);
    struct race *race = cede__calloc(1, size);

    if (!race)
        cede_raise(cede_MemoryError);
    race->head = (cede_object){race_class, 1, 0};
    cede__object_born(&race->head, size);
    cede__children_init(&race->children, race, runner_ended);
    race->delay = delay;
    race->winner = -1;
    fill(race, row);
    return race;
}

/* Room for what becomes of them is made before anything can be lost. */
static void make_exceptions(struct race *race)
{
    race->exceptions = cede_list();
    if (race->count > 0 &&
        !cede__list_reserve(race->exceptions, race->count))
        cede_raise(cede_MemoryError);
}

static struct race *make_checked(void *const *awaitables, size_t count,
                                 double delay)
{
    cede__row row = {awaitables, count};
    cede_defer (decline_row, &row);

    cede_consume_budget();
    check(&row, delay);
    cede__task_to_suspend();
    return make(&row, delay);
}

/* The caller holds it. */
static void run_race(struct race *race)
{
    make_exceptions(race);
    if (race->count == 0)
        return;
    start(race, &race->runners[0]);
    wait_for_runners(race);
    conclude(race);
}

cede_value cede_impl_staggered_race(void *const *awaitables, size_t count,
                                    double delay, int64_t *winner,
                                    cede_list **exceptions,
                                    const cede_location *where)
{
    struct race *race = make_checked(awaitables, count, delay);
    cede_defer (cede_unref, race);
    cede_value result;

    race->where = where;
    run_race(race);
    result = race->result;
    race->result = cede_none;
    if (winner)
        *winner = race->winner;
    if (exceptions)
        *exceptions = cede_ref(race->exceptions);
    return result;
}
