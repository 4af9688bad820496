/*
 * Exceptions: Python's hierarchy, and the objects that are raised.
 *
 * An exception has a class, args (a text, most of the time), perhaps a payload
 * of yours, notes, a cause (`raise … from`), a context (what was being handled
 * when it was raised) and a traceback. See the Python language reference 8.4
 * and the library reference "Built-in Exceptions"; PEP 3134 for cause and
 * context, PEP 678 for notes. cede/try.h has the statements, cede/group.h
 * groups, cede/traceback.h what is printed.
 *
 * Exceptions may travel between threads: their references are counted
 * atomically, and threads may read one together. Reading one while another
 * thread raises it or changes it is a race. Unless it says otherwise, a
 * function here borrows the exception, neither raises nor suspends, and any
 * thread may call it.
 */
#pragma once

#include "cede/value.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * Each is an array of one class, so that its name is a `const cede_class *`.
 * asyncio's and socket's are among them; asyncio.TimeoutError is TimeoutError.
 * WouldBlock, EndOfChannel, BrokenResourceError and ClosedResourceError are
 * Trio's. ExceptionGroup, which has two bases, stands behind.
 */
#define CEDE_IMPL_EXCEPTION_CLASSES(X)                                         \
    X(BaseExceptionGroup, cede_BaseException)                                  \
    X(CancelledError, cede_BaseException)                                      \
    X(GeneratorExit, cede_BaseException)                                       \
    X(KeyboardInterrupt, cede_BaseException)                                   \
    X(SystemExit, cede_BaseException)                                          \
    X(Exception, cede_BaseException)                                           \
    X(ArithmeticError, cede_Exception)                                         \
    X(FloatingPointError, cede_ArithmeticError)                                \
    X(OverflowError, cede_ArithmeticError)                                     \
    X(ZeroDivisionError, cede_ArithmeticError)                                 \
    X(AssertionError, cede_Exception)                                          \
    X(AttributeError, cede_Exception)                                          \
    X(BrokenResourceError, cede_Exception)                                     \
    X(BufferError, cede_Exception)                                             \
    X(ClosedResourceError, cede_Exception)                                     \
    X(EOFError, cede_Exception)                                                \
    X(IncompleteReadError, cede_EOFError)                                      \
    X(EndOfChannel, cede_Exception)                                            \
    X(ImportError, cede_Exception)                                             \
    X(ModuleNotFoundError, cede_ImportError)                                   \
    X(InvalidStateError, cede_Exception)                                       \
    X(LimitOverrunError, cede_Exception)                                       \
    X(LookupError, cede_Exception)                                             \
    X(IndexError, cede_LookupError)                                            \
    X(KeyError, cede_LookupError)                                              \
    X(MemoryError, cede_Exception)                                             \
    X(NameError, cede_Exception)                                               \
    X(UnboundLocalError, cede_NameError)                                       \
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
    X(QueueEmpty, cede_Exception)                                              \
    X(QueueFull, cede_Exception)                                               \
    X(QueueShutDown, cede_Exception)                                           \
    X(ReferenceError, cede_Exception)                                          \
    X(RuntimeError, cede_Exception)                                            \
    X(BrokenBarrierError, cede_RuntimeError)                                   \
    X(NotImplementedError, cede_RuntimeError)                                  \
    X(PythonFinalizationError, cede_RuntimeError)                              \
    X(RecursionError, cede_RuntimeError)                                       \
    X(SendfileNotAvailableError, cede_RuntimeError)                            \
    X(StopAsyncIteration, cede_Exception)                                      \
    X(StopIteration, cede_Exception)                                           \
    X(SyntaxError, cede_Exception)                                             \
    X(IndentationError, cede_SyntaxError)                                      \
    X(TabError, cede_IndentationError)                                         \
    X(SystemError, cede_Exception)                                             \
    X(TypeError, cede_Exception)                                               \
    X(ValueError, cede_Exception)                                              \
    X(UnicodeError, cede_ValueError)                                           \
    X(UnicodeDecodeError, cede_UnicodeError)                                   \
    X(UnicodeEncodeError, cede_UnicodeError)                                   \
    X(UnicodeTranslateError, cede_UnicodeError)                                \
    X(WouldBlock, cede_Exception)                                              \
    X(Warning, cede_Exception)                                                 \
    X(BytesWarning, cede_Warning)                                              \
    X(DeprecationWarning, cede_Warning)                                        \
    X(EncodingWarning, cede_Warning)                                           \
    X(FutureWarning, cede_Warning)                                             \
    X(ImportWarning, cede_Warning)                                             \
    X(PendingDeprecationWarning, cede_Warning)                                 \
    X(ResourceWarning, cede_Warning)                                           \
    X(RuntimeWarning, cede_Warning)                                            \
    X(SyntaxWarning, cede_Warning)                                             \
    X(UnicodeWarning, cede_Warning)                                            \
    X(UserWarning, cede_Warning)

