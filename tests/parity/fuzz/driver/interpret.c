/*
 * Runs programs: activations, variables, things. What statements do is in the
 * tables of forms; all of it is done by cede's own statements and functions,
 * so that what is seen is what they do.
 */
#include "interpret.h"
#include "nouns.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

CEDE_EXCEPTION(OutOfSteps, cede_BaseException);

/* ---- things -------------------------------------------------------------- */

struct thing *new_thing(struct run *run, const char *name,
                        const struct function *function, cede_value argument)
{
    struct thing *thing;

    if (run->thing_count == MOST_OBJECTS) {
        cede_value_unref(argument);
        cede_raise(cede_RecursionError, "too many objects");
    }
    thing = calloc(1, sizeof *thing);
    if (!thing)
        abort();
    thing->run = run;
    thing->function = function;
    thing->argument = argument;
    snprintf(thing->name, sizeof thing->name, "%s.%zu", name,
             run->thing_count);
    run->things[run->thing_count++] = thing;
    return thing;
}

struct thing *thing_of(const struct frame *frame, const struct word *word,
                       const cede_class *wanted)
{
    cede_value value = evaluate(frame, word);
    struct thing *thing;

    if (cede_value_kind(value) != CEDE_POINTER) {
        cede_value_unref(value);
        cede_raise(cede_TypeError, "not a thing");
    }
    thing = cede_value_pointer(value);
    if (!thing->object)
        cede_raise(cede_TypeError, "%s was dropped", thing->name);
    if (wanted && !cede_isinstance(thing->object, wanted))
        cede_raise(cede_TypeError, "%s is something else", thing->name);
    return thing;
}

/* In the order in which they were made; what that runs may make more. */
static void drop_things(struct run *run)
{
    for (size_t i = 0; i < run->thing_count; i++) {
        cede_object *object = run->things[i]->object;

        run->things[i]->object = NULL;
        if (!object)
            continue;
        trace_run(run, "drop %s", run->things[i]->name);
        cede_unref(object);
    }
}

static void free_things(struct run *run)
{
    for (size_t i = 0; i < run->thing_count; i++) {
        cede_value_unref(run->things[i]->argument);
        free(run->things[i]);
    }
}

/* ---- variables ----------------------------------------------------------- */

cede_value evaluate(const struct frame *frame, const struct word *word)
{
    switch (word->kind) {
    case WORD_LITERAL:
        /* A string of its own, so that whoever loses a value leaks. */
        if (cede_value_kind(word->literal) == CEDE_STR)
            return cede_str_copy(cede_value_str(word->literal));
        return word->literal;
    case WORD_LOCAL:
        return cede_value_ref(frame->locals[word->number]);
    case WORD_SHARED:
        return cede_value_ref(frame->run->shared[word->number]);
    case WORD_ME:
        return frame->me ? cede_pointer(frame->me) : cede_none;
    default:
        return cede_none;
    }
}

void assign(struct frame *frame, const struct word *word, cede_value value)
{
    cede_value *variable = word->kind == WORD_SHARED
                               ? &frame->run->shared[word->number]
                               : &frame->locals[word->number];
    cede_value old = *variable;

    *variable = value;
    cede_value_unref(old);
}

cede_value argument(cede_value value)
{
    if (cede_value_kind(value) == CEDE_POINTER)
        return cede_str_copy(
            ((struct thing *)cede_value_pointer(value))->name);
    if (cede_value_kind(value) == CEDE_OBJECT)
        cede_value_clear(&value);
    return value;
}

cede_exception *make_exception(const struct frame *frame,
                               const struct word *words)
{
    cede_value value;

    if (words[0].kind == WORD_CLASS && words[1].kind == WORD_ABSENT)
        return cede_exception(words[0].class, NULL);
    value = evaluate(frame, &words[words[0].kind == WORD_CLASS]);
    if (words[0].kind == WORD_CLASS)
        return cede_exception_from_args(words[0].class, argument(value));
    if (cede_value_kind(value) == CEDE_OBJECT &&
        cede_isinstance(cede_value_object(value), cede_BaseException))
        return cede_value_object(value);
    if (cede_value_kind(value) == CEDE_POINTER) /* cede says what it thinks */
        return (cede_exception *)cede_ref(
            thing_of(frame, &words[0], NULL)->object);
    cede_value_unref(value);
    cede_raise(cede_TypeError, "not an exception");
}

