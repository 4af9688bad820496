/*
 * Exceptions: Python's hierarchy, and the objects that are raised.
 *
 * An exception has a class, a message or a payload, a cause (`raise … from`),
 * a context (what was being handled when it was raised), and a traceback. See
 * the Python language reference 8.4 and the library reference "Built-in
 * Exceptions"; PEP 3134 for cause and context. cede/try.h has the statements.
 *
 * Exceptions may travel between threads: their references are counted
 * atomically. Reading one while another thread raises it is a race.
 */
#pragma once
#pragma GCC system_header

#include "cede/value.h"

CEDE_IMPL_BEGIN

/* Each is an array of one class, so that its name is a `const cede_class *`. */
#define CEDE_IMPL_EXCEPTION_CLASSES(X)                                         \
    X(BaseException, NULL)                                                     \
    X(CancelledError, cede_BaseException)                                      \
    X(GeneratorExit, cede_BaseException)                                       \
    X(KeyboardInterrupt, cede_BaseException)                                   \
    X(SystemExit, cede_BaseException)                                          \
    X(Exception, cede_BaseException)                                           \
    X(ArithmeticError, cede_Exception)                                         \
    X(OverflowError, cede_ArithmeticError)                                     \
    X(ZeroDivisionError, cede_ArithmeticError)                                 \
    X(AssertionError, cede_Exception)                                          \
    X(AttributeError, cede_Exception)                                          \
    X(EOFError, cede_Exception)                                                \
    X(IncompleteReadError, cede_EOFError)                                      \
    X(InvalidStateError, cede_Exception)                                       \
    X(LimitOverrunError, cede_Exception)                                       \
    X(LookupError, cede_Exception)                                             \
    X(IndexError, cede_LookupError)                                            \
    X(KeyError, cede_LookupError)                                              \
    X(MemoryError, cede_Exception)                                             \
    X(NameError, cede_Exception)                                               \
    X(OSError, cede_Exception)                                                 \
    X(BlockingIOError, cede_OSError)                                           \
    X(ChildProcessError, cede_OSError)                                         \
    X(ConnectionError, cede_OSError)                                           \
    X(BrokenPipeError, cede_ConnectionError)                                   \
    X(ConnectionAbortedError, cede_ConnectionError)                            \
    X(ConnectionRefusedError, cede_ConnectionError)                            \
    X(ConnectionResetError, cede_ConnectionError)                              \
    X(FileExistsError, cede_OSError)                                           \
    X(FileNotFoundError, cede_OSError)                                         \
    X(InterruptedError, cede_OSError)                                          \
    X(IsADirectoryError, cede_OSError)                                         \
    X(NotADirectoryError, cede_OSError)                                        \
    X(PermissionError, cede_OSError)                                           \
    X(ProcessLookupError, cede_OSError)                                        \
    X(TimeoutError, cede_OSError)                                              \
    X(gaierror, cede_OSError)                                                  \
    X(RuntimeError, cede_Exception)                                            \
    X(NotImplementedError, cede_RuntimeError)                                  \
    X(RecursionError, cede_RuntimeError)                                       \
    X(StopIteration, cede_Exception)                                           \
    X(StopAsyncIteration, cede_Exception)                                      \
    X(TypeError, cede_Exception)                                               \
    X(ValueError, cede_Exception)                                              \
    X(UnicodeError, cede_ValueError)

#define CEDE_IMPL_DECLARE(name, base) extern const cede_class cede_##name[1];
CEDE_IMPL_EXCEPTION_CLASSES(CEDE_IMPL_DECLARE)
#undef CEDE_IMPL_DECLARE

/* What an instance of an exception class takes; for CEDE_EXCEPTION. */
#define CEDE_IMPL_EXCEPTION_SIZE 256
void cede_impl_exception_destroy(void *exception);

/*
 * Defines an exception class of your own at file scope:
 *     CEDE_EXCEPTION(ConfigError, cede_ValueError);
 * then cede_raise(ConfigError, "…") and cede_except (ConfigError, e). To share
 * it between files, declare `extern const cede_class ConfigError[1];` in a
 * header.
 */
