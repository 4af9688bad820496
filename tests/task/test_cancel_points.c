/*
 * Every wait of this room, cancelled at every moment: before what it waits for
 * comes, after it was woken and before it runs, twice, by a scope, by a
 * timeout. What is not the waiter's stays as it was, what is the waiter's is
 * cancelled and has ended, and what has come is there for whoever comes next.
 * The moments are those of a queue that is first in, first out.
 *
 * Rules T10, T19, T23, W04, W09, W13, W14, W26, K04, Z01, Z04, Z06, Z08.
 */
#include "task/moment.h"
#include "task/world.h"

#include "cede/as_completed.h"
#include "cede/iterator.h"
#include "cede/nursery.h"
#include "cede/shield.h"
#include "cede/task_group.h"
#include "cede/wait.h"

/* What becomes of what was waited for. */
enum fate {
    OWN,    /* cancelled with the waiter, unless it was done */
    OTHERS, /* untouched */
};

struct scene {
    const struct primitive *primitive;
    cede_future *one, *two; /* owned: what is waited for */
    void *iterator;         /* owned; of as_completed */
    struct waiter waiter;
    int children_ended;
};

struct primitive {
    const char *name;
    void (*wait)(struct scene *scene);
    int turns; /* after what it waits for has come, until it is woken; -1: it
                  waits for time alone */
    enum fate fate;
    int children;
    enum outcome woken; /* of one that was woken before its scope ended */
};

/* --- waits --- */

static void wait_sleep(struct scene *scene)
{
    (void)scene;
    cede_sleep(INFINITY);
}

static void wait_await(struct scene *scene)
{
    CHECK_INT(cede_value_int(cede_await(cede_ref(scene->one))), 1);
}

static void wait_gather(struct scene *scene)
{
    cede_value values[2] = {cede_int(7), cede_int(7)};

    cede_try {
        cede_gather(values, cede_ref(scene->one), cede_ref(scene->two));
    } cede_except (cede_CancelledError, e) {
        CHECK_INT(cede_value_int(values[0]), 7);
        cede_reraise();
    } cede_end
    CHECK_INT(cede_value_int(values[0]) * 10 + cede_value_int(values[1]), 12);
}

static void wait_wait(struct scene *scene)
{
    void *const both[] = {scene->one, scene->two};

    CHECK_INT(cede_wait(both, 2, INFINITY, CEDE_ALL_COMPLETED), 2);
}

static void wait_wait_for(struct scene *scene)
{
    CHECK_INT(cede_value_int(cede_wait_for(cede_ref(scene->one), 50)), 1);
}

static void wait_shield(struct scene *scene)
{
    CHECK_INT(cede_value_int(cede_await(cede_shield(cede_ref(scene->one)))), 1);
}

static void wait_as_completed(struct scene *scene)
{
    cede_value item = cede_none;
    cede_defer (cede_value_clear, &item);

    CHECK(cede_next_or_end(scene->iterator, &item));
    CHECK(cede_value_object(item) == (void *)scene->one);
}

static void child_left(void *scene)
{
    ((struct scene *)scene)->children_ended++;
}

static cede_value child_of_one(void *arg)
{
    struct scene *scene = arg;
    cede_defer (child_left, scene);

    cede_value_unref(cede_await(cede_ref(scene->one)));
    return cede_none;
}

static cede_value child_of_two(void *arg)
{
    struct scene *scene = arg;
    cede_defer (child_left, scene);

    cede_value_unref(cede_await(cede_ref(scene->two)));
    return cede_none;
}

static void wait_task(struct scene *scene)
{
    cede_value_unref(cede_await(cede_create_task(child_of_one, scene)));
}

static void wait_task_group(struct scene *scene)
{
    cede_task_group (group) {
        cede_task_group_create_task(group, child_of_one, scene);
        cede_task_group_create_task(group, child_of_two, scene);
    } cede_end
}

static void wait_nursery(struct scene *scene)
{
    cede_nursery (nursery) {
        cede_nursery_start_soon(nursery, child_of_one, scene);
        cede_nursery_start_soon(nursery, child_of_two, scene);
    } cede_end
}

static cede_value starts(void *arg)
{
    struct scene *scene = arg;
    cede_defer (child_left, scene);

    cede_value_unref(cede_await(cede_ref(scene->one)));
    cede_started(1);
    return cede_none;
}

static void wait_start(struct scene *scene)
{
    cede_nursery (nursery) {
        CHECK_INT(cede_value_int(cede_nursery_start(nursery, starts, scene)),
                  1);
    } cede_end
}

static const struct primitive primitives[] = {
    {"sleep", wait_sleep, -1, OTHERS, 0, DONE},
    {"await", wait_await, 0, OWN, 0, DONE},
    {"await of a task", wait_task, 1, OWN, 1, DONE},
    {"gather", wait_gather, 1, OWN, 0, DONE},
    {"wait", wait_wait, 1, OTHERS, 0, DONE},
    {"wait_for", wait_wait_for, 0, OWN, 0, DONE},
    {"shield", wait_shield, 1, OTHERS, 0, DONE},
    {"as_completed", wait_as_completed, 1, OTHERS, 0, DONE},
    {"task group", wait_task_group, 2, OWN, 2, DONE},
    /* The end of its block is a checkpoint of its own (Z01). */
    {"nursery", wait_nursery, 2, OWN, 2, CANCELLED},
    {"nursery start", wait_start, 1, OWN, 1, CANCELLED},
};

