/*
 * Raising and catching: Python's try, except, else, finally, raise and with
 * (language reference 7.8, 8.4, 8.5; PEP 341, PEP 343), and defer.
 *
 *     cede_try {
 *         config = load(path);
 *     } cede_except (cede_FileNotFoundError, e) {
 *         config = defaults();
 *     } cede_else {
 *         …                         no exception, and not protected by except
 *     } cede_finally {
 *         unlock();                 on every way out, exactly once
 *     } cede_end
 *
 * The clauses come in this order; each may be left out. break, continue,
 * return and goto inside act on your own code, and finally runs on the way.
 * The exception named in cede_except is borrowed until its clause ends.
 *
 * THE RULE: a local declared before the statement, assigned anywhere inside
 * it, and read in a later clause or after it must be `volatile` or named once
 * in cede_keep(x) before the statement. cede_keep costs nothing but keeping
 * the variable in memory.
 *
 * With clang: inside a finally clause do not leave another statement (or a
 * cede_for) early by return, break, continue or goto; put that code into a
 * function of its own. clang keeps one place per function for "where to go",
 * and the clause may be running because the function is on its way out.
 *
 * No exception may cross a frame that was not written for cede: callbacks of
 * other libraries, and functions with __attribute__((cleanup)) of their own,
 * begin with cede_catch. Any thread; each has its own chain of handlers.
 */
#pragma once
#pragma GCC system_header

#include "cede/impl/flow.h"

CEDE_IMPL_BEGIN

/* A function that cede calls for you: a coroutine's body, a callback. */
typedef cede_value (*cede_function)(void *argument);

/*
 * Calls function(argument) and catches whatever it raises: returns the
 * exception (yours to cede_unref) or NULL, and then *result is what the
 * function returned (result may be NULL: the value is dropped). For plain C
 * and for callbacks of foreign code. Suspends if the function does.
 */
cede_exception *cede_catch(cede_function function, void *argument,
                           cede_value *result) CEDE_IMPL_USE_RESULT;

#ifndef __cplusplus

#define cede_impl_open                                                         \
    __attribute__((cleanup(cede_impl_frame_leave)))                            \
        cede_impl_frame cede_impl_frame_;                                      \
    cede_impl_frame_push(&cede_impl_frame_, CEDE_IMPL_HERE);

#define cede_impl_body                                                         \
    int cede_impl_phase_ = CEDE_IMPL_ENTER(&cede_impl_frame_);                 \
    cede_impl_again:;                                                          \
    {                                                                          \
        if (CEDE_IMPL_IN(CEDE_IMPL_PHASE_BODY))

#define cede_try                                                               \
    {                                                                          \
        {                                                                      \
            __label__ cede_impl_again;                                         \
            cede_impl_open cede_impl_body

/*
 * Runs when the exception is of this class or a derived one and no clause
 * before took it (E07); e is the exception, a `cede_exception *`.
 */
#define cede_except(exception_class, e)                                        \
    }                                                                          \
    if (CEDE_IMPL_IN(CEDE_IMPL_PHASE_HANDLE)) {                                \
        __attribute__((unused)) cede_exception *const e =                      \
            (cede_impl_frame_.record.state == CEDE_IMPL_STATE_HANDLE &&        \
             cede_impl_match(&cede_impl_frame_, (exception_class)))            \
                ? cede_impl_frame_.exception                                   \
                : NULL;                                                        \
        if (e)

/* Runs when the body ended without an exception (E04). */
#define cede_else                                                              \
    }                                                                          \
    {                                                                          \
        if (CEDE_IMPL_IN(CEDE_IMPL_PHASE_ELSE))

/* Runs on every way out (E13). A return or break in it drops the pending
   exception, as in Python (E03). */
#define cede_finally                                                           \
    }                                                                          \
    {                                                                          \
        if (CEDE_IMPL_IN(CEDE_IMPL_PHASE_FINALLY))

/* Ends every block form but cede_for. */
#define cede_end                                                               \
    }                                                                          \
    CEDE_IMPL_MAY_NOT_RETURN;                                                  \
    cede_impl_phase_ = cede_impl_next(&cede_impl_frame_, cede_impl_phase_);    \
    if (cede_impl_phase_ != CEDE_IMPL_PHASE_DONE)                              \
        goto cede_impl_again;                                                  \
    }                                                                          \
    }

/*
 * with expr as name: enters the context manager, runs the block, leaves the
 * manager on every way out; its exit may swallow the exception. Takes the
 * reference of its manager and gives it up behind cede_end: cede_except,
 * cede_else and cede_finally may follow, hear of what exit raises too, and may
 * still ask `name`.
 */
