/*
 * The forms of statements that are about control and exceptions.
 */
#include "interpret.h"
#include "leave.h"
#include "trace.h"

#include <stdlib.h>

/* What an except clause that is not there catches. */
static CEDE_EXCEPTION(Never, cede_BaseException);

/* ---- try ----------------------------------------------------------------- */

static const cede_class *class(const struct statement *statement,
                               size_t clause, size_t number)
{
    if (clause < statement->clause_count &&
        number < statement->clauses[clause].class_count)
        return statement->clauses[clause].classes[number];
    return Never;
}

static enum outcome handle(struct frame *frame, const struct clause *clause,
                           cede_exception *exception)
{
    trace(frame, "except %s", show_exception(frame->run, exception));
    if (clause->name.kind)
        assign(frame, &clause->name, cede_object(cede_ref(exception)));
    return run_block(frame, &clause->block);
}

static enum outcome otherwise(struct frame *frame,
                              const struct statement *statement)
{
    trace(frame, "else");
    return run_block(frame, &statement->otherwise);
}

static void drop_overtaken(struct frame *frame)
{
    cede_value_unref(frame->overtaken[--frame->overtaken_count]);
}

/* What is being returned is still returned behind the clause, unless that
   returns something else. */
static enum outcome at_last(struct frame *frame,
                            const struct statement *statement)
{
    cede_value *returned = &frame->overtaken[frame->overtaken_count++];
    enum outcome how;

    *returned = frame->returned;
    frame->returned = cede_none;
    cede_defer (drop_overtaken, frame);
    trace(frame, "finally %s",
          show_exception(frame->run, cede_sys_exception()));
    how = run_block(frame, &statement->at_last);
    if (how != RETURN) {
        cede_value inner = frame->returned;

        frame->returned = *returned;
        *returned = inner;
    }
    return how;
}

/* A statement of each shape that a program can write. */
#define CAUGHT(i) LEAVE(handle(frame, &statement->clauses[i], e))

#define NO_EXCEPT
#define ONE_EXCEPT cede_except (class(statement, 0, 0), e) CAUGHT(0)
#define EXCEPTS                                                                \
    cede_except ((class(statement, 0, 0), class(statement, 0, 1)), e) CAUGHT(0)\
    cede_except ((class(statement, 1, 0), class(statement, 1, 1)), e) CAUGHT(1)\
    cede_except ((class(statement, 2, 0), class(statement, 2, 1)), e) CAUGHT(2)
#define NO_ELSE
#define ELSE cede_else LEAVE(otherwise(frame, statement))
#define NO_FINALLY
#define FINALLY cede_finally LEAVE(at_last(frame, statement))

#define SHAPE(name, except_part, else_part, finally_part)                      \
    static enum outcome name(struct frame *frame,                              \
                             const struct statement *statement)                \
    {                                                                          \
        enum outcome how = NEXT;                                               \
                                                                               \
        cede_keep(how);                                                        \
        do {                                                                   \
            cede_try LEAVE(run_block(frame, &statement->block))                \
            except_part else_part finally_part                                 \
            cede_end                                                           \
        } while (0);                                                           \
        return how;                                                            \
    }

SHAPE(try_finally, NO_EXCEPT, NO_ELSE, FINALLY)
SHAPE(try_one, ONE_EXCEPT, NO_ELSE, NO_FINALLY)
SHAPE(try_one_finally, ONE_EXCEPT, NO_ELSE, FINALLY)
SHAPE(try_one_else, ONE_EXCEPT, ELSE, NO_FINALLY)
SHAPE(try_one_else_finally, ONE_EXCEPT, ELSE, FINALLY)
SHAPE(try_some, EXCEPTS, NO_ELSE, NO_FINALLY)
SHAPE(try_some_finally, EXCEPTS, NO_ELSE, FINALLY)
SHAPE(try_some_else, EXCEPTS, ELSE, NO_FINALLY)
SHAPE(try_some_else_finally, EXCEPTS, ELSE, FINALLY)

static enum outcome run_try(struct frame *frame,
                            const struct statement *statement,
                            cede_value *result)
{
    static enum outcome (*const shapes[2][2][2])(struct frame *,
                                                 const struct statement *) = {
        {{try_one, try_one_finally}, {try_one_else, try_one_else_finally}},
        {{try_some, try_some_finally}, {try_some_else, try_some_else_finally}},
    };
    bool is_one = statement->clause_count == 1 &&
                  statement->clauses[0].class_count == 1;

    (void)result;
    if (!statement->clause_count)
        return try_finally(frame, statement);
    return shapes[!is_one][statement->has_else][statement->has_finally](
        frame, statement);
}

/* ---- raise --------------------------------------------------------------- */

/* NULL for None. What is no exception is let through if `any` is true. */
static cede_exception *make_cause(const struct frame *frame,
                                  const struct word *word, bool any)
{
    struct word words[2] = {*word};
    cede_value value = evaluate(frame, word);
    cede_exception *cause;

    if (cede_is_none(value))
        return NULL;
    cede_value_unref(value);
    cause = make_exception(frame, words);
    if (any || cede_isinstance(cause, cede_BaseException))
        return cause;
    cede_unref(cause);
    cede_raise(cede_TypeError, "not an exception");
}