#define CEDE_EXCEPTION(class_name, base_class)                                 \
    const cede_class class_name[1] = {                                         \
        {#class_name, base_class, CEDE_IMPL_EXCEPTION_SIZE,                    \
         CEDE_CLASS_SHARED | CEDE_CLASS_EXCEPTION,                             \
         cede_impl_exception_destroy, NULL, NULL, NULL}}

/*
 * cede_exception(cls, format, …): a new exception that is not raised yet, with
 * one reference; format may be NULL for an exception without a message. Raises
 * TypeError if cls is no exception class, MemoryError. Never suspends.
 */
#define cede_exception(...) cede_impl_exception_new(__VA_ARGS__)
cede_exception *cede_impl_exception_new(const cede_class *exception_class,
                                        const char *format, ...)
    CEDE_IMPL_FORMAT(2, 3) CEDE_IMPL_USE_RESULT;

/* Is the exception of this class or a derived one? (isinstance) */
bool cede_exception_is(const cede_exception *exception,
                       const cede_class *exception_class);

/* Its message, "" if it has none: what Python's str(e) gives. Borrowed. */
const char *cede_exception_message(const cede_exception *exception);

/* Its class's name. */
const char *cede_exception_name(const cede_exception *exception);

/* `raise … from`: the cause, or NULL. Borrowed. PEP 3134. */
cede_exception *cede_exception_cause(const cede_exception *exception);

/* What was being handled when it was raised, or NULL. Borrowed. PEP 3134. */
cede_exception *cede_exception_context(const cede_exception *exception);

/* Is the context hidden when printed, as `raise … from` makes it? PEP 409. */
bool cede_exception_suppress_context(const cede_exception *exception);

/* Sets the cause (borrowed; NULL clears) and hides the context. */
void cede_exception_set_cause(cede_exception *exception, cede_exception *cause);

/*
 * The value an exception carries: StopIteration's, a payload of yours; None if
 * there is none. Borrowed from the exception. Setting hands the value over.
 */
cede_value cede_exception_value(const cede_exception *exception);
void cede_exception_set_value(cede_exception *exception, cede_value value);

/* The errno of an OSError, 0 of any other; what cede_raise_errno and
   cede_check raise has it set, one of your own making takes it here. */
int cede_exception_errno(const cede_exception *exception);
void cede_exception_set_errno(cede_exception *exception, int error);

/* SystemExit's status: its value if an int, 0 for None, else 1. */
int cede_exception_exit_status(const cede_exception *exception);

/*
 * New exceptions with what they carry, one reference, not raised yet; the
 * MemoryError when there is no memory. asyncio.IncompleteReadError(partial,
 * expected): partial is copied, expected 0 means undefined.
 * asyncio.LimitOverrunError(message, consumed).
 */
cede_exception *cede_incomplete_read_error(const void *partial, size_t size,
                                           size_t expected)
    CEDE_IMPL_USE_RESULT;
cede_exception *cede_limit_overrun_error(const char *message, size_t consumed)
    CEDE_IMPL_USE_RESULT;

/*
 * IncompleteReadError: the bytes read before the end of the stream (borrowed,
 * *size is set) and how many were wanted, 0 when that is undefined.
 * LimitOverrunError: how many bytes of the buffer were looked at.
 */
const void *cede_exception_partial(const cede_exception *exception,
                                   size_t *size);
size_t cede_exception_expected(const cede_exception *exception);
size_t cede_exception_consumed(const cede_exception *exception);

/* The subclass of OSError that Python raises for an errno (PEP 3151). */
const cede_class *cede_errno_class(int error);

/*
 * Prints the exception as Python prints what nobody caught: causes and
 * contexts first, each with its traceback. To stderr, whole lines. Any thread.
 */
void cede_print_exception(const cede_exception *exception);

/* The same text as a string of its own (free with cede_free), NULL if there is
   no memory. (traceback.format_exception) */
char *cede_format_exception(const cede_exception *exception);

CEDE_IMPL_END