#define CEDE_IMPL_DECLARE(name, base)                                          \
    extern const cede_class cede_##name[1];                                    \
    CEDE_IMPL_IS_A_CLASS(cede_##name);

/* For cede_except, whose name of an exception is a struct's tag. */
#define CEDE_IMPL_IS_A_CLASS(class_name)                                       \
    union cede_impl_except_takes_classes_in_parentheses_##class_name
/* The root of all exceptions. */
CEDE_IMPL_DECLARE(BaseException, NULL)
/* Derived as in Python; those that Python has not, from what is nearest. */
CEDE_IMPL_EXCEPTION_CLASSES(CEDE_IMPL_DECLARE)
/* Both a BaseExceptionGroup and an Exception. */
CEDE_IMPL_DECLARE(ExceptionGroup, cede_BaseExceptionGroup)
#undef CEDE_IMPL_DECLARE

/* What an instance of an exception class takes; for CEDE_EXCEPTION. */
#define CEDE_IMPL_EXCEPTION_SIZE 256
#define CEDE_IMPL_EXCEPTION_FLAGS                                              \
    (CEDE_CLASS_SHARED | CEDE_CLASS_EXCEPTION | CEDE_CLASS_CONTAINER)

/*
 * What every exception holds is given up: its args, notes, traceback, links.
 * For the end of a class's own destroy, which has it as its argument; nothing
 * else may call it. Python: super().__del__().
 */
void cede_exception_destroy(void *exception);

/*
 * Defines an exception class of your own at file scope:
 *     CEDE_EXCEPTION(ConfigError, cede_ValueError);
 * then cede_raise(ConfigError, "…") and cede_except (ConfigError, e). What
 * follows the base are fields of the class: `.object = &my_methods` gives it a
 * __str__, `.second_base = cede_KeyError` another base. A `.destroy` of your
 * own, for what a payload holds, calls cede_exception_destroy at its end.
 * To share the class between files, declare
 * `extern const cede_class ConfigError[1];` in a header.
 */
#define CEDE_EXCEPTION(class_name, ...)                                        \
    CEDE_IMPL_EXCEPTION_CLASS(class_name, __VA_ARGS__, )
#define CEDE_IMPL_EXCEPTION_CLASS(class_name, base_class, ...)                 \
    const cede_class class_name[1] = {{.name = #class_name,                    \
                                       .base = base_class,                     \
                                       .size = CEDE_IMPL_EXCEPTION_SIZE,       \
                                       .flags = CEDE_IMPL_EXCEPTION_FLAGS,     \
                                       __VA_ARGS__}};                          \
    CEDE_IMPL_IS_A_CLASS(class_name)

/* ---- making -------------------------------------------------------------- */

/*
 * cede_exception(cls, format, …): a new exception that is not raised yet, with
 * one reference. Its args are the text, or nothing if format is NULL (E15).
 * Raises TypeError if cls is no exception class or is that of a group,
 * MemoryError.
 */
#define cede_exception(...) cede_impl_exception_new(__VA_ARGS__)
cede_exception *cede_impl_exception_new(const cede_class *exception_class,
                                        const char *format, ...)
    CEDE_IMPL_FORMAT(2, 3) CEDE_IMPL_NEW;

/*
 * cede_exception_from_args(cls, a, b, …): the same of up to 16 args, each boxed
 * by cede_box; references they own are handed over, strings are copied. As in
 * Python StopIteration's and SystemExit's arg is their value too; OSError with
 * an errno and a text is of the errno's class, and a third arg is the name of
 * a file, which is shown but is no arg. Include cede/tuple.h. Python:
 * cls(a, b).
 */
#define cede_exception_from_args(exception_class, ...)                         \
    cede_impl_exception_from_args((exception_class), cede_tuple(__VA_ARGS__))
cede_exception *cede_impl_exception_from_args(const cede_class *exception_class,
                                              struct cede_tuple *args)
    CEDE_IMPL_NEW;

/*
 * cede_exception_from_tuple(cls, args): the same of the items of a tuple, which
 * is borrowed: a cede_tuple *, or a void *, as cede_value_object returns. Raises
 * TypeError if it is something else. Python: cls(*args).
 */
cede_exception *cede_exception_from_tuple(const cede_class *exception_class,
                                          const void *args) CEDE_IMPL_NEW;

#ifndef __cplusplus

/*
 * cede_exception_with(cls, payload, format, …): the same as cede_exception,
 * with a copy of an object of C, which cede_exception_payload finds again. In
 * place of attributes that a Python class keeps:
 *     struct span { int from, to; };
 *     cede_exception_with(ParseError, ((struct span){3, 7}), "bad number")
 * The copy is given up with the exception. If there is more to give up than
 * its memory, the class has a destroy of its own; put what it gives up into the
 * payload when the exception is made, for until then it may raise instead.
 */
#define cede_exception_with(exception_class, payload, ...)                     \
    (__extension__({                                                           \
        __auto_type cede_impl_payload = (payload);                             \
        cede_impl_exception_with((exception_class), &cede_impl_payload,        \
                                 sizeof cede_impl_payload, __VA_ARGS__);       \
    }))

#endif /* !__cplusplus */

cede_exception *cede_impl_exception_with(const cede_class *exception_class,
                                         const void *payload, size_t size,
                                         const char *format, ...)
    CEDE_IMPL_FORMAT(4, 5) CEDE_IMPL_NEW;

/*
 * New exceptions with what they carry, one reference, not raised yet; the
 * MemoryError when there is no memory. asyncio.IncompleteReadError(partial,
 * expected): partial is copied, expected 0 means undefined.
 * asyncio.LimitOverrunError(message, consumed).
 */
cede_exception *cede_incomplete_read_error(const void *partial, size_t size,
                                           size_t expected)
    CEDE_IMPL_NEW;
cede_exception *cede_limit_overrun_error(const char *message, size_t consumed)
    CEDE_IMPL_NEW;

/* ---- asking -------------------------------------------------------------- */

/* Is the exception of this class or a derived one? (isinstance) */
bool cede_exception_is(const cede_exception *exception,
                       const cede_class *exception_class);

/* Its class's name. */
const char *cede_exception_name(const cede_exception *exception);

/*
 * What Python's str(e) gives: "" without args, the str of one arg, the repr of
 * the tuple of several; of a KeyError the repr of its one arg; what a str of
 * the class's own says. Borrowed: it stays valid and the same as long as the
 * exception lives. Raises what a str of the class's own or of an arg raises,
 * and suspends if that does; MemoryError, unless the exception was made with a
 * text.
 */
const char *cede_exception_message(const cede_exception *exception);

/*
 * Its args (E15): what cede_exception_from_args was given, the text alone, or
 * nothing; (errno, what it means) of an OSError that cede_raise_errno made;
 * (message, [exceptions]) of a group. Borrowed. Raises MemoryError. Python:
 * e.args.
 */
struct cede_tuple *cede_exception_args(const cede_exception *exception);

/* The copy it was made with by cede_exception_with, NULL if there is none. It
   is yours to change as long as the exception lives. */
void *cede_exception_payload(const cede_exception *exception);

/*
 * The value an exception carries: StopIteration's, SystemExit's, the name of
 * an OSError's file, one of yours; None if there is none. Borrowed from the
 * exception. Setting hands the value over.
 */
cede_value cede_exception_value(const cede_exception *exception);
void cede_exception_set_value(cede_exception *exception, cede_value value);

/* The errno of an OSError, 0 of any other; what cede_raise_errno and
   cede_check raise has it set, one of your own making takes it here. */
int cede_exception_errno(const cede_exception *exception);
void cede_exception_set_errno(cede_exception *exception, int error);

/* The subclass of OSError that Python raises for an errno (PEP 3151), and
   MemoryError for ENOMEM. */
const cede_class *cede_errno_class(int error);

/* SystemExit's status: its value if an int, 0 for None, else 1. */
int cede_exception_exit_status(const cede_exception *exception);

/*
 * IncompleteReadError: the bytes read before the end of the stream (borrowed,
 * *size is set) and how many were wanted, 0 when that is undefined.
 * LimitOverrunError: how many bytes at the beginning of the buffer belong to no
 * separator. If one was found, it begins behind them; if not, one that has
 * arrived in part may. More than 0; cede/stream.h says how to go on.
 */
const void *cede_exception_partial(const cede_exception *exception,
                                   size_t *size);
size_t cede_exception_expected(const cede_exception *exception);
size_t cede_exception_consumed(const cede_exception *exception);

/* ---- notes --------------------------------------------------------------- */

/*
 * Adds a line, or several, that is printed behind the message (E11). Raises
 * MemoryError. Python: e.add_note, PEP 678.
 */
void cede_exception_add_note(cede_exception *exception, const char *format, ...)
    CEDE_IMPL_FORMAT(2, 3);

/* How many notes there are, and one of them, borrowed. The latter raises
   IndexError. Python: e.__notes__. */
size_t cede_exception_notes_count(const cede_exception *exception);
const char *cede_exception_note(const cede_exception *exception, size_t index);

/* ---- chains -------------------------------------------------------------- */

/* `raise … from`: the cause, or NULL. Borrowed. PEP 3134. */
cede_exception *cede_exception_cause(const cede_exception *exception);

/* What was being handled when it was raised, or NULL. Borrowed. PEP 3134. */
cede_exception *cede_exception_context(const cede_exception *exception);

/* Is the context hidden when printed, as `raise … from` makes it? PEP 415. */
bool cede_exception_suppress_context(const cede_exception *exception);

/*
 * Sets the cause (borrowed; NULL clears) and hides the context. Exceptions
 * that held each other would never be given up, so a cause or context that
 * leads back to this exception is cleared; and if the cause is a group with
 * this exception in it, it is not set. Neither is a context that would lead
 * back by a cause or a group when this exception is raised. (Python lets such
 * circles be and does not follow them when it prints.)
 */
void cede_exception_set_cause(cede_exception *exception, cede_exception *cause);

CEDE_IMPL_END
