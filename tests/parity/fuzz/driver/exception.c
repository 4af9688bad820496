/*
 * The forms of statements that make exceptions and look at them.
 */
#include "interpret.h"
#include "trace.h"

#include <string.h>

/* The exception that a word's value is; raises TypeError if it is none. A
   reference, yours. */
static cede_exception *exception_of(const struct frame *frame,
                                    const struct word *word)
{
    struct word words[2] = {*word};
    cede_exception *exception = make_exception(frame, words);

    if (cede_isinstance(exception, cede_BaseException))
        return exception;
    cede_unref(exception);
    cede_raise(cede_TypeError, "not an exception");
}

static enum outcome run_make(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    const struct word *words = statement->words;
    cede_value args[MOST_WORDS];
    size_t count = statement->word_count - 1;

    for (size_t i = 0; i < count; i++)
        args[i] = argument(evaluate(frame, &words[i + 1]));
    *result = cede_object(cede_impl_exception_from_args(
        words[0].class, cede_tuple_new(args, count)));
    return NEXT;
}

static enum outcome run_note(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    cede_own (exception, exception_of(frame, &statement->words[0]));

    (void)result;
    show_exception(frame->run, exception); /* its number is the first note */
    cede_exception_add_note(exception, "%s", statement->words[1].text);
    return NEXT;
}

static enum outcome run_args(struct frame *frame,
                             const struct statement *statement,
                             cede_value *result)
{
    cede_own (exception, exception_of(frame, &statement->words[0]));
    cede_tuple *args = cede_exception_args(exception);

    (void)result;
    trace(frame, "args %zu", cede_tuple_size(args));
    for (size_t i = 0; i < cede_tuple_size(args); i++)
        trace(frame, "arg %s",
              show(frame->run, cede_tuple_get(args, (int64_t)i)));
    return NEXT;
}

/* What Python prints for it, without the places. */
static enum outcome run_print(struct frame *frame,
                              const struct statement *statement,
                              cede_value *result)
{
    cede_own (exception, exception_of(frame, &statement->words[0]));
    char *text, *line;

    (void)result;
    text = cede_format_exception(exception);
    cede_defer (cede_free, text);
    for (char *rest = text; (line = strsep(&rest, "\n"));)
        if (*line && *line != ' ' && strncmp(line, "Traceback ", 10) != 0)
            trace(frame, "print %s", line);
    return NEXT;
}

const struct form exception_forms[] = {
    {.name = "make", .words = "k*", .gives = true, .run = run_make},
    {.name = "note", .words = "vm", .run = run_note},
    {.name = "args", .words = "v", .run = run_args},
    {.name = "print", .words = "v", .run = run_print},
    {.name = NULL},
};