enum { PRIMITIVES = sizeof primitives / sizeof *primitives };

/* --- who waits --- */

static cede_value waits_once(void *scene)
{
    ((struct scene *)scene)->primitive->wait(scene);
    return cede_none;
}

static cede_value waits(void *arg)
{
    struct scene *scene = arg;

    wait_in_scopes(&scene->waiter, waits_once, scene);
    return cede_none;
}

/* --- moments --- */

static void come(cede_future *future, int result)
{
    if (!cede_future_done(future))
        cede_future_set_result(future, cede_int(result));
}

/* w: what it waits for comes and it is woken, .: all run */
static void happen(char event, struct scene *scene, cede_task *task)
{
    if (cancelled_by(event, &scene->waiter, task))
        return;
    if (event == 'w') {
        come(scene->one, 1);
        come(scene->two, 2);
        turns(scene->primitive->turns);
    } else {
        turns(8);
    }
}

static void check_future(cede_future *future, bool has_come, enum fate fate)
{
    if (has_come)
        CHECK(cede_future_done(future) && !cede_future_cancelled(future));
    else if (fate == OWN)
        CHECK(cede_future_cancelled(future));
    else
        CHECK(!cede_future_done(future));
}

/* What was not the waiter's is to be had by the next one. A group asks its
   children to stop when it runs: what came in that moment has come. */
static void check_rest(struct scene *scene, const char *events)
{
    const struct primitive *primitive = scene->primitive;
    bool there = primitive->fate == OTHERS ? strchr(events, 'w') != NULL
                                           : *events == 'w';

    if (primitive->turns < 0)
        return;
    if (primitive->children == 2 && events[1] == 'w')
        there = !cede_future_cancelled(scene->one);
    check_future(scene->one, there, primitive->fate);
    if (primitive->wait == wait_gather || primitive->children == 2)
        check_future(scene->two, there, primitive->fate);
    if (scene->waiter.outcome == DONE || primitive->fate == OWN)
        return;
    come(scene->one, 1);
    come(scene->two, 2);
    primitive->wait(scene);
}

static void end_scene(struct scene *scene)
{
    cede_unref(scene->iterator);
    cede_unref(scene->one);
    cede_unref(scene->two);
    scene->iterator = scene->one = scene->two = NULL;
}

static void end_waiter(cede_task **task)
{
    while (*task && !cede_task_done(*task)) {
        cede_task_cancel(*task, NULL);
        turns(8);
    }
    if (*task && !cede_task_cancelled(*task))
        cede_task_exception(*task);
    cede_unref(*task);
}

static void make_scene(struct scene *scene)
{
    scene->one = cede_loop_create_future(NULL);
    scene->two = cede_loop_create_future(NULL);
    if (scene->primitive->wait == wait_as_completed) {
        void *const both[] = {cede_ref(scene->one), cede_ref(scene->two)};

        scene->iterator = cede_as_completed(both, 2, INFINITY);
    }
}

static void play(const struct primitive *primitive, const char *events,
                 enum outcome expected)
{
    struct scene scene = {.primitive = primitive};
    cede_defer (end_scene, &scene);
    cede_auto (cede_task *, task, end_waiter) = NULL;
    const char *event;

    make_scene(&scene);
    task = cede_create_task(waits, &scene);
    turns(2);
    for (event = events; *event; event++)
        happen(*event, &scene, task);
    turns(8);
    CHECK(cede_task_done(task));
    if (!CHECK_INT(scene.waiter.outcome, expected))
        printf("%s: %s\n", primitive->name, events);
    CHECK_INT(scene.children_ended, primitive->children);
    CHECK_INT(cede_loop_task_count(cede_get_running_loop()), 1);
    check_rest(&scene, events);
}

static cede_value play_all(void *arg)
{
    const struct moment *moment = arg;
    size_t i;

    for (i = 0; i < PRIMITIVES; i++)
        if (primitives[i].turns >= 0 || !strchr(moment->events, 'w'))
            play(&primitives[i], moment->events,
                 expected_at(moment, primitives[i].woken));
    return cede_none;
}

static void cancel_at(const char *events)
{
    struct moment moment = {events, false};

    cede_value_unref(cede_run_simulated(play_all, &moment));
}

TEST(T10_W09_W14_cancelled_before_anything_comes, .shuffle = false)
{
    cancel_at("c");
    cancel_at("c.w");
}

TEST(T10_cancelled_in_the_moment_it_comes, .shuffle = false)
{
    cancel_at("cw");
}

TEST(T19_K04_W04_W23_cancelled_after_it_was_woken, .shuffle = false)
{
    cancel_at("wc");
}

TEST(T19_cancelled_twice, .shuffle = false)
{
    cancel_at("cc");
    cancel_at("cc.w");
    cancel_at("cwc");
    cancel_at("wcc");
}

TEST(W17_its_time_is_over, .shuffle = false)
{
    cancel_at("t");
    cancel_at("t.w");
}

TEST(Z01_Z04_its_scope_is_cancelled, .shuffle = false)
{
    cancel_at("s");
    cancel_at("s.w");
    cancel_at("sw");
    cancel_at("wsc");
}

/* What it was woken for is its own. */
TEST(Z08_its_scope_is_cancelled_after_it_was_woken, .shuffle = false)
{
    struct moment moment = {"ws", true};

    cede_value_unref(cede_run_simulated(play_all, &moment));
}
