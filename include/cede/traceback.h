/*
 * Tracebacks: where an exception came from, as data and as text.
 *
 * The layout is that of Python's traceback module, byte for byte, without its
 * lines of carets: causes and contexts first (E10), notes behind the message
 * (E11), members of groups indented (X05). The line of source is shown where
 * the file can be read from the current directory. A class is shown by its
 * name alone, without the module that Python puts before names that are not
 * built in. Library reference "traceback"; PEP 654 for groups.
 *
 * Entries are the raise, each try and with statement the exception passed (by
 * the statement's first line) and each coroutine it crossed; a function that
 * has none of these on the way has none.
 *
 * All borrow the exception. The str of a class of yours is called, and shown
 * as `<exception str() failed>` if it raises; they suspend if that does. Any
 * thread.
 */
#pragma once

#include "cede/exception.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * The places of a traceback, outermost first: stores up to `max` of them and
 * returns how many there are. Strings in them are static. Never raises.
 * Python: traceback.extract_tb.
 */
size_t cede_extract_tb(const cede_exception *exception, cede_location *frames,
                       size_t max);

/* What is printed for an exception, as a string of its own (free it with
   cede_free); NULL if there is no memory. Never raises. Python:
   ''.join(traceback.format_exception(e)). */
char *cede_format_exception(const cede_exception *exception);

/* Only its last part: class, message and notes; a string of its own, NULL
   without memory. Never raises. Python:
   ''.join(traceback.format_exception_only(e)). */
char *cede_format_exception_only(const cede_exception *exception);

/* Prints it to stderr in one piece; without memory, as much as needs none.
   Never raises. Python: traceback.print_exception. */
void cede_print_exception(const cede_exception *exception);

/*
 * Who hears of an exception that can be raised to nobody: it escaped a clean-up
 * that the last cede_unref of a generator ran, or a thread. `hook` gets it, and
 * what was being done ("g": a generator's name), both borrowed, in the thread
 * it happened in. What the hook raises is printed beside it. NULL goes back to
 * printing to stderr. One for the process: set it before other threads use
 * cede. Never raises, never suspends; nor may the hook suspend. Python:
 * sys.unraisablehook.
 */
void cede_set_unraisablehook(void (*hook)(cede_exception *exception,
                                          const char *doing, void *argument),
                             void *argument);

/*
 * Tells that hook of an exception that nobody can receive, or prints it:
 * "Exception ignored in: <doing>". Borrows both. Never raises, never suspends.
 * Any thread. Python: PyErr_WriteUnraisable.
 */
void cede_write_unraisable(cede_exception *exception, const char *doing);

/* What is printed for the exception being handled, as a string of its own (free
   it with cede_free; NULL without memory), or to stderr; "NoneType: None" if
   there is none. Never raise. Python: traceback.format_exc,
   traceback.print_exc. */
char *cede_format_exc(void);
void cede_print_exc(void);

CEDE_IMPL_END
