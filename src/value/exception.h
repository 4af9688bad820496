/*
 * exception.h - exceptions as the runtime sees them
 *
 * Knows: the layout, and constructors that never fail: where there is no
 * memory for an exception they hand out the MemoryError that was made in
 * advance. It is shared by all threads and so keeps nothing: neither
 * traceback nor context, cause, notes or value. Does not know: raising, and
 * what the text of an exception is, for both may run a user's code (flow/).
 *
 * Invariants: what is made when it is first asked for (args, said) is
 * published atomically and stays until the exception is destroyed, so that
 * threads may read an exception together. Links between exceptions (cause,
 * context, a group's members) never make a circle: chain.c.
 */
#pragma once

#include "cede/exception.h"

#include <stdarg.h>

struct cede_tuple;

enum { CEDE__TRACE_INLINE = 8 };

/* A text that str(e) was once; its address stays valid. */
typedef struct cede__said {
    struct cede__said *older;
    char text[];
} cede__said;

typedef struct cede__notes {
    size_t count;
    size_t capacity;
    char **texts; /* each a block of its own */
} cede__notes;

/* What makes an exception a group. */
typedef struct cede__members {
    size_t count;
    char *message;
    cede_exception *exceptions[]; /* owned */
} cede__members;

struct cede_exception {
    cede_object head;
    char *message;           /* owned; the text it was made with, or NULL */
    struct cede_tuple *args; /* owned; NULL: not asked for yet */
    cede__said *said;        /* owned; newest first */
    cede_exception *cause;
    cede_exception *context;
    cede_value value; /* owned */
    cede__members *members;
    cede__notes *notes;
    void *payload;
    size_t number; /* expected, consumed */
    int error;     /* errno */
    bool suppress_context;
    bool from_errno; /* args are (errno, its text) */
    bool linked;     /* another exception has led to it (chain.c) */
    uint32_t trace_count;
    uint32_t trace_capacity;
    /* Where it was raised and what it passed, innermost first. */
    const cede_location **trace;
    const void *inside; /* the statement of the outermost place (trace.c) */
    const cede_location *trace_inline[CEDE__TRACE_INLINE];
};

/* ---- making (exception.c) ------------------------------------------------ */

extern cede_exception cede__memory_error[1];

static inline bool cede__is_exception_class(const cede_class *object_class)
{
    return object_class && object_class->flags & CEDE_CLASS_EXCEPTION;
}

/* A new exception, or the MemoryError. message is borrowed, may be NULL. The
   class must be an exception class and no group. */
cede_exception *cede__exception_make(const cede_class *exception_class,
                                     const char *message);
/* The same with a format. TypeError (not raised: returned) for a class that
   cannot be made so. */
cede_exception *cede__exception_vnew(const cede_class *exception_class,
                                     const char *format, va_list arguments)
    CEDE_IMPL_FORMAT(2, 0);
/* The OSError for an errno: "[Errno N] what: <format>". */
cede_exception *cede__exception_from_errno(int error, const char *format,
                                           va_list arguments)
    CEDE_IMPL_FORMAT(2, 0);
/* Of args, whose reference is taken. TypeError as above. */
cede_exception *cede__exception_from_args(const cede_class *exception_class,
                                          struct cede_tuple *args);
/* Gives the exception a copy of a payload; what is left of it, the exception
   or the MemoryError in its place, is the caller's. */
cede_exception *cede__exception_carry(cede_exception *exception,
                                      const void *payload, size_t size);

/* An owned copy of a string or a printed text, NULL: no memory. */
char *cede__copy_text(const char *text);
char *cede__print_text(const char *format, va_list arguments)
    CEDE_IMPL_FORMAT(1, 0);

/* ---- what is asked for later (args.c) ------------------------------------ */

/* Its args, borrowed; NULL: no memory. */
struct cede_tuple *cede__exception_try_args(const cede_exception *exception);
/* Keeps a text as long as the exception lives, NULL: no memory. */
const char *cede__exception_keep_text(const cede_exception *exception,
                                      const char *text);

/* Methods of BaseException's class; flow/message.c has them. */
struct cede_value cede__exception_str(void *self);
struct cede_value cede__exception_repr(void *self);

/* ---- notes (notes.c) ----------------------------------------------------- */

