/*
 * The forms of statements that wait for several tasks, and for one with a
 * limit.
 */
#include "nouns.h"

#include <string.h>

#define FORM(name)                                                             \
    static enum outcome name(struct frame *frame,                              \
                             const struct statement *statement,                \
                             cede_value *result)
#define WORD(i) (&statement->words[i])

/* ---- gather -------------------------------------------------------------- */

static void trace_row(const struct frame *frame, const char *what,
                      const struct row *row, size_t first, size_t end)
{
    char names[256] = "";
    size_t used = 0;

    for (size_t i = first; i < end; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, " %s",
                                 row->things[i]->name);
    trace(frame, "%s%s", what, names);
}

/* gather and its like take a reference of each. */
static void ref_row(const struct row *row)
{
    for (size_t i = 0; i < row->count; i++)
        cede_ref(row->objects[i]);
}

struct results {
    cede_value values[MOST_WORDS];
    size_t count;
};

static void release_results(void *results)
{
    struct results *full = results;

    for (size_t i = 0; i < full->count; i++)
        cede_value_clear(&full->values[i]);
}

static cede_value list_of(struct results *results)
{
    cede_list *list = cede_list();

    for (size_t i = 0; i < results->count; i++) {
        cede_value value = results->values[i];

        results->values[i] = cede_none;
        cede_list_append(list, value);
    }
    return cede_object(list);
}

static cede_value gather(struct frame *frame,
                         const struct statement *statement, unsigned flags)
{
    struct row row = {.count = 0};
    struct results results = {.count = 0};

    cede_defer (release_row, &row);
    cede_defer (release_results, &results);
    fill_row(&row, frame, statement, 0);
    trace_row(frame, "gather", &row, 0, row.count);
    ref_row(&row);
    cede_gather_array(results.values, row.objects, row.count, flags);
    results.count = row.count;
    return list_of(&results);
}

FORM(run_gather)
{
    *result = gather(frame, statement, 0);
    return NEXT;
}

FORM(run_gather_all)
{
    *result = gather(frame, statement, CEDE_RETURN_EXCEPTIONS);
    return NEXT;
}

static cede_value gathering(struct frame *frame,
                            const struct statement *statement, unsigned flags)
{
    struct row row = {.count = 0};
    struct thing *thing;

    cede_defer (release_row, &row);
    fill_row(&row, frame, statement, 0);
    thing = new_noun(frame->run, NOUN_OUTCOME, "gathering");
    ref_row(&row);
    return name_object(
        thing, cede_gather_future_array(row.objects, row.count, flags));
}

FORM(run_gathering)
{
    *result = gathering(frame, statement, 0);
    return NEXT;
}

FORM(run_gathering_all)
{
    *result = gathering(frame, statement, CEDE_RETURN_EXCEPTIONS);
    return NEXT;
}

/* ---- wait ---------------------------------------------------------------- */

static enum cede_return_when mode_of(const char *name)
{
    if (strcmp(name, "first_completed") == 0)
        return CEDE_FIRST_COMPLETED;
    if (strcmp(name, "first_exception") == 0)
        return CEDE_FIRST_EXCEPTION;
    if (strcmp(name, "all_completed") == 0)
        return CEDE_ALL_COMPLETED;
    cede_raise(cede_ValueError, "Invalid return_when value: %s", name);
}

/* The things in the order in which wait has sorted their objects. */
static void sort_things(struct row *row, const struct run *run)
{
    for (size_t i = 0; i < row->count; i++)
        row->things[i] = thing_for(run, row->objects[i]);
}

FORM(run_wait)
{
    struct row row = {.count = 0};
    double limit = seconds_or_none(frame, WORD(1));
    size_t done;

    cede_defer (release_row, &row);
    fill_row(&row, frame, statement, 2);
    trace_row(frame, "wait", &row, 0, row.count);
    done = cede_wait_split(row.objects, row.count, limit,
                           mode_of(statement->words[0].text));
    sort_things(&row, frame->run);
    trace_row(frame, "done", &row, 0, done);
    trace_row(frame, "pending", &row, done, row.count);
    *result = cede_int((int64_t)done);
    return NEXT;
}

FORM(run_wait_for)
{
    struct row row = {.count = 0};
    double limit = seconds_or_none(frame, WORD(0));

    cede_defer (release_row, &row);
    fill_row(&row, frame, statement, 1);
    trace(frame, "wait_for %s", row.things[0]->name);
    *result = cede_wait_for(cede_ref(row.objects[0]), limit);
    return NEXT;
}

/* ---- as_completed -------------------------------------------------------- */

static cede_value thing_value(struct run *run, cede_value future)
{
    struct thing *thing = thing_for(run, cede_value_object(future));

    if (!thing) { /* the task of a coroutine */
        thing = new_noun(run, NOUN_TASK, "wrapped");
        thing->object = cede_ref(cede_value_object(future));
    }
    return cede_pointer(thing);
}

FORM(run_each)
{
    struct row row = {.count = 0};
    double limit = seconds_or_none(frame, WORD(1));
    enum outcome how = NEXT;

    (void)result;
    cede_defer (release_row, &row);
    fill_row(&row, frame, statement, 2);
    trace_row(frame, "each", &row, 0, row.count);
    ref_row(&row);
    cede_keep(how);
    cede_for (item, cede_as_completed(row.objects, row.count, limit)) {
        cede_value value = thing_value(frame->run, item);

        trace(frame, "item %s", show(frame->run, value));
        assign(frame, WORD(0), value);
        how = run_block(frame, &statement->block);
        if (how == BREAK)
            break;
        if (how == RETURN)
            return RETURN;
    }
    return NEXT;
}

const struct form many_forms[] = {
    {.name = "gather", .words = "*", .gives = true, .run = run_gather,
     .only = 1 << FUNCTION_TASK},
    {.name = "gather_all", .words = "*", .gives = true,
     .run = run_gather_all,
     .only = 1 << FUNCTION_TASK},
    {.name = "gathering", .words = "*", .gives = true, .run = run_gathering},
    {.name = "gathering_all", .words = "*", .gives = true,
     .run = run_gathering_all},
    {.name = "wait", .words = "mv*", .gives = true, .run = run_wait,
     .only = 1 << FUNCTION_TASK},
    {.name = "wait_for", .words = "vv", .gives = true, .run = run_wait_for,
     .only = 1 << FUNCTION_TASK},
    {.name = "each", .words = "tv*", .has_block = true, .run = run_each,
     .only = 1 << FUNCTION_TASK, .is_loop = true},
    {.name = NULL},
};
