/*
 * What a trace says. Exceptions are numbered when they are first shown; the
 * number is a note of the exception, so that it dies with it.
 */
#include "trace.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CHAIN = 6, MOST_SHOWN = 4000, BUFFERS = 4 };

struct text {
    char *at, *end;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text,
                                                      const char *format, ...)
{
    va_list arguments;
    size_t room = (size_t)(text->end - text->at);
    int size;

    va_start(arguments, format);
    size = vsnprintf(text->at, room, format, arguments);
    va_end(arguments);
    text->at += (size_t)size < room ? (size_t)size : room - 1;
}

static char *buffer(struct text *text)
{
    static char buffers[BUFFERS][MOST_SHOWN];
    static int next;
    char *start = buffers[next++ % BUFFERS];

    *start = '\0';
    *text = (struct text){start, start + MOST_SHOWN};
    return start;
}

static int number(struct run *run, cede_exception *exception)
{
    if (!cede_exception_notes_count(exception))
        cede_exception_add_note(exception, "%d", ++run->exceptions);
    return atoi(cede_exception_note(exception, 0));
}

static void put_exception(struct text *text, struct run *run,
                          cede_exception **path, int depth);
static void put_list(struct text *text, struct run *run,
                     const cede_list *list);

static void put_value(struct text *text, struct run *run, cede_value value)
{
    if (cede_value_kind(value) == CEDE_OBJECT &&
        cede_isinstance(cede_value_object(value), cede_BaseException)) {
        cede_exception *exception = cede_value_object(value);

        put(text, "#%d", number(run, exception));
        return;
    }
    switch (cede_value_kind(value)) {
    case CEDE_NONE:
        put(text, "None");
        break;
    case CEDE_BOOL:
        put(text, cede_value_bool(value) ? "True" : "False");
        break;
    case CEDE_INT:
        put(text, "%" PRId64, cede_value_int(value));
        break;
    case CEDE_POINTER:
        put(text, "<%s>", ((struct thing *)cede_value_pointer(value))->name);
        break;
    case CEDE_OBJECT: /* what gather gives */
        put_list(text, run, cede_value_object(value));
        break;
    default:
        put(text, "'%s'", cede_value_str(value));
    }
}

/* With exceptions in full. */
static void put_list(struct text *text, struct run *run,
                     const cede_list *list)
{
    put(text, "[");
    for (size_t i = 0; i < cede_list_size(list); i++) {
        cede_value item = cede_list_get(list, (int64_t)i);
        cede_exception *path[MOST_CHAIN] = {NULL};

        put(text, "%s", i ? ", " : "");
        if (cede_value_kind(item) == CEDE_OBJECT &&
            cede_isinstance(cede_value_object(item), cede_BaseException)) {
            path[0] = cede_value_object(item);
            put_exception(text, run, path, 0);
        } else {
            put_value(text, run, item);
        }
    }
    put(text, "]");
}

/* The exceptions in a group, in their order. */
static void put_members(struct text *text, struct run *run,
                        cede_exception **path, int depth)
{
    size_t count;
    cede_exception *const *members =
        cede_exception_group_exceptions(path[depth], &count);

    put(text, " of [");
    for (size_t i = 0; i < count; i++) {
        put(text, "%s", i ? ", " : "");
        if (depth + 1 == MOST_CHAIN) {
            put(text, "...");
            continue;
        }
        path[depth + 1] = members[i];
        put_exception(text, run, path, depth + 1);
    }
    put(text, "]");
}

/* The exception and what it leads to. A link back to one that leads to it is
   left out, as Python does when it prints. */
static void put_exception(struct text *text, struct run *run,
                          cede_exception **path, int depth)
{
    cede_exception *exception = path[depth];
    cede_exception *links[] = {cede_exception_cause(exception),
                               cede_exception_context(exception)};
    static const char *const names[] = {"cause", "context"};

    put(text, "#%d %s(", number(run, exception),
        cede_exception_name(exception));
    if (cede_exception_is(exception, cede_StopIteration))
        put_value(text, run, cede_exception_value(exception));
    else
        put(text, "'%s'", cede_exception_message(exception));
    put(text, ")");
    if (cede_exception_suppress_context(exception))
        put(text, " suppressed");
    if (cede_exception_is(exception, cede_BaseExceptionGroup))
        put_members(text, run, path, depth);
    for (int i = 0; i < 2; i++) {
        bool circle = false;

        if (!links[i])
            continue;
        for (int k = 0; k <= depth; k++)
            circle |= path[k] == links[i];
        if (circle)
            continue;
        if (depth + 1 == MOST_CHAIN) {
            put(text, " %s ...", names[i]);
            continue;
        }
        put(text, " %s [", names[i]);
        path[depth + 1] = links[i];
        put_exception(text, run, path, depth + 1);
        put(text, "]");
    }
}

const char *show_exception(struct run *run, cede_exception *exception)
{
    cede_exception *path[MOST_CHAIN] = {exception};
    struct text text;
    const char *start = buffer(&text);

    if (exception)
        put_exception(&text, run, path, 0);
    else
        put(&text, "None");
    return start;
}

const char *show(struct run *run, cede_value value)
{
    struct text text;
    const char *start;

    if (cede_value_kind(value) == CEDE_OBJECT &&
        cede_isinstance(cede_value_object(value), cede_BaseException))
        return show_exception(run, cede_value_object(value));
    start = buffer(&text);
    put_value(&text, run, value);
    return start;
}

static void print(const struct run *run, const char *name, const char *format,
                  va_list arguments)
{
    if (run->steps <= 0)
        return;
    if (run->loop)
        printf("%g ", cede_loop_time(run->loop));
    printf("%s: ", name);
    vprintf(format, arguments);
    putchar('\n');
}

void trace(const struct frame *frame, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(frame->run, frame->name, format, arguments);
    va_end(arguments);
}

void trace_run(struct run *run, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(run, "-", format, arguments);
    va_end(arguments);
}
