/*
 * Exceptions as text, in the layout of Python's traceback module: causes and
 * contexts first, each traceback outermost place first (rules E10, E06).
 */
#include "value/exception.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_one(FILE *out, const cede_exception *exception)
{
    const char *message = cede_exception_message(exception);
    uint32_t i;

    if (exception->trace_count)
        fputs("Traceback (most recent call last):\n", out);
    for (i = exception->trace_count; i-- > 0;)
        fprintf(out, "  File \"%s\", line %d, in %s\n",
                exception->trace[i]->file, exception->trace[i]->line,
                exception->trace[i]->function);
    fprintf(out, "%s%s%s\n", cede_exception_name(exception),
            *message ? ": " : "", message);
}

/* What is printed before the exception itself, or NULL. */
static const cede_exception *forerunner(const cede_exception *exception,
                                        const char **link)
{
    if (exception->cause) {
        *link = "\nThe above exception was the direct cause of the following "
                "exception:\n\n";
        return exception->cause;
    }
    *link = "\nDuring handling of the above exception, another exception "
            "occurred:\n\n";
    return exception->suppress_context ? NULL : exception->context;
}

/*
 * Chains are short but for programs that go wrong in a loop, and those must
 * not overflow a stack too: beyond this many links the rest is left out.
 */
enum { MOST_LINKS = 64 };

static void write_chain(FILE *out, const cede_exception *exception)
{
    const cede_exception *chain[MOST_LINKS];
    const char *links[MOST_LINKS];
    int count = 0;

    while (exception && count < MOST_LINKS) {
        int i = 0;

        while (i < count && chain[i] != exception)
            i++;
        if (i < count)
            break; /* a cause may lead back */
        chain[count] = exception;
        exception = forerunner(exception, &links[count]);
        count++;
    }
    while (count-- > 0) {
        write_one(out, chain[count]);
        if (count > 0)
            fputs(links[count - 1], out);
    }
}

char *cede_format_exception(const cede_exception *exception)
{
    char *text = NULL;
    char *copy = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    write_chain(out, exception);
    if (fclose(out) == 0)
        copy = cede__malloc(size + 1);
    if (copy)
        memcpy(copy, text, size + 1);
    free(text);
    return copy;
}

void cede_print_exception(const cede_exception *exception)
{
    char *text = cede_format_exception(exception);

    if (text)
        fputs(text, stderr);
    else
        write_chain(stderr, exception);
    cede__free(text);
}
