/*
 * Things that are no generators: which noun each is, and whose object.
 */
#include "nouns.h"

void *object_of(const struct frame *frame, const struct word *word,
                enum noun noun)
{
    struct thing *thing = thing_of(frame, word, NULL);
    bool fits = thing->noun == noun ||
                (noun == NOUN_FUTURE && (thing->noun == NOUN_TASK ||
                                         thing->noun == NOUN_OUTCOME ||
                                         thing->noun == NOUN_PLAIN_FUTURE)) ||
                (noun == NOUN_PLAIN_FUTURE && thing->noun == NOUN_TASK);

    if (!fits)
        cede_raise(cede_TypeError, "%s is something else", thing->name);
    return cede_ref(thing->object);
}

struct thing *thing_for(const struct run *run, const void *object)
{
    for (size_t i = 0; i < run->thing_count; i++)
        if (object && run->things[i]->object == object)
            return run->things[i];
    return NULL;
}

struct thing *new_noun(struct run *run, enum noun noun, const char *name)
{
    struct thing *thing = new_thing(run, name, NULL, cede_none);

    thing->noun = noun;
    return thing;
}

cede_value name_object(struct thing *thing, void *object)
{
    struct thing *first = thing_for(thing->run, object);

    if (first) {
        cede_unref(object);
        return cede_pointer(first);
    }
    thing->object = object;
    return cede_pointer(thing);
}

void fill_row(struct row *row, const struct frame *frame,
              const struct statement *statement, size_t first)
{
    for (size_t i = first; i < statement->word_count; i++) {
        struct thing *thing = thing_of(frame, &statement->words[i], NULL);

        row->things[row->count] = thing;
        row->objects[row->count++] = cede_ref(thing->object);
    }
}

void release_row(void *row)
{
    struct row *full = row;

    while (full->count > 0)
        cede_unref(full->objects[--full->count]);
}

double seconds(const struct frame *frame, const struct word *word)
{
    cede_value value = evaluate(frame, word);

    if (cede_value_kind(value) == CEDE_INT)
        return (double)cede_value_int(value);
    cede_value_unref(value);
    cede_raise(cede_TypeError, "not a number of seconds");
}

double seconds_or_none(const struct frame *frame, const struct word *word)
{
    cede_value value = evaluate(frame, word);

    if (cede_value_kind(value) == CEDE_NONE)
        return INFINITY;
    cede_value_unref(value);
    return seconds(frame, word);
}

const struct function *function_of(const struct frame *frame,
                                   const struct word *word,
                                   enum function_kind kind)
{
    const struct function *function =
        &frame->run->program->functions[word->number];

    if (function->kind != kind)
        cede_raise(cede_TypeError, "%s is of another kind", function->name);
    return function;
}
