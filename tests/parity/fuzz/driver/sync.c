/*
 * The forms of statements that are about locks, events, conditions, semaphores
 * and queues.
 */
#include "nouns.h"

#include <string.h>

#define FORM(name)                                                             \
    static enum outcome name(struct frame *frame,                              \
                             const struct statement *statement,                \
                             cede_value *result)
#define RUN frame->run
#define WORD(i) (&statement->words[i])

/* ---- making -------------------------------------------------------------- */

FORM(run_lock)
{
    struct thing *thing = new_noun(RUN, NOUN_LOCK, "lock");

    (void)statement;
    *result = name_object(thing, cede_lock_new());
    return NEXT;
}

FORM(run_event)
{
    struct thing *thing = new_noun(RUN, NOUN_EVENT, "event");

    (void)statement;
    *result = name_object(thing, cede_event_new());
    return NEXT;
}

FORM(run_condition)
{
    cede_lock *lock = NULL;
    struct thing *thing;

    if (statement->words[0].kind != WORD_ABSENT)
        lock = object_of(frame, WORD(0), NOUN_LOCK);
    cede_defer (cede_unref, lock);
    thing = new_noun(RUN, NOUN_CONDITION, "condition");
    *result = name_object(thing, lock ? cede_condition_new_with(lock)
                                      : cede_condition_new());
    return NEXT;
}

FORM(run_semaphore)
{
    struct thing *thing = new_noun(RUN, NOUN_SEMAPHORE, "semaphore");

    *result = name_object(thing,
                          cede_semaphore_new(statement->words[0].number));
    return NEXT;
}

FORM(run_bounded)
{
    struct thing *thing = new_noun(RUN, NOUN_SEMAPHORE, "bounded");

    *result = name_object(
        thing, cede_bounded_semaphore_new(statement->words[0].number));
    return NEXT;
}

FORM(run_queue)
{
    struct thing *thing = new_noun(RUN, NOUN_QUEUE, "queue");

    *result = name_object(thing, cede_queue_new(statement->words[0].number));
    return NEXT;
}

FORM(run_lifo)
{
    struct thing *thing = new_noun(RUN, NOUN_QUEUE, "lifo");

    *result =
        name_object(thing, cede_lifo_queue_new(statement->words[0].number));
    return NEXT;
}

FORM(run_priority)
{
    struct thing *thing = new_noun(RUN, NOUN_QUEUE, "priority");

    *result = name_object(
        thing, cede_priority_queue_new(statement->words[0].number));
    return NEXT;
}

/* ---- locks, semaphores, conditions --------------------------------------- */

/* What has acquire, release and locked. */
static struct thing *lockable(const struct frame *frame,
                              const struct word *word)
{
    struct thing *thing = thing_of(frame, word, NULL);

    if (thing->noun != NOUN_LOCK && thing->noun != NOUN_SEMAPHORE &&
        thing->noun != NOUN_CONDITION)
        cede_raise(cede_TypeError, "%s is something else", thing->name);
    return thing;
}

FORM(run_acquire)
{
    struct thing *thing = lockable(frame, WORD(0));
    void *object = cede_ref(thing->object);

    cede_defer (cede_unref, object);
    trace(frame, "acquire %s", thing->name);
    *result = cede_bool(thing->noun == NOUN_LOCK ? cede_lock_acquire(object)
                        : thing->noun == NOUN_SEMAPHORE
                            ? cede_semaphore_acquire(object)
                            : cede_condition_acquire(object));
    return NEXT;
}

FORM(run_release)
{
    struct thing *thing = lockable(frame, WORD(0));
    void *object = cede_ref(thing->object);

    (void)result;
    cede_defer (cede_unref, object);
    if (thing->noun == NOUN_LOCK)
        cede_lock_release(object);
    else if (thing->noun == NOUN_SEMAPHORE)
        cede_semaphore_release(object);
    else
        cede_condition_release(object);
    trace(frame, "released");
    return NEXT;
}

FORM(run_locked)
{
    struct thing *thing = lockable(frame, WORD(0));
    void *object = thing->object;

    *result = cede_bool(thing->noun == NOUN_LOCK ? cede_lock_locked(object)
                        : thing->noun == NOUN_SEMAPHORE
                            ? cede_semaphore_locked(object)
                            : cede_condition_locked(object));
    return NEXT;
}

FORM(run_wait_notified)
{
    cede_condition *condition = object_of(frame, WORD(0), NOUN_CONDITION);

    cede_defer (cede_unref, condition);
    trace(frame, "wait_notified");
    *result = cede_bool(cede_condition_wait(condition));
    return NEXT;
}

FORM(run_notify)
{
    cede_condition *condition = object_of(frame, WORD(0), NOUN_CONDITION);

    (void)result;
    cede_defer (cede_unref, condition);
    cede_condition_notify(condition, (size_t)statement->words[1].number);
    trace(frame, "notified");
    return NEXT;
}

FORM(run_notify_all)
{
    cede_condition *condition = object_of(frame, WORD(0), NOUN_CONDITION);

    (void)result;
    cede_defer (cede_unref, condition);
    cede_condition_notify_all(condition);
    trace(frame, "notified");
    return NEXT;
}

/* ---- events -------------------------------------------------------------- */