/* words: a class or a value, perhaps a value; perhaps a cause. */
static enum outcome run_raise(struct frame *frame,
                              const struct statement *statement,
                              cede_value *result)
{
    const struct word *words = statement->words;
    /* A text is what cede_raise_from is for; exceptions with other args, and
       those that are there already, get their cause by hand. */
    bool by_text = words[0].kind == WORD_CLASS &&
                   words[1].kind == WORD_LITERAL &&
                   cede_value_kind(words[1].literal) == CEDE_STR;

    (void)result;
    if (words[0].kind == WORD_CLASS && words[1].kind == WORD_ABSENT &&
        words[2].kind == WORD_ABSENT)
        cede_raise(words[0].class);
    cede_own (exception, make_exception(frame, words));
    if (words[2].kind == WORD_ABSENT)
        cede_raise(exception);
    cede_own (cause, make_cause(frame, &words[2], by_text));
    if (by_text)
        cede_raise_from(words[0].class, cause, "%s",
                        cede_value_str(words[1].literal));
    if (cede_isinstance(exception, cede_BaseException))
        cede_exception_set_cause(exception, cause);
    cede_raise(exception);
}

static enum outcome run_reraise(struct frame *frame,
                                const struct statement *statement,
                                cede_value *result)
{
    (void)frame;
    (void)statement;
    (void)result;
    cede_reraise();
}

static enum outcome run_handled(struct frame *frame,
                                const struct statement *statement,
                                cede_value *result)
{
    cede_exception *handled = cede_sys_exception();

    (void)frame;
    (void)statement;
    if (handled)
        *result = cede_object(cede_ref(handled));
    return NEXT;
}

/* ---- control ------------------------------------------------------------- */

static enum outcome run_loop(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    (void)result;
    for (int i = 0; i < statement->words[0].number; i++) {
        enum outcome how = run_block(frame, &statement->block);

        if (how == BREAK)
            break;
        if (how == RETURN)
            return how;
    }
    return NEXT;
}

static enum outcome run_if(struct frame *frame,
                           const struct statement *statement,
                           cede_value *result)
{
    cede_value value = evaluate(frame, &statement->words[0]);
    bool truth = cede_value_truth(value);

    (void)result;
    cede_value_unref(value);
    return run_block(frame, truth ? &statement->block : &statement->otherwise);
}

static enum outcome run_break(struct frame *frame,
                              const struct statement *statement,
                              cede_value *result)
{
    (void)frame;
    (void)statement;
    (void)result;
    return BREAK;
}

static enum outcome run_continue(struct frame *frame,
                                 const struct statement *statement,
                                 cede_value *result)
{
    (void)frame;
    (void)statement;
    (void)result;
    return CONTINUE;
}

static enum outcome run_return(struct frame *frame,
                               const struct statement *statement,
                               cede_value *result)
{
    cede_value value = evaluate(frame, &statement->words[0]);

    (void)result;
    trace(frame, "return %s", show(frame->run, value));
    cede_value_clear(&frame->returned);
    frame->returned = value;
    return RETURN;
}

static enum outcome run_call(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    const struct function *function =
        &frame->run->program->functions[statement->words[0].number];

    if (function->kind != FUNCTION_PLAIN)
        cede_raise(cede_TypeError, "%s is no fun", function->name);
    if (frame->depth == MOST_CALLS)
        cede_raise(cede_RecursionError, "too many calls");
    *result = run_function(frame->run, function, NULL, frame->depth + 1,
                           evaluate(frame, &statement->words[1]));
    return NEXT;
}

static enum outcome run_log(struct frame *frame,
                            const struct statement *statement,
                            cede_value *result)
{
    cede_value value = evaluate(frame, &statement->words[0]);

    (void)result;
    cede_defer (cede_value_clear, &value);
    trace(frame, "log %s", show(frame->run, value));
    return NEXT;
}

static enum outcome run_let(struct frame *frame,
                            const struct statement *statement,
                            cede_value *result)
{
    (void)result;
    assign(frame, &statement->words[0],
           evaluate(frame, &statement->words[1]));
    return NEXT;
}

const struct form flow_forms[] = {
    {.name = "try", .words = "", .has_block = true, .run = run_try,
     .clauses = CLAUSE_EXCEPT | CLAUSE_ELSE | CLAUSE_FINALLY},
    {.name = "raise", .words = "eF", .run = run_raise},
    {.name = "reraise", .words = "", .run = run_reraise},
    {.name = "handled", .words = "", .gives = true, .run = run_handled},
    {.name = "loop", .words = "n", .has_block = true, .is_loop = true,
     .run = run_loop},
    {.name = "if", .words = "v", .has_block = true, .clauses = CLAUSE_ELSE,
     .run = run_if},
    {.name = "break", .words = "", .in_loop = true, .run = run_break},
    {.name = "continue", .words = "", .in_loop = true, .run = run_continue},
    {.name = "return", .words = "V", .run = run_return},
    {.name = "call", .words = "fV", .gives = true, .run = run_call},
    {.name = "log", .words = "v", .run = run_log},
    {.name = "let", .words = "tv", .run = run_let},
    {.name = NULL},
};
