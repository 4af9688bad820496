/*
 * Notes: lines that code on the way adds to an exception. PEP 678; rule E11.
 */
#include "value/exception.h"

#include "base/memory.h"

#include "cede/debug.h"

static bool reserve(cede_exception *exception)
{
    cede__notes *notes = exception->notes;
    size_t capacity;
    char **texts;

    if (!notes)
        notes = exception->notes = cede__calloc(1, sizeof *notes);
    if (!notes)
        return false;
    if (notes->count < notes->capacity)
        return true;
    capacity = notes->capacity ? 2 * notes->capacity : 2;
    texts = cede__realloc(notes->texts, capacity * sizeof *texts);
    if (!texts)
        return false;
    notes->texts = texts;
    notes->capacity = capacity;
    return true;
}

bool cede__exception_try_note(cede_exception *exception, char *text)
{
    if (exception == cede__memory_error) {
        cede__free(text);
        return true;
    }
    if (!text || !reserve(exception)) {
        cede__free(text);
        return false;
    }
    exception->notes->texts[exception->notes->count++] = text;
    return true;
}

bool cede__notes_copy(cede_exception *to, const cede_exception *from)
{
    size_t count = cede_exception_notes_count(from);
    size_t i;

    for (i = 0; i < count; i++)
        if (!cede__exception_try_note(to,
                                      cede__copy_text(from->notes->texts[i])))
            return false;
    return true;
}

void cede__notes_free(cede__notes *notes)
{
    if (!notes)
        return;
    while (notes->count > 0)
        cede__free(notes->texts[--notes->count]);
    cede__free(notes->texts);
    cede__free(notes);
}

size_t cede_exception_notes_count(const cede_exception *exception)
{
    cede_check_alive(exception);
    return exception->notes ? exception->notes->count : 0;
}