FORM(run_wait_set)
{
    cede_event *event = object_of(frame, WORD(0), NOUN_EVENT);

    cede_defer (cede_unref, event);
    trace(frame, "wait_set");
    *result = cede_bool(cede_event_wait(event));
    return NEXT;
}

FORM(run_set)
{
    cede_event *event = object_of(frame, WORD(0), NOUN_EVENT);

    (void)result;
    cede_event_set(event);
    cede_unref(event);
    return NEXT;
}

FORM(run_clear)
{
    cede_event *event = object_of(frame, WORD(0), NOUN_EVENT);

    (void)result;
    cede_event_clear(event);
    cede_unref(event);
    return NEXT;
}

FORM(run_is_set)
{
    cede_event *event = object_of(frame, WORD(0), NOUN_EVENT);

    *result = cede_bool(cede_event_is_set(event));
    cede_unref(event);
    return NEXT;
}

/* ---- queues -------------------------------------------------------------- */

FORM(run_put)
{
    cede_queue *queue = object_of(frame, WORD(0), NOUN_QUEUE);

    (void)result;
    cede_defer (cede_unref, queue);
    trace(frame, "put");
    cede_queue_put(queue, evaluate(frame, WORD(1)));
    trace(frame, "put it");
    return NEXT;
}

FORM(run_put_nowait)
{
    cede_queue *queue = object_of(frame, WORD(0), NOUN_QUEUE);

    (void)result;
    cede_defer (cede_unref, queue);
    cede_queue_put_nowait(queue, evaluate(frame, WORD(1)));
    trace(frame, "put it");
    return NEXT;
}

FORM(run_get)
{
    cede_queue *queue = object_of(frame, WORD(0), NOUN_QUEUE);

    cede_defer (cede_unref, queue);
    trace(frame, "get");
    *result = cede_queue_get(queue);
    return NEXT;
}

FORM(run_get_nowait)
{
    cede_queue *queue = object_of(frame, WORD(0), NOUN_QUEUE);

    cede_defer (cede_unref, queue);
    *result = cede_queue_get_nowait(queue);
    return NEXT;
}

FORM(run_task_done)
{
    cede_queue *queue = object_of(frame, WORD(0), NOUN_QUEUE);

    (void)result;
    cede_defer (cede_unref, queue);
    cede_queue_task_done(queue);
    return NEXT;
}

FORM(run_join)
{
    cede_queue *queue = object_of(frame, WORD(0), NOUN_QUEUE);

    (void)result;
    cede_defer (cede_unref, queue);
    trace(frame, "join");
    cede_queue_join(queue);
    trace(frame, "joined");
    return NEXT;
}

FORM(run_shutdown)
{
    cede_queue *queue = object_of(frame, WORD(0), NOUN_QUEUE);

    (void)result;
    cede_defer (cede_unref, queue);
    cede_queue_shutdown(queue, statement->words[1].number != 0);
    return NEXT;
}

FORM(run_size)
{
    cede_queue *queue = object_of(frame, WORD(0), NOUN_QUEUE);

    *result = cede_int((int64_t)cede_queue_qsize(queue));
    cede_unref(queue);
    return NEXT;
}

const struct form sync_forms[] = {
    {.name = "lock", .words = "", .gives = true, .run = run_lock},
    {.name = "event", .words = "", .gives = true, .run = run_event},
    {.name = "condition", .words = "V", .gives = true, .run = run_condition},
    {.name = "semaphore", .words = "n", .gives = true, .run = run_semaphore},
    {.name = "bounded", .words = "n", .gives = true, .run = run_bounded},
    {.name = "queue", .words = "n", .gives = true, .run = run_queue},
    {.name = "lifo", .words = "n", .gives = true, .run = run_lifo},
    {.name = "priority", .words = "n", .gives = true, .run = run_priority},
    {.name = "acquire", .words = "v", .gives = true, .run = run_acquire,
     .only = 1 << FUNCTION_TASK},
    {.name = "release", .words = "v", .run = run_release},
    {.name = "locked", .words = "v", .gives = true, .run = run_locked},
    {.name = "wait_notified", .words = "v", .gives = true,
     .run = run_wait_notified,
     .only = 1 << FUNCTION_TASK},
    {.name = "notify", .words = "vn", .run = run_notify},
    {.name = "notify_all", .words = "v", .run = run_notify_all},
    {.name = "wait_set", .words = "v", .gives = true, .run = run_wait_set,
     .only = 1 << FUNCTION_TASK},
    {.name = "set", .words = "v", .run = run_set},
    {.name = "clear", .words = "v", .run = run_clear},
    {.name = "is_set", .words = "v", .gives = true, .run = run_is_set},
    {.name = "put", .words = "vv", .run = run_put,
     .only = 1 << FUNCTION_TASK},
    {.name = "put_nowait", .words = "vv", .run = run_put_nowait},
    {.name = "get", .words = "v", .gives = true, .run = run_get,
     .only = 1 << FUNCTION_TASK},
    {.name = "get_nowait", .words = "v", .gives = true,
     .run = run_get_nowait},
    {.name = "task_done", .words = "v", .run = run_task_done},
    {.name = "join", .words = "v", .run = run_join,
     .only = 1 << FUNCTION_TASK},
    {.name = "shutdown", .words = "vn", .run = run_shutdown},
    {.name = "size", .words = "v", .gives = true, .run = run_size},
    {.name = NULL},
};
