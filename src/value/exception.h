/*
 * Exceptions as the runtime sees them: the layout, and constructors that never
 * fail. Where there is no memory for an exception they hand out the
 * MemoryError that was made in advance; it is shared by all threads and so
 * takes neither traceback nor context.
 */
#pragma once

#include "cede/exception.h"

#include <stdarg.h>

enum { CEDE__TRACE_INLINE = 8 };

struct cede_exception {
    cede_object head;
    char *message; /* owned; NULL is "" */
    cede_exception *cause;
    cede_exception *context;
    cede_exception *doomed; /* the next one, while a chain is destroyed */
    cede_value value; /* owned */
    int error;        /* errno */
    bool suppress_context;
    size_t number; /* expected, consumed */
    /* Where it was raised and what it passed, innermost first. */
    const cede_location **trace;
    uint32_t trace_count;
    uint32_t trace_capacity;
    const cede_location *trace_inline[CEDE__TRACE_INLINE];
};

/* A new exception, or the MemoryError. message is borrowed, may be NULL. */
cede_exception *cede__exception_make(const cede_class *exception_class,
                                     const char *message);
/* The same with a format. TypeError (not raised: returned) if the class is no
   exception class. */
cede_exception *cede__exception_vnew(const cede_class *exception_class,
                                     const char *format, va_list arguments)
    CEDE_IMPL_FORMAT(2, 0);
/* The OSError for an errno: "[Errno N] what: <format>". */
cede_exception *cede__exception_from_errno(int error, const char *format,
                                           va_list arguments)
    CEDE_IMPL_FORMAT(2, 0);
/* The exception passed this place. */
void cede__exception_trace(cede_exception *exception,
                           const cede_location *where);

/* Sets the context (borrowed, may be NULL) and cuts cycles (E08). */
void cede__exception_set_context(cede_exception *exception,
                                 cede_exception *context);