#define cede_with(name, ...)                                                   \
    {                                                                          \
        __extension__ __attribute__((unused)) __auto_type name =               \
            (__VA_ARGS__);                                                     \
        __attribute__((cleanup(cede_impl_defer_leave)))                        \
            cede_impl_defer cede_impl_manager_;                                \
        cede_impl_defer_push(&cede_impl_manager_, cede_unref, name);           \
        {                                                                      \
            __label__ cede_impl_again;                                         \
            cede_impl_with_enter(name);                                        \
            cede_impl_open                                                     \
            cede_impl_frame_.record.kind = CEDE_IMPL_RECORD_WITH;              \
            cede_impl_frame_.manager = name;                                   \
            cede_impl_body

/*
 * cede_raise(cls), cede_raise(cls, format, …): raises a new exception of the
 * class. cede_raise(e): raises an exception you have (borrowed). Does not
 * return. The exception being handled becomes its context (E01).
 */
#define cede_raise(...)                                                        \
    CEDE_IMPL_PASTE(cede_impl_raise_, CEDE_IMPL_ONE_OR_MORE(__VA_ARGS__))      \
    (__VA_ARGS__)
#define cede_impl_raise_one(what)                                              \
    _Generic((what), const cede_class *: cede_impl_raise_class,                \
        cede_class *: cede_impl_raise_class,                                   \
        cede_exception *: cede_impl_raise_object)(CEDE_IMPL_HERE, what)
#define cede_impl_raise_more(...)                                              \
    cede_impl_raise_new(CEDE_IMPL_HERE, __VA_ARGS__)

/* Up to 24 arguments. */
#define CEDE_IMPL_ONE_OR_MORE(...)                                             \
    CEDE_IMPL_25TH(__VA_ARGS__, more, more, more, more, more, more, more,      \
                   more, more, more, more, more, more, more, more, more, more, \
                   more, more, more, more, more, more, one, none)
#define CEDE_IMPL_25TH(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r,   \
                       s, t, u, v, w, x, y, ...)                               \
    y

/* raise cls(format …) from cause (borrowed; NULL: from None). */
#define cede_raise_from(exception_class, cause, ...)                           \
    cede_impl_raise_from(CEDE_IMPL_HERE, exception_class, cause, __VA_ARGS__)

/* Bare raise: goes on raising the exception being handled. RuntimeError if
   there is none (E05). */
#define cede_reraise() cede_impl_reraise(CEDE_IMPL_HERE)

/* Raises the OSError of an errno: cede_raise_errno(ENOENT, "open %s", path). */
#define cede_raise_errno(error, ...)                                           \
    cede_impl_raise_errno(CEDE_IMPL_HERE, error, __VA_ARGS__)

/* Passes rc through if it is not negative, else raises OSError for -rc. */
#define cede_check(rc)                                                         \
    (__extension__({                                                           \
        __auto_type cede_impl_rc = (rc);                                       \
        if (CEDE_IMPL_UNLIKELY(cede_impl_rc < 0))                              \
            cede_impl_raise_errno(CEDE_IMPL_HERE, (int)-cede_impl_rc,          \
                                  NULL);                                       \
        cede_impl_rc;                                                          \
    }))

/*
 * Calls function(argument) at the end of the enclosing block, also when an
 * exception passes; last in, first out. The function must take one argument
 * that is a pointer; its return value is dropped.
 */
#define cede_defer(function, ...)                                              \
    cede_impl_defer_(CEDE_IMPL_PASTE(cede_impl_defer_, __COUNTER__),           \
                     function, __VA_ARGS__)
#define cede_impl_defer_(name, function_, ...)                                 \
    __attribute__((cleanup(cede_impl_defer_leave))) cede_impl_defer name;      \
    cede_impl_defer_push(&name, (void (*)(void *))(void (*)(void))(function_), \
                         (1 ? (__VA_ARGS__)                                    \
                            : ((void)sizeof((function_)(__VA_ARGS__)),         \
                               (__VA_ARGS__))))

/*
 * cede_auto (T, x, function) = expr; declares x and calls function(&x) at the
 * end of the block, also when an exception passes: what
 * __attribute__((cleanup)) is in plain C, which exceptions skip.
 */
#define cede_auto(type, name, function_)                                       \
    __attribute__((unused)) type name = (type){0};                             \
    __attribute__((cleanup(cede_impl_defer_leave)))                            \
        cede_impl_defer CEDE_IMPL_PASTE(cede_impl_auto_, name);                \
    cede_impl_defer_push(&CEDE_IMPL_PASTE(cede_impl_auto_, name),              \
                         (void (*)(void *))(void (*)(void))(function_),        \
                         (1 ? &name : ((void)sizeof((function_)(&name)),       \
                                       &name)));                               \
    name

/* Keeps a local in memory, so that a later clause reads its last value. */
#define cede_keep(variable)                                                    \
    __asm__ volatile("" : : "r"(&(variable)) : "memory")

#endif /* !__cplusplus */

CEDE_IMPL_END
