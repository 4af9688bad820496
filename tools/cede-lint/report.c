/*
 * Reports. A line of the source with the comment "cede-lint: ok" has no
 * findings. One place has one finding of a check: headers are read again with
 * every file that includes them, and a mistake in a loop is met twice.
 */
#include "report.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "source.h"

struct line {
    char *file;
    unsigned line, column;
    char *text;
};

struct finding {
    struct line line;
    const char *check;
    struct line *notes;
    size_t note_count;
};

static struct finding *findings;
static size_t count;
static bool left_out; /* the last one */

/* Below the folder we are in, names are relative to it, as compilers print
   them. */
static char *file_name(CXFile file)
{
    CXString text = clang_getFileName(file);
    const char *name = clang_getCString(text);
    char here[PATH_MAX];
    char *copy;

    if (getcwd(here, sizeof here) && name &&
        strncmp(name, here, strlen(here)) == 0 && name[strlen(here)] == '/')
        name += strlen(here) + 1;
    copy = memory_copy(name ? name : "");
    clang_disposeString(text);
    return copy;
}

static struct line make_line(struct place place, const char *format,
                             va_list arguments)
{
    struct line line = {file_name(place.file), place.line, place.column, NULL};

    if (vasprintf(&line.text, format, arguments) < 0)
        line.text = memory_copy(format);
    return line;
}

static void free_line(struct line *line)
{
    free(line->file);
    free(line->text);
}

static bool is_allowed(struct source *source, struct place place)
{
    static const char words[] = "cede-lint: ok";
    size_t size, from = place.offset, to = place.offset;
    const char *text;

    text = clang_getFileContents(source->unit, place.file, &size);
    if (!text || place.offset >= size)
        return false;
    while (from > 0 && text[from - 1] != '\n')
        from--;
    while (to < size && text[to] != '\n')
        to++;
    return memmem(text + from, to - from, words, strlen(words)) != NULL;
}

static bool is_known(const struct line *line, const char *check)
{
    for (size_t i = 0; i < count; i++) {
        const struct line *other = &findings[i].line;

        if (other->line == line->line && other->column == line->column &&
            strcmp(findings[i].check, check) == 0 &&
            strcmp(other->file, line->file) == 0)
            return true;
    }
    return false;
}

void report_add(struct source *source, const char *check, struct place place,
                const char *format, ...)
{
    struct line line;
    va_list arguments;

    left_out = true;
    if (!place.file || is_allowed(source, place))
        return;
    va_start(arguments, format);
    line = make_line(place, format, arguments);
    va_end(arguments);
    if (is_known(&line, check)) {
        free_line(&line);
        return;
    }
    left_out = false;
    findings = memory_grow(findings, count, sizeof *findings);
    findings[count++] = (struct finding){.line = line, .check = check};
}

void report_note(struct place place, const char *format, ...)
{
    struct finding *finding = &findings[count - 1];
    va_list arguments;

    if (left_out || !place.file)
        return;
    va_start(arguments, format);
    finding->notes = memory_grow(finding->notes, finding->note_count,
                                 sizeof *finding->notes);
    finding->notes[finding->note_count++] = make_line(place, format, arguments);
    va_end(arguments);
}

static int compare(const void *a, const void *b)
{
    const struct line *left = &((const struct finding *)a)->line;
    const struct line *right = &((const struct finding *)b)->line;
    int order = strcmp(left->file, right->file);

    if (order == 0)
        order = (left->line > right->line) - (left->line < right->line);
    if (order == 0)
        order = (left->column > right->column) - (left->column < right->column);
    return order;
}

static void print(const struct finding *finding)
{
    const struct line *line = &finding->line;

    printf("%s:%u:%u: warning: %s [%s]\n", line->file, line->line, line->column,
           line->text, finding->check);
    for (size_t i = 0; i < finding->note_count; i++) {
        line = &finding->notes[i];
        printf("%s:%u:%u: note: %s\n", line->file, line->line, line->column,
               line->text);
    }
}

int report_print(void)
{
    int printed = (int)count;

    if (count)
        qsort(findings, count, sizeof *findings, compare);
    for (size_t i = 0; i < count; i++) {
        print(&findings[i]);
        free_line(&findings[i].line);
        for (size_t k = 0; k < findings[i].note_count; k++)
            free_line(&findings[i].notes[k]);
        free(findings[i].notes);
    }
    free(findings);
    findings = NULL;
    count = 0;
    return printed;
}
