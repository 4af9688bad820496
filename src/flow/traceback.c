/*
 * Exceptions as text, in the layout of Python's traceback module: causes and
 * contexts first, each traceback outermost place first, members of groups in
 * boxes.
 *
 * Two steps, as there: what is told of which exception is decided for all of
 * them first, so that each cause and context is told once; then it is written.
 * Chains have any length and are walked; groups are written by recursion,
 * which has a limit of its own. Text goes to memory first, for a class's str is
 * users' code and may raise or take its time.
 *
 * Semantics: Lib/traceback.py of CPython 3.11, TracebackException with compact
 * and chain; rules E06, E10, E11, X05.
 */
#include "flow/flow.h"

#include "base/environment.h"
#include "base/log.h"
#include "base/memory.h"
#include "flow/source.h"
#include "value/debug.h"
#include "value/exception.h"
#include "value/visited.h"

#include "cede/traceback.h"

#include <stdio.h>
#include <string.h>

/* As TracebackException's max_group_width and max_group_depth. */
enum { MOST_MEMBERS = 15, MOST_DEPTH = 10 };

/* An identical line is written so often, then counted. */
enum { MOST_REPEATS = 3 };

/* ---- what is told -------------------------------------------------------- */

/* Index of a report; they move when there are more. */
enum { NONE = -1 };

typedef struct report {
    const cede_exception *exception;
    int before; /* the report written before it, of its cause or context */
    bool is_cause;
    int depth;    /* of boxes, 0 outside */
    int members;  /* the first of the reports of its members, in a row */
    size_t count; /* of members; 0: no group */
} report;

typedef struct reports {
    report *items;
    int count;
    int capacity;
    cede__visited told;
    bool failed;
} reports;

static int add_report(reports *all, const cede_exception *exception, int depth)
{
    if (all->count == all->capacity) {
        int capacity = all->capacity ? 2 * all->capacity : 16;
        report *items =
            cede__realloc(all->items, (size_t)capacity * sizeof *items);

        if (!items) {
            all->failed = true;
            return NONE;
        }
        all->items = items;
        all->capacity = capacity;
    }
    all->items[all->count] = (report){.exception = exception,
                                      .before = NONE,
                                      .depth = depth,
                                      .members = NONE};
    cede__visited_add(&all->told, exception);
    return all->count++;
}

/* Groups that are too deep are not opened. */
static void add_members(reports *all, int index)
{
    const cede__members *members = all->items[index].exception->members;
    int depth = all->items[index].depth;
    size_t i;

    if (!members || depth > MOST_DEPTH)
        return;
    all->items[index].members = all->count;
    all->items[index].count = members->count;
    for (i = 0; i < members->count && !all->failed; i++)
        add_report(all, members->exceptions[i], depth ? depth + 1 : 2);
}

static bool is_untold(const reports *all, const cede_exception *exception)
{
    return exception && !cede__visited_has(&all->told, exception);
}

static void add_before(reports *all, int index)
{
    const cede_exception *exception = all->items[index].exception;
    const cede_exception *before = NULL;
    bool is_cause = is_untold(all, exception->cause);
    int place;

    if (is_cause)
        before = exception->cause;
    else if (!exception->suppress_context && is_untold(all, exception->context))
        before = exception->context;
    if (!before)
        return;
    place = add_report(all, before, all->items[index].depth);
    all->items[index].before = place;
    all->items[index].is_cause = is_cause;
}

typedef struct indexes {
    int *items;
    int count;
    int capacity;
} indexes;

