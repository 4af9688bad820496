/*
 * The forms of statements with a block that something watches over: timeouts,
 * task groups, what is held.
 */
#include "nouns.h"

#define FORM(name)                                                             \
    static enum outcome name(struct frame *frame,                              \
                             const struct statement *statement,                \
                             cede_value *result)
#define WORD(i) (&statement->words[i])

/* The block, inside of what the thing is. Control leaves it in each way that C
   has. */
static enum outcome run_inside(struct frame *frame,
                               const struct statement *statement,
                               const struct thing *thing)
{
    enum outcome how = NEXT;

    cede_keep(how);
    do {
        cede_with (entered, cede_ref(thing->object)) {
            (void)entered;
            trace(frame, "in %s", thing->name);
            how = run_block(frame, &statement->block);
            if (how == BREAK)
                break;
            if (how == RETURN)
                return RETURN;
        } cede_end
    } while (0);
    trace(frame, "left %s", thing->name);
    return how;
}

/* Assigned before the block is entered, so that who cannot enter it can name
   it all the same. */
static struct thing *begin(struct frame *frame,
                           const struct statement *statement, enum noun noun,
                           const char *name)
{
    struct thing *thing = new_noun(frame->run, noun, name);

    assign(frame, WORD(0), cede_pointer(thing));
    trace(frame, "enter %s", thing->name);
    return thing;
}

FORM(run_timeout)
{
    double limit = seconds_or_none(frame, WORD(1));
    struct thing *thing = begin(frame, statement, NOUN_TIMEOUT, "timeout");

    (void)result;
    thing->object = (void *)cede_timeout_new(limit);
    return run_inside(frame, statement, thing);
}

FORM(run_group)
{
    struct thing *thing = begin(frame, statement, NOUN_GROUP, "group");

    (void)result;
    thing->object = (void *)cede_task_group_new();
    return run_inside(frame, statement, thing);
}

static bool is_manager(const struct thing *thing)
{
    return thing->noun == NOUN_LOCK || thing->noun == NOUN_CONDITION ||
           thing->noun == NOUN_SEMAPHORE || thing->noun == NOUN_GROUP ||
           thing->noun == NOUN_TIMEOUT;
}

/* A lock, a condition, a semaphore; a group or a timeout once more. */
FORM(run_holding)
{
    struct thing *thing = thing_of(frame, WORD(0), NULL);

    (void)result;
    if (!is_manager(thing))
        cede_raise(cede_TypeError, "%s is something else", thing->name);
    trace(frame, "enter %s", thing->name);
    return run_inside(frame, statement, thing);
}

FORM(run_timeout_object)
{
    double limit = seconds_or_none(frame, WORD(0));
    struct thing *thing = new_noun(frame->run, NOUN_TIMEOUT, "timeout");

    *result = name_object(thing, cede_timeout_new(limit));
    return NEXT;
}

FORM(run_group_object)
{
    struct thing *thing = new_noun(frame->run, NOUN_GROUP, "group");

    (void)statement;
    *result = name_object(thing, cede_task_group_new());
    return NEXT;
}

FORM(run_reschedule)
{
    double limit = seconds_or_none(frame, WORD(1));
    cede_timeout *timeout = object_of(frame, WORD(0), NOUN_TIMEOUT);

    (void)result;
    cede_defer (cede_unref, timeout);
    cede_timeout_reschedule(
        timeout, cede_loop_time(cede_get_running_loop()) + limit);
    trace(frame, "rescheduled");
    return NEXT;
}

FORM(run_expired)
{
    cede_timeout *timeout = object_of(frame, WORD(0), NOUN_TIMEOUT);

    *result = cede_bool(cede_timeout_expired(timeout));
    cede_unref(timeout);
    return NEXT;
}

const struct form block_forms[] = {
    {.name = "timeout", .words = "tv", .has_block = true, .run = run_timeout,
     .only = 1 << FUNCTION_TASK},
    {.name = "group", .words = "t", .has_block = true, .run = run_group,
     .only = 1 << FUNCTION_TASK},
    {.name = "holding", .words = "v", .has_block = true, .run = run_holding,
     .only = 1 << FUNCTION_TASK},
    {.name = "timeout_object", .words = "v", .gives = true,
     .run = run_timeout_object},
    {.name = "group_object", .words = "", .gives = true,
     .run = run_group_object},
    {.name = "reschedule", .words = "vv", .run = run_reschedule},
    {.name = "expired", .words = "v", .gives = true, .run = run_expired},
    {.name = NULL},
};