/* Takes the text over. False: no memory. */
bool cede__exception_try_note(cede_exception *exception, char *text);
/* Makes `to`, which has none, have the notes of `from`. */
bool cede__notes_copy(cede_exception *to, const cede_exception *from);
void cede__notes_free(cede__notes *notes);

/* ---- tracebacks ---------------------------------------------------------- */

/* Makes room for so many places. False: no memory. */
bool cede__exception_reserve_trace(cede_exception *exception, uint32_t count);

/* Puts a place (NULL: none) at the outer end of the traceback, for which there
   is room, and notes the statement it passes next if that is of the same
   function: flow/trace.c. */
static inline void cede__exception_put_place(cede_exception *exception,
                                             const cede_location *where,
                                             const void *inside)
{
    exception->inside = inside;
    if (where)
        exception->trace[exception->trace_count++] = where;
}

/* The same, making room. Without memory a shorter traceback is better than
   another error. */
static inline void cede__exception_add_place(cede_exception *exception,
                                             const cede_location *where,
                                             const void *inside)
{
    if (exception == cede__memory_error)
        return;
    if (where && exception->trace_count == exception->trace_capacity &&
        !cede__exception_reserve_trace(exception, exception->trace_count + 1))
        where = NULL;
    cede__exception_put_place(exception, where, inside);
}

/* Forgets what was added since there were `count` places. */
void cede__exception_cut_trace(cede_exception *exception, uint32_t count,
                               const void *inside);
/* Makes `to`, which has none, have the places of `from`. */
bool cede__exception_copy_trace(cede_exception *to, const cede_exception *from);

/* ---- chains (chain.c) ---------------------------------------------------- */

/* A reference for another exception's cause, context or member, or NULL. */
cede_exception *cede__exception_link(cede_exception *exception);

/*
 * Sets the context (borrowed, may be NULL) and cuts a chain of contexts that
 * leads back (E08). If a cause or a group leads back, nothing is set.
 */
void cede__exception_set_context(cede_exception *exception,
                                 cede_exception *context);

/* ---- groups (group.c) ---------------------------------------------------- */

/* Why a group of these cannot be: the exception to raise; NULL: it can be. */
cede_exception *cede__group_refused(const cede_class *group_class,
                                    const char *message,
                                    cede_exception *const *exceptions,
                                    size_t count);

/* A new group of exceptions that are right for the class; borrows them. NULL:
   no memory. */
cede_exception *cede__group_try_new(const cede_class *group_class,
                                    const char *message,
                                    cede_exception *const *exceptions,
                                    size_t count);

/* The class to make for a class asked for: a BaseExceptionGroup of Exceptions
   alone is an ExceptionGroup. */
const cede_class *cede__group_class_for(const cede_class *group_class,
                                        cede_exception *const *exceptions,
                                        size_t count);

/* All exceptions in it that are no groups, depth first; of one that is no group
   itself. A block of the caller's, borrowed exceptions; NULL: no memory. */
cede_exception **cede__group_leaves(cede_exception *group, size_t *count);

typedef struct cede__split_level cede__split_level;

/*
 * Taking a group apart. What it holds is given up by cede__split_clear, which
 * must be called also when `wanted` raises.
 */
typedef struct cede__split {
    bool (*wanted)(const cede_exception *exception, void *argument);
    void *argument;
    cede_exception *root; /* borrowed */
    bool want_rest;
    cede__split_level *levels; /* owned: groups on the way, outermost first */
    size_t depth;
    size_t capacity;
    cede_exception *match; /* owned: the results, NULL where there are none */
    cede_exception *rest;
} cede__split;

/* False: no memory. */
bool cede__split_run(cede__split *split);
void cede__split_clear(cede__split *split);

/*
 * What an except* statement raises in the end (PEP 654, "Raising exceptions in
 * an except* block"). `raised` (borrowed, like `original`) is what its clauses
 * raised and what they left, in order. Parts of the original, recognized by
 * their traceback, cause and context, which a bare raise does not change, are
 * put together again in the original's shape; other exceptions stand beside
 * that. A new reference; NULL: nothing is raised. The MemoryError if there is
 * no memory.
 */
cede_exception *cede__group_reraise(cede_exception *original,
                                    cede_exception *const *raised,
                                    size_t count);