static bool push_index(indexes *list, int index)
{
    if (list->count == list->capacity) {
        int capacity = list->capacity ? 2 * list->capacity : 16;
        int *items =
            cede__realloc(list->items, (size_t)capacity * sizeof *items);

        if (!items)
            return false;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = index;
    return true;
}

/* The order decides which of two tells what both lead to: the last added is
   looked at first, as in Python. */
static bool tell_all(reports *all, const cede_exception *exception)
{
    indexes todo = {NULL, 0, 0};
    bool done = add_report(all, exception, 0) != NONE && push_index(&todo, 0);

    while (done && todo.count > 0) {
        int index = todo.items[--todo.count];
        int first = all->count;

        add_before(all, index);
        if (!all->failed)
            add_members(all, index);
        done = !all->failed && !all->told.failed;
        for (; done && first < all->count; first++)
            done = push_index(&todo, first);
    }
    cede__free(todo.items);
    return done;
}

/* ---- text ---------------------------------------------------------------- */

typedef struct writer {
    cede__text *out;
    const reports *all;
    int depth;        /* of boxes */
    bool needs_close; /* the box that was opened last has no bottom yet */
    bool failed;
} writer;

static void indent(writer *w)
{
    int i;

    for (i = 0; i < w->depth; i++)
        cede__text_string(w->out, "  ");
}

/* Writes lines, each behind the margin of its box. */
static void emit_with(writer *w, const char *lines, size_t size, char margin)
{
    while (size > 0) {
        const char *end = memchr(lines, '\n', size);
        size_t length = end ? (size_t)(end - lines) + 1 : size;

        if (w->depth > 0) {
            indent(w);
            cede__text_append(w->out, &margin, 1);
            cede__text_append(w->out, " ", 1);
        }
        cede__text_append(w->out, lines, length);
        lines += length;
        size -= length;
    }
}

static void emit(writer *w, const char *lines)
{
    emit_with(w, lines, strlen(lines), '|');
}

/* Takes over the text, and writes its lines. */
static void emit_text(writer *w, cede__text *text)
{
    if (text->failed)
        w->failed = true;
    else
        emit_with(w, text->bytes, text->size, '|');
    cede__text_clear(text);
}

static void add_number(cede__text *text, const char *before, size_t number,
                       const char *after)
{
    cede__text_string(text, before);
    cede__text_int(text, (int64_t)number);
    cede__text_string(text, after);
}

static bool is_same_place(const cede_location *a, const cede_location *b)
{
    return a == b || (a->line == b->line && strcmp(a->file, b->file) == 0 &&
                      strcmp(a->function, b->function) == 0);
}

static void emit_place(writer *w, const cede_location *where)
{
    cede__text text;
    cede__text source;

    cede__text_init(&text);
    cede__text_string(&text, "  File \"");
    cede__text_string(&text, where->file);
    add_number(&text, "\", line ", (size_t)where->line, ", in ");
    cede__text_string(&text, where->function);
    cede__text_string(&text, "\n");
    cede__text_init(&source);
    if (cede__source_line(where->file, where->line, &source)) {
        cede__text_string(&text, "    ");
        cede__text_append(&text, source.bytes, source.size);
        cede__text_string(&text, "\n");
    }
    cede__text_clear(&source);
    emit_text(w, &text);
}

static void emit_repeated(writer *w, size_t times)
{
    cede__text text;

    if (times <= MOST_REPEATS)
        return;
    times -= MOST_REPEATS;
    cede__text_init(&text);
    add_number(&text, "  [Previous line repeated ", times,
               times > 1 ? " more times]\n" : " more time]\n");
    emit_text(w, &text);
}

/* A place in one of our files: see -fmacro-prefix-map in CMakeLists.txt. */
static bool is_ours(const cede_location *where)
{
    return strncmp(where->file, "src/", 4) == 0;
}

/* What was raised in one of our functions, which are no macros, does not say
   who called it; CEDE_DEBUG=1 knows from the stack. */
static void emit_callers(writer *w, const cede_exception *exception)
{
    const cede_location *raised = exception->trace[0];
    char callers[512];
    char line[544];

    if (!is_ours(raised) || !cede__debugging() ||
        !cede__debug_callers(exception, raised->function, callers,
                             sizeof callers))
        return;
    snprintf(line, sizeof line, "  called %s\n", callers);
    emit(w, line);
}

static void emit_places(writer *w, const cede_exception *exception)
{
    const cede_location *last = NULL;
    size_t times = 0;
    uint32_t i;

    for (i = exception->trace_count; i-- > 0;) {
        const cede_location *where = exception->trace[i];

        if (!last || !is_same_place(last, where)) {
            emit_repeated(w, times);
            last = where;
            times = 0;
        }
        if (++times <= MOST_REPEATS)
            emit_place(w, where);
    }
    emit_repeated(w, times);
    emit_callers(w, exception);
}

/* str(e), whatever its class does. */
static const char *text_of(const cede_exception *exception)
{
    const char *volatile text = "<exception str() failed>";

    cede_try {
        text = cede_exception_message(exception);
    } cede_except (cede_BaseException, e) {
    } cede_end
    return text;
}

static void emit_message(writer *w, const cede_exception *exception)
{
    const char *message = text_of(exception);
    cede__text text;
    size_t i;

    cede__text_init(&text);
    cede__text_string(&text, cede_exception_name(exception));
    cede__text_string(&text, *message ? ": " : "");
    cede__text_string(&text, message);
    cede__text_string(&text, "\n");
    for (i = 0; i < cede_exception_notes_count(exception); i++) {
        cede__text_string(&text, exception->notes->texts[i]);
        cede__text_string(&text, "\n");
    }
    emit_text(w, &text);
}

/* ---- boxes --------------------------------------------------------------- */

static void emit_chain(writer *w, int index);

static void emit_rule(writer *w, size_t member)
{
    indent(w);
    cede__text_string(w->out, member == 0 ? "+-" : "  ");
    if (member < MOST_MEMBERS)
        add_number(w->out, "+---------------- ", member + 1,
                   " ----------------\n");
    else
        cede__text_string(w->out, "+---------------- ... ----------------\n");
}

static void emit_rest(writer *w, size_t rest)
{
    cede__text text;

    cede__text_init(&text);
    add_number(&text, "and ", rest,
               rest > 1 ? " more exceptions\n" : " more exception\n");
    emit_text(w, &text);
}

/* One box, and its bottom if it is the last one and none of those in it had
   it drawn already. */
static void emit_member(writer *w, const report *group, size_t member,
                        bool is_last)
{
    if (is_last)
        w->needs_close = true;
    emit_rule(w, member);
    w->depth++;
    if (member < MOST_MEMBERS)
        emit_chain(w, group->members + (int)member);
    else
        emit_rest(w, group->count - MOST_MEMBERS);
    if (is_last && w->needs_close) {
        indent(w);
        cede__text_string(w->out, "+------------------------------------\n");
        w->needs_close = false;
    }
    w->depth--;
}

static void emit_group(writer *w, const report *group)
{
    static const char title[] =
        "Exception Group Traceback (most recent call last):\n";
    bool is_outermost = w->depth == 0;
    size_t shown =
        group->count <= MOST_MEMBERS ? group->count : MOST_MEMBERS + 1;
    size_t i;

    if (is_outermost)
        w->depth = 1;
    if (group->exception->trace_count) {
        emit_with(w, title, sizeof title - 1, is_outermost ? '+' : '|');
        emit_places(w, group->exception);
    }
    emit_message(w, group->exception);
    for (i = 0; i < shown; i++)
        emit_member(w, group, i, i + 1 == shown);
    if (is_outermost)
        w->depth = 0;
}

static void emit_single(writer *w, const cede_exception *exception)
{
    if (exception->trace_count) {
        emit(w, "Traceback (most recent call last):\n");
        emit_places(w, exception);
    }
    emit_message(w, exception);
}

static void emit_one(writer *w, const report *one)
{
    if (!one->exception->members)
        emit_single(w, one->exception);
    else if (one->count == 0)
        emit(w, "... (max_group_depth is 10)\n");
    else
        emit_group(w, one);
}

/* A report and those that stand before it. */
static void emit_chain(writer *w, int index)
{
    const report *items = w->all->items;
    indexes chain = {NULL, 0, 0};

    for (; index != NONE && !w->failed; index = items[index].before)
        w->failed = !push_index(&chain, index);
    while (chain.count > 0 && !w->failed) {
        const report *one = &items[chain.items[--chain.count]];

        emit_one(w, one);
        if (chain.count == 0)
            break;
        emit(w, items[chain.items[chain.count - 1]].is_cause
                    ? "\nThe above exception was the direct cause of the "
                      "following exception:\n\n"
                    : "\nDuring handling of the above exception, another "
                      "exception occurred:\n\n");
    }
    cede__free(chain.items);
}

/* False: no memory. */
static bool write_exception(cede__text *out, const cede_exception *exception)
{
    reports all = {.items = NULL};
    writer w = {.out = out, .all = &all};

    cede__visited_init(&all.told);
    w.failed = !tell_all(&all, exception);
    if (!w.failed)
        emit_chain(&w, 0);
    cede__visited_clear(&all.told);
    cede__free(all.items);
    return !w.failed && !out->failed;
}

/* ---- what users call ----------------------------------------------------- */

static char *string_of(const cede__text *text)
{
    char *copy = cede__malloc(text->size + 1);

    if (copy) {
        memcpy(copy, text->bytes, text->size);
        copy[text->size] = '\0';
    }
    return copy;
}

char *cede_format_exception(const cede_exception *exception)
{
    cede__text text;
    char *copy = NULL;

    cede_check_alive(exception);
    cede__text_init(&text);
    if (write_exception(&text, exception))
        copy = string_of(&text);
    cede__text_clear(&text);
    return copy;
}

char *cede_format_exception_only(const cede_exception *exception)
{
    cede__text text;
    writer w = {.out = &text};
    char *copy = NULL;

    cede_check_alive(exception);
    cede__text_init(&text);
    emit_message(&w, exception);
    if (!w.failed && !text.failed)
        copy = string_of(&text);
    cede__text_clear(&text);
    return copy;
}

/* What needs no memory: this exception alone, line by line. */
static void tell_poorly(const cede_exception *exception,
                        void (*tell)(const char *line))
{
    const char *message = text_of(exception);
    char line[1024];
    uint32_t i;

    if (exception->trace_count)
        tell("Traceback (most recent call last):");
    for (i = exception->trace_count; i-- > 0;) {
        snprintf(line, sizeof line, "  File \"%s\", line %d, in %s",
                 exception->trace[i]->file, exception->trace[i]->line,
                 exception->trace[i]->function);
        tell(line);
    }
    snprintf(line, sizeof line, "%s%s%s", cede_exception_name(exception),
             *message ? ": " : "", message);
    tell(line);
}

static void print_line(const char *line)
{
    fprintf(stderr, "%s\n", line);
}

void cede_print_exception(const cede_exception *exception)
{
    cede__text text;

    cede_check_alive(exception);
    cede__text_init(&text);
    if (write_exception(&text, exception))
        fwrite(text.bytes, 1, text.size, stderr);
    else
        tell_poorly(exception, print_line);
    cede__text_clear(&text);
}

static void log_line(const char *line)
{
    cede__log(CEDE_LOG_ERROR, line);
}

void cede__log_exception(cede_log_level level, const char *head,
                         const cede_exception *exception)
{
    cede__text text;

    cede__text_init(&text);
    if (head) {
        cede__text_string(&text, head);
        cede__text_string(&text, "\n");
    }
    if (!text.failed && write_exception(&text, exception)) {
        cede__text_log(&text, level);
        return;
    }
    cede__text_clear(&text);
    if (head)
        cede__log(level, head);
    tell_poorly(exception, log_line);
}

static const char NO_EXCEPTION[] = "NoneType: None\n";

char *cede_format_exc(void)
{
    const cede_exception *handled = cede__handled(cede_impl_flow_now());

    return handled ? cede_format_exception(handled)
                   : cede__copy_text(NO_EXCEPTION);
}

void cede_print_exc(void)
{
    const cede_exception *handled = cede__handled(cede_impl_flow_now());

    if (handled)
        cede_print_exception(handled);
    else
        fputs(NO_EXCEPTION, stderr);
}

size_t cede_extract_tb(const cede_exception *exception, cede_location *frames,
                       size_t max)
{
    size_t count, i;

    cede_check_alive(exception);
    count = exception->trace_count;
    for (i = 0; i < count && i < max; i++)
        frames[i] = *exception->trace[count - 1 - i];
    return count;
}
