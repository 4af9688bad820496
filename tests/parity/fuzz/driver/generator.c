/*
 * The forms of statements that are about generators.
 */
#include "interpret.h"
#include "trace.h"

static cede_generator *generator_of(const struct frame *frame,
                                    const struct word *word)
{
    struct thing *thing =
        thing_of(frame, word, cede_impl_generator_class);

    /* Held while it is used: what it runs may drop it. */
    return (cede_generator *)cede_ref(thing->object);
}

static enum outcome run_new(struct frame *frame,
                            const struct statement *statement,
                            cede_value *result)
{
    const struct function *function =
        &frame->run->program->functions[statement->words[0].number];
    struct thing *thing;

    if (function->kind != FUNCTION_GENERATOR)
        cede_raise(cede_TypeError, "%s is no def", function->name);
    thing = new_thing(frame->run, function->name, function,
                      evaluate(frame, &statement->words[1]));
    thing->object = (cede_object *)cede_generator(run_thing, thing);
    *result = cede_pointer(thing);
    return NEXT;
}

static enum outcome run_yield(struct frame *frame,
                              const struct statement *statement,
                              cede_value *result)
{
    cede_value value = evaluate(frame, &statement->words[0]);

    trace(frame, "yield %s", show(frame->run, value));
    *result = cede_yield(value);
    return NEXT;
}

static enum outcome run_yieldfrom(struct frame *frame,
                                  const struct statement *statement,
                                  cede_value *result)
{
    struct thing *thing = thing_of(frame, &statement->words[0], NULL);

    trace(frame, "yieldfrom %s", thing->name);
    *result = cede_yield_from(cede_ref(thing->object));
    return NEXT;
}

static enum outcome run_next(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    struct thing *thing = thing_of(frame, &statement->words[0], NULL);
    cede_own (iterator, cede_ref(thing->object));

    trace(frame, "next %s", thing->name);
    if (statement->words[1].kind == WORD_ABSENT)
        *result = cede_next(iterator);
    else
        *result = cede_next_default(
            iterator, evaluate(frame, &statement->words[1]));
    return NEXT;
}

static enum outcome run_send(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    cede_own (generator, generator_of(frame, &statement->words[0]));
    cede_value value = evaluate(frame, &statement->words[1]);

    trace(frame, "send %s", show(frame->run, value));
    *result = cede_generator_send(generator, value);
    return NEXT;
}

static enum outcome run_throw(struct frame *frame,
                              const struct statement *statement,
                              cede_value *result)
{
    const struct word *words = statement->words;
    cede_own (generator, generator_of(frame, &words[0]));

    trace(frame, "throw");
    if (words[1].kind == WORD_CLASS && words[2].kind == WORD_ABSENT) {
        *result = cede_generator_throw(generator, words[1].class);
        return NEXT;
    }
    cede_own (exception, make_exception(frame, &words[1]));
    *result = cede_generator_throw(generator, exception);
    return NEXT;
}

static enum outcome run_close(struct frame *frame,
                              const struct statement *statement,
                              cede_value *result)
{
    cede_own (generator, generator_of(frame, &statement->words[0]));

    trace(frame, "close");
    *result = cede_generator_close(generator);
    return NEXT;
}

static enum outcome run_drop(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    struct thing *thing = thing_of(frame, &statement->words[0], NULL);
    cede_object *object = thing->object;

    (void)result;
    trace(frame, "drop %s", thing->name);
    thing->object = NULL;
    cede_unref(object);
    return NEXT;
}

static enum outcome run_state(struct frame *frame,
                              const struct statement *statement,
                              cede_value *result)
{
    cede_own (generator, generator_of(frame, &statement->words[0]));

    *result = cede_str(
        cede_generator_state_name(cede_getgeneratorstate(generator)));
    return NEXT;
}

/* Whom it delegates to. */
static enum outcome run_link(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    cede_own (generator, generator_of(frame, &statement->words[0]));
    const void *link = cede_generator_yieldfrom(generator);

    for (size_t i = 0; i < frame->run->thing_count; i++)
        if (link && frame->run->things[i]->object == link)
            *result = cede_pointer(frame->run->things[i]);
    return NEXT;
}

static enum outcome run_for(struct frame *frame,
                            const struct statement *statement,
                            cede_value *result)
{
    struct thing *thing = thing_of(frame, &statement->words[1], NULL);
    cede_own (iterable, cede_ref(thing->object));
    enum outcome after = NEXT;

    (void)result;
    trace(frame, "for %s", thing->name);
    cede_keep(after);
    cede_for_else (item, cede_ref(iterable)) {
        enum outcome how;

        trace(frame, "item %s", show(frame->run, item));
        assign(frame, &statement->words[0], cede_value_ref(item));
        how = run_block(frame, &statement->block);
        if (how == CONTINUE)
            continue;
        if (how == BREAK)
            break;
        if (how == RETURN)
            return RETURN;
    } cede_else {
        trace(frame, "exhausted");
        after = run_block(frame, &statement->otherwise);
    } cede_end
    return after;
}

const struct form generator_forms[] = {
    {.name = "new", .words = "fV", .gives = true, .run = run_new},
    {.name = "yield", .words = "V", .gives = true, .run = run_yield,
     .only = 1 << FUNCTION_GENERATOR},
    {.name = "yieldfrom", .words = "v", .gives = true, .run = run_yieldfrom,
     .only = 1 << FUNCTION_GENERATOR},
    {.name = "next", .words = "vV", .gives = true, .run = run_next},
    {.name = "send", .words = "vv", .gives = true, .run = run_send},
    {.name = "throw", .words = "ve", .gives = true, .run = run_throw},
    {.name = "close", .words = "v", .gives = true, .run = run_close},
    {.name = "drop", .words = "v", .run = run_drop},
    {.name = "state", .words = "v", .gives = true, .run = run_state},
    {.name = "link", .words = "v", .gives = true, .run = run_link},
    {.name = "for", .words = "tv", .has_block = true, .clauses = CLAUSE_ELSE,
     .is_loop = true, .run = run_for},
    {.name = NULL},
};
