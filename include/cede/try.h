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
 * The clauses come in this order, which the compiler sees to; each may be left
 * out. A function all of whose clauses return wants a return behind cede_end as
 * well, which nothing reaches: the compiler cannot know. break, continue,
 * return and goto inside act on your own code, and finally runs on the way.
 * The exception named in cede_except is borrowed until its clause ends.
 *
 * THE RULE: a local declared before the statement, assigned anywhere inside
 * it, and read in a later clause or after it must be `volatile` or named once
 * in cede_keep(x) before the statement. cede_keep costs nothing but keeping
 * the variable in memory. gcc on x86-64 keeps all locals by itself, unless
 * CEDE_FAST_FRAMES is defined; the rule is there for the others.
 *
 * With clang: inside a finally clause do not leave another statement (or a
 * cede_for) early by return, break, continue or goto, and where you compile
 * without optimization have no cede_for there at all; put that code into a
 * function of its own. clang keeps one place per function for "where to go",
 * and the clause may be running because the function is on its way out.
 * cede-lint reports both.
 *
 * With any compiler: a result has one place in a function. A return from a
 * statement inside a finally clause that is taken back before the clause ends
 * (an exception overtakes it and is caught there, or a finally clause on its
 * way breaks, continues or jumps) has already replaced the result that was on
 * its way out; Python gives back the old one. Put such code into a function of
 * its own as well.
 *
 * No exception may cross a frame that was not written for cede: callbacks of
 * other libraries, and functions with __attribute__((cleanup)) of their own,
 * begin with cede_catch. Any thread; each has its own chain of handlers.
 *
 * Of what stands here neither raises nor suspends what does not say so; clauses
 * and blocks do as the code in them does, also while an exception passes.
 */
#pragma once

#include "cede/impl/call.h"
#include "cede/impl/flow.h"

#include <errno.h> /* for cede_raise_errno(errno, …) */

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * Calls a cede_function as cede would: for one that was handed on by a macro,
 * such as a task factory's recipe->function, which may be of any type that
 * cede/generator.h allows. Returns none if the function returns nothing.
 * Raises and suspends as the function does.
 */
#define cede_call_function(function, argument)                                 \
    cede_impl_call_function((function), (argument))

/*
 * Calls function(argument) and catches whatever it raises: returns the
 * exception (yours to cede_unref) or NULL, and then *result is what the
 * function returned (result may be NULL: the value is dropped). For plain C
 * and for callbacks of foreign code. Suspends if the function does.
 */
cede_exception *cede_catch(cede_function function, void *argument,
                           cede_value *result) CEDE_IMPL_NEW;

#ifndef __cplusplus

#define cede_impl_open(kind)                                                   \
    __attribute__((cleanup(cede_impl_frame_leave)))                            \
        cede_impl_frame cede_impl_frame_;                                      \
    cede_impl_frame_push(&cede_impl_frame_, kind, CEDE_IMPL_HERE);             \
    enum {                                                                     \
        cede_impl_inside = 1,                                                  \
        cede_no_statement_is_open_here = 1,                                    \
        cede_impl_kind = kind,                                                 \
        cede_impl_last = CEDE_IMPL_LAST_EXCEPT                                 \
    };