/* ---- running ------------------------------------------------------------- */

static void use_step(struct frame *frame)
{
    struct run *run = frame->run;

    if (run->steps == 1)
        trace(frame, "out of steps");
    if (run->steps > 0)
        run->steps--;
    if (!run->steps)
        cede_raise(OutOfSteps);
}

static enum outcome run_statement(struct frame *frame,
                                  const struct statement *statement)
{
    cede_value result = cede_none;
    enum outcome how;

    use_step(frame);
    how = statement->form->run(frame, statement, &result);
    if (!statement->form->gives)
        return how;
    trace(frame, "%s gives %s", statement->form->name,
          show(frame->run, result));
    if (statement->target.kind)
        assign(frame, &statement->target, result);
    else
        cede_value_unref(result);
    return how;
}

enum outcome run_block(struct frame *frame, const struct block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        enum outcome how = run_statement(frame, block->statements[i]);

        if (how != NEXT)
            return how;
    }
    return NEXT;
}

static struct frame *enter(struct run *run, const struct function *function,
                           struct thing *me, int depth, cede_value argument)
{
    struct frame *frame = calloc(1, sizeof *frame);

    if (!frame)
        abort();
    frame->run = run;
    frame->function = function;
    frame->me = me;
    frame->depth = depth;
    snprintf(frame->name, sizeof frame->name, "%s",
             me ? me->name : function->name);
    frame->locals[0] = argument;
    frame->next = run->frames;
    if (frame->next)
        frame->next->previous = frame;
    run->frames = frame;
    return frame;
}

static void leave(struct frame *frame)
{
    if (frame->next)
        frame->next->previous = frame->previous;
    *(frame->previous ? &frame->previous->next : &frame->run->frames) =
        frame->next;
    for (size_t i = 0; i < frame->function->local_count; i++)
        cede_value_unref(frame->locals[i]);
    for (int i = 0; i < frame->overtaken_count; i++)
        cede_value_unref(frame->overtaken[i]);
    cede_value_unref(frame->returned);
    free(frame);
}

cede_value run_function(struct run *run, const struct function *function,
                        struct thing *me, int depth, cede_value argument)
{
    struct frame *frame = enter(run, function, me, depth, argument);
    cede_value returned;

    cede_defer (leave, frame);
    trace(frame, "begins with %s", show(run, argument));
    if (run_block(frame, &function->block) != RETURN) {
        trace(frame, "ends");
        return cede_none;
    }
    returned = frame->returned;
    frame->returned = cede_none;
    return returned;
}

cede_value run_thing(void *argument)
{
    struct thing *thing = argument;
    cede_value first = thing->argument;

    thing->argument = cede_none;
    return run_function(thing->run, thing->function, thing, 0, first);
}

static cede_value run_main(void *argument)
{
    struct run *run = argument;

    return run_function(run, run->program->main, NULL, 0, cede_none);
}

/* What nobody can be told of: an exception out of a generator that was
   released. */
static void say_unraisable(cede_exception *exception, const char *doing,
                           void *argument)
{
    (void)doing;
    trace_run(argument, "ignored %s", show_exception(argument, exception));
}

/* Hands all that the program has left back. */
static void clear(struct run *run)
{
    for (size_t i = 0; i < run->program->shared_count; i++)
        cede_value_clear(&run->shared[i]);
    drop_things(run);
    while (run->frames)
        leave(run->frames);
    free_things(run);
}

static void run_plainly(struct run *run)
{
    cede_exception *exception = cede_catch(run_main, run, NULL);

    if (exception)
        trace_run(run, "uncaught %s", show_exception(run, exception));
    cede_unref(exception);
}

void run_program(const struct program *program)
{
    struct run run = {.program = program, .steps = MOST_STEPS};

    cede_set_unraisablehook(say_unraisable, &run);
    if (program->main->kind == FUNCTION_TASK)
        run_loop_of(&run);
    else
        run_plainly(&run);
    clear(&run);
    cede_set_unraisablehook(NULL, NULL);
}