#define cede_impl_body                                                         \
    int cede_impl_phase_ = CEDE_IMPL_ENTER(&cede_impl_frame_);                 \
    enum cede_impl_last cede_impl_last_;                                       \
    cede_end_is_missing:;                                                      \
    {                                                                          \
        if (CEDE_IMPL_IN(CEDE_IMPL_PHASE_BODY))

/* cede_try {…}: begins the statement; cede_end ends it. Python: try. */
#define cede_try                                                               \
    {                                                                          \
        {                                                                      \
            __label__ cede_end_is_missing;                                     \
            cede_impl_open(CEDE_IMPL_RECORD_TRY) cede_impl_body

/* Before a clause: is a statement open, and may this one follow the last? In a
   message of the compiler's the name of the first says what is wrong. */
#define CEDE_IMPL_CLAUSES_ARE(in_order, text)                                  \
    _Static_assert(cede_no_statement_is_open_here && (in_order), text);

/*
 * cede_except (cls, e), cede_except ((cls, cls, …), e): runs when the exception
 * is of one of these classes or of a derived one and no clause before took it
 * (E07); e is the exception, a `cede_exception *`, borrowed until the clause
 * ends. Without a name, cede_except (cls), the exception is not looked at.
 * Several classes without their parentheses do not compile. Raises TypeError,
 * when an exception comes, for what is no exception class.
 */
#define cede_except(...)                                                       \
    CEDE_IMPL_CLAUSE(cede_impl_except_clause, __VA_ARGS__)
#define cede_impl_except_clause(classes, e)                                    \
    CEDE_IMPL_IS_NO_CLASS(e)                                                   \
    CEDE_IMPL_CLAUSES_ARE((int)cede_impl_last == CEDE_IMPL_LAST_EXCEPT,        \
                          "cede_except stands before cede_else and "           \
                          "cede_finally")                                      \
    }                                                                          \
    if (CEDE_IMPL_IN_EXCEPT) {                                                 \
        __attribute__((unused)) cede_exception *const e =                      \
            cede_impl_frame_.record.state == CEDE_IMPL_STATE_HANDLE            \
                ? CEDE_IMPL_PASTE(CEDE_IMPL_MATCH_,                            \
                                  CEDE_IMPL_IS_LIST(classes))(classes)         \
                : NULL;                                                        \
        if (e)
#define CEDE_IMPL_IN_EXCEPT                                                    \
    (cede_impl_last_ = CEDE_IMPL_LAST_EXCEPT,                                  \
     CEDE_IMPL_IN(CEDE_IMPL_PHASE_HANDLE))
#define CEDE_IMPL_MATCH_one(class)                                             \
    cede_impl_match_one(&cede_impl_frame_, (class))
#define CEDE_IMPL_MATCH_list(classes)                                          \
    CEDE_IMPL_MATCH(cede_impl_match, classes)

/*
 * cede_except_group (cls, eg), cede_except_group ((cls, cls, …), eg), except*
 * in Python: runs with the part of an exception group whose members are of one
 * of these classes; eg is a group, borrowed until the clause ends. Each clause
 * takes its part from what the clauses before it left (X03, X07), a naked
 * exception counts as a group of one, and what is left in the end is raised on,
 * beside what the clauses raised themselves (X04). A statement has clauses of
 * one kind. As in Python, break, continue, goto and return may not leave the
 * clause: RuntimeError. PEP 654.
 */
#define cede_except_group(...)                                                 \
    CEDE_IMPL_CLAUSE(cede_impl_except_group_clause, __VA_ARGS__)
#define cede_impl_except_group_clause(classes, eg)                             \
    CEDE_IMPL_IS_NO_CLASS(eg)                                                  \
    CEDE_IMPL_CLAUSES_ARE((int)cede_impl_last == CEDE_IMPL_LAST_EXCEPT,        \
                          "cede_except_group stands before cede_else and "     \
                          "cede_finally")                                      \
    }                                                                          \
    if (CEDE_IMPL_IN_EXCEPT) {                                                 \
        __attribute__((unused)) cede_exception *const eg =                     \
            CEDE_IMPL_MATCH(cede_impl_match_group, classes);                   \
        if (eg)

/* One argument: a clause without a name. */
#define CEDE_IMPL_CLAUSE(clause, ...)                                          \
    CEDE_IMPL_PASTE(CEDE_IMPL_CLAUSE_, CEDE_IMPL_ONE_OR_MORE(__VA_ARGS__))     \
    (clause, __VA_ARGS__, )
#define CEDE_IMPL_CLAUSE_one(clause, classes, ...)                             \
    clause(classes, cede_impl_caught_)
#define CEDE_IMPL_CLAUSE_more(clause, classes, e, ...)                         \
    CEDE_IMPL_CLAUSES_ARE(                                                     \
        sizeof #__VA_ARGS__ == 1,                                              \
        "several classes stand in parentheses: cede_except ((A, B), e)")       \
    clause(classes, e)

/* `A, B` without parentheses would be the class A and a variable named B, which
   hides the class: a class's name is the tag of a union as well. */
#define CEDE_IMPL_IS_NO_CLASS(e)                                               \
    CEDE_IMPL_CLAUSES_ARE(                                                     \
        sizeof(struct cede_impl_except_takes_classes_in_parentheses_##e *),    \
        "several classes stand in parentheses")

/* `A` is one class, `(A, B)` several: only the latter is a macro's arguments
   when CEDE_IMPL_TWO stands before it. */
#define CEDE_IMPL_MATCH(match, classes)                                        \
    match(&cede_impl_frame_,                                                   \
          (const cede_class *const[]){                                         \
              CEDE_IMPL_PASTE(CEDE_IMPL_CLASSES_,                              \
                              CEDE_IMPL_IS_LIST(classes))(classes)},           \
          sizeof((const cede_class *const[]){CEDE_IMPL_PASTE(                  \
              CEDE_IMPL_CLASSES_, CEDE_IMPL_IS_LIST(classes))(classes)}) /     \
              sizeof(const cede_class *))
#define CEDE_IMPL_IS_LIST(classes)                                             \
    CEDE_IMPL_IS_LIST_(CEDE_IMPL_TWO classes, one, ~)
#define CEDE_IMPL_IS_LIST_(...) CEDE_IMPL_SECOND(__VA_ARGS__)
#define CEDE_IMPL_SECOND(first, second, ...) second
#define CEDE_IMPL_TWO(...) ~, list
#define CEDE_IMPL_CLASSES_one(class) class
#define CEDE_IMPL_CLASSES_list(classes) CEDE_IMPL_STRIP classes
#define CEDE_IMPL_STRIP(...) __VA_ARGS__

/* Runs when the body ended without an exception (E04). Python: else. */
#define cede_else                                                              \
    CEDE_IMPL_CLAUSES_ARE((int)cede_impl_last == CEDE_IMPL_LAST_EXCEPT,        \
                          "one cede_else stands before cede_finally")          \
    }                                                                          \
    {                                                                          \
        enum { cede_impl_last = CEDE_IMPL_LAST_ELSE };                         \
        if (CEDE_IMPL_IN(CEDE_IMPL_PHASE_ELSE))

/* Runs on every way out (E13). A return or break in it drops the pending
   exception, as in Python (E03). */
#define cede_finally                                                           \
    CEDE_IMPL_CLAUSES_ARE((int)cede_impl_last != CEDE_IMPL_LAST_FINALLY,       \
                          "a statement has one cede_finally")                  \
    }                                                                          \
    {                                                                          \
        enum { cede_impl_last = CEDE_IMPL_LAST_FINALLY };                      \
        (void)sizeof(cede_impl_frame_.record); /* not after cede_for_else */   \
        if (CEDE_IMPL_IN(CEDE_IMPL_PHASE_FINALLY))

/* Ends every block form but cede_for. Which clause is the last one is said at
   its end, of a constant and just before it is asked for, so that it is nothing
   the compiler could hold while a finally clause runs (impl/flow.h). */
#define cede_end                                                               \
    CEDE_IMPL_CLAUSES_ARE(true, "a statement is open")                         \
    cede_impl_last_ = (enum cede_impl_last)cede_impl_last;                     \
    }                                                                          \
    CEDE_IMPL_MAY_NOT_RETURN;                                                  \
    cede_impl_phase_ = _Generic(&cede_impl_frame_,                             \
                                cede_impl_frame *: cede_impl_next,             \
                                cede_impl_loop *: cede_impl_loop_next)(        \
        &cede_impl_frame_, cede_impl_phase_,                                   \
        (enum cede_impl_record_kind)cede_impl_kind, cede_impl_last_);          \
    if (cede_impl_phase_ != CEDE_IMPL_PHASE_DONE) {                            \
        CEDE_IMPL_GO_BACK                                                      \
        goto cede_end_is_missing;                                              \
    }                                                                          \
    }                                                                          \
    }

/*
 * cede_with (name, manager): with manager as name; enters the context manager,
 * runs the block, leaves the manager on every way out; its exit may swallow the
 * exception. Takes the reference of its manager and gives it up behind
 * cede_end. Raises and suspends as its enter and its exit do; TypeError for
 * what is no manager. cede_except, cede_else and cede_finally may follow, hear
 * of what exit raises too, and may still ask `name`.
 */
#define cede_with(name, ...)                                                   \
    {                                                                          \
        __extension__ __attribute__((unused)) __auto_type name =               \
            (__VA_ARGS__);                                                     \
        __attribute__((cleanup(cede_impl_defer_leave)))                        \
            cede_impl_defer cede_impl_manager_;                                \
        cede_impl_defer_push(&cede_impl_manager_, cede_unref, name);           \
        {                                                                      \
            __label__ cede_end_is_missing;                                     \
            cede_impl_with_enter(name);                                        \
            cede_impl_open(CEDE_IMPL_RECORD_WITH)                              \
            cede_impl_frame_.manager = name;                                   \
            cede_impl_body

/*
 * cede_foreign { … } cede_end: the block calls code that was not written for
 * cede and that calls back: qsort, a parser, a C++ library.
 *
 *     cede_foreign {
 *         qsort(items, count, sizeof *items, compare);
 *     } cede_end
 *
 * Neither an exception nor a suspension may cross such frames. In here whatever
 * would suspend this task raises RuntimeError, and so does a cede_yield of the
 * generator that has the block; a generator that a callback runs may yield. An
 * exception that would leave the block ends the program by abort(), which says
 * where it was raised and what it would have crossed: a callback that may raise
 * begins with cede_catch, keeps what it caught, and the block's own function
 * raises it behind cede_end. Leaving by return, break, continue or goto is
 * fine, from the block itself. Blocks nest. Raises nothing by itself.
 */
#define cede_foreign                                                           \
    {                                                                          \
        cede_impl_foreign cede_impl_foreign_;                                  \
        cede_impl_foreign_enter(&cede_impl_foreign_, CEDE_IMPL_HERE);          \
        {                                                                      \
            __label__ cede_end_is_missing;                                     \
            cede_impl_open(CEDE_IMPL_RECORD_WITH)                              \
            cede_impl_frame_.manager = &cede_impl_foreign_;                    \
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

/* cede_raise_args(cls, a, b, …): raise cls(a, b, …); args as
   cede_exception_from_args takes them. Include cede/tuple.h. */
#define cede_raise_args(exception_class, ...)                                  \
    cede_impl_raise_args(CEDE_IMPL_HERE, (exception_class),                    \
                         cede_tuple(__VA_ARGS__))

/* cede_raise_with(cls, payload, format, …): raises what cede_exception_with
   makes of these. */
#define cede_raise_with(exception_class, payload, ...)                         \
    do {                                                                       \
        __extension__ __auto_type cede_impl_payload = (payload);               \
        cede_impl_raise_with(CEDE_IMPL_HERE, (exception_class),                \
                             &cede_impl_payload, sizeof cede_impl_payload,     \
                             __VA_ARGS__);                                     \
    } while (0)

/* cede_raise_from(cls, cause, format, …): raise cls(…) from cause (borrowed;
   NULL: from None). */
#define cede_raise_from(exception_class, cause, ...)                           \
    cede_impl_raise_from(CEDE_IMPL_HERE, exception_class, cause, __VA_ARGS__)

/* Bare raise: goes on raising the exception being handled. RuntimeError if
   there is none (E05). */
#define cede_reraise() cede_impl_reraise(CEDE_IMPL_HERE)

/*
 * The exception being handled, borrowed, or NULL: that of the except clause
 * around, else what whoever resumed this generator handles (G14). Never raises,
 * never suspends. Python: sys.exception().
 */
cede_exception *cede_sys_exception(void);

/* cede_raise_errno(error, format, …): raises the OSError of an errno:
   cede_raise_errno(ENOENT, "open %s", path). */
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
 * cede_defer (function, argument): calls it at the end of the enclosing block,
 * also when an exception passes; last in, first out. The function must take one
 * argument that is a pointer; its return value is dropped. It may raise and
 * suspend, and then the end of the block does. Borrows the argument.
 */
#define cede_defer(function, ...)                                              \
    cede_impl_defer_(CEDE_IMPL_PASTE(cede_impl_defer_, __COUNTER__),           \
                     function, __VA_ARGS__)
#define cede_impl_defer_(name, function_, ...)                                 \
    __attribute__((cleanup(cede_impl_defer_leave))) cede_impl_defer name;      \
    cede_impl_defer_push(&name, (void (*)(void *))(void (*)(void))(function_), \
                         (1 ? (__VA_ARGS__)                                    \
                            : ((void)sizeof((function_)(__VA_ARGS__), 0),      \
                               (__VA_ARGS__))))

/*
 * cede_own (x, expr); declares x, which is what expr returns, an object or a
 * value, and gives up the reference that x holds at the end of the block, also
 * when an exception passes:
 *
 *     cede_own (lines, cede_generator(read_lines, path));
 *
 * Set x to NULL (a value: to cede_none) when the reference has been handed on.
 * Memory and files are no objects: for these there is cede_defer.
 */
#define cede_own(name, ...)                                                    \
    __extension__ __attribute__((unused)) __auto_type name = (__VA_ARGS__);    \
    __attribute__((cleanup(cede_impl_defer_leave)))                            \
        cede_impl_defer CEDE_IMPL_PASTE(cede_impl_own_, name);                 \
    cede_impl_defer_push(&CEDE_IMPL_PASTE(cede_impl_own_, name),               \
                         _Generic((name),                                      \
                                 cede_value: cede_impl_own_value_end,          \
                                 CEDE_IMPL_NEVER_OBJECTS(                      \
                                     CEDE_IMPL_MUST_OWN_AN_OBJECT),            \
                                 default: cede_impl_own_end),                  \
                         (void *)&name)

/* What may be taken for an object and is none; the name of the type says so in
   the compiler's message. */
#define CEDE_IMPL_MUST_OWN_AN_OBJECT                                           \
    ((struct cede_impl_own_wants_an_object_or_a_cede_value){0})
struct cede_impl_own_wants_an_object_or_a_cede_value {
    int unused;
};
#define CEDE_IMPL_NEVER_OBJECTS(x)                                             \
    bool: x, char: x, signed char: x, unsigned char: x, short: x,              \
    unsigned short: x, int: x, unsigned: x, long: x, unsigned long: x,         \
    long long: x, unsigned long long: x, float: x, double: x, char *: x,       \
    const char *: x, unsigned char *: x, int *: x, void **: x
void cede_impl_own_end(void *variable);
void cede_impl_own_value_end(void *variable);

/*
 * cede_auto (T, x, function) = expr; declares x and calls function(&x) at the
 * end of the block, also when an exception passes: what
 * __attribute__((cleanup)) is in plain C, which exceptions skip. The function
 * may raise and suspend as that of cede_defer.
 */
#define cede_auto(type, name, function_)                                       \
    __attribute__((unused)) type name = (type){0};                             \
    __attribute__((cleanup(cede_impl_defer_leave)))                            \
        cede_impl_defer CEDE_IMPL_PASTE(cede_impl_auto_, name);                \
    cede_impl_defer_push(&CEDE_IMPL_PASTE(cede_impl_auto_, name),              \
                         (void (*)(void *))(void (*)(void))(function_),        \
                         (1 ? &name : ((void)sizeof((function_)(&name), 0),    \
                                       &name)));                               \
    name

/* Keeps a local in memory, so that a later clause reads its last value. */
#define cede_keep(variable)                                                    \
    __asm__ volatile("" : : "r"(&(variable)) : "memory")

#endif /* !__cplusplus */

CEDE_IMPL_END
