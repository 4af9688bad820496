/*
 * Functions that users give to cede, and how they are called.
 *
 * Where a function is wanted, any of no parameter or one will do, if that is a
 * pointer or an integer, and what it returns is a cede_value or nothing:
 *
 *     static void greet(void)
 *     static cede_value sum(int count)
 *     static void serve(struct connection *connection)
 *
 * The macros below check the call as the compiler would check it, and store
 * the argument as a word. The ABIs cede has a switch for pass a pointer and an
 * integer in the same register, and do not mind one too many; so all of these
 * are called as functions of a pointer. Not so for what is returned: a
 * function of nothing leaves anything in the registers of the result, and
 * whoever calls it must know. The highest bit of its address says so: no
 * address of a program has it, on x86-64 nor on aarch64. Hence a cede_function
 * that was made by a macro is called by cede_call_function alone.
 */
#pragma once
#pragma GCC system_header

#include "cede/value.h"

CEDE_IMPL_BEGIN

#define CEDE_IMPL_RETURNS_NOTHING ((uintptr_t)1 << 63)

#if UINTPTR_MAX < UINT64_MAX
#error "cede needs 64-bit addresses"
#endif

/* No function at all, marked or not? */
CEDE_IMPL_INLINE bool cede_impl_is_null(cede_function function)
{
    return (uintptr_t)function << 1 == 0;
}

/* clang can check that a function is called by its own type; what these call is
   not, on purpose. */
#if defined(__clang__)
#define CEDE_IMPL_CALLS_ANY __attribute__((no_sanitize("function")))
#else
#define CEDE_IMPL_CALLS_ANY
#endif

#ifndef __cplusplus

CEDE_IMPL_CALLS_ANY
CEDE_IMPL_INLINE cede_value cede_impl_call_function(cede_function function,
                                                    void *argument)
{
    uintptr_t address = (uintptr_t)function;

    if (!(address & CEDE_IMPL_RETURNS_NOTHING))
        return function(argument);
    ((void (*)(void *))(address & ~CEDE_IMPL_RETURNS_NOTHING))(argument);
    return cede_none;
}

/*
 * CEDE_IMPL_CALLING(function)             a function and its argument, checked:
 * CEDE_IMPL_CALLING(function, argument)   two arguments of a constructor
 *
 * CEDE_IMPL_CALLEE(function, argument, .name = …)
 *                                         the function alone
 * CEDE_IMPL_OPTIONS(function, argument, .name = …)
 *                                         initializers of a struct of options,
 *                                         the argument among them
 *
 * The commas of a compound literal separate arguments of a macro. So what
 * stands behind the function is put together again; and behind what may be
 * options it can not be looked at: there an argument is any pointer, and NULL
 * stands for none.
 */
#define CEDE_IMPL_CALLING(...)                                                 \
    CEDE_IMPL_BY_COUNT(CEDE_IMPL_CALLING_, __VA_ARGS__)(__VA_ARGS__)
#define CEDE_IMPL_CALLING_1(function)                                          \
    CEDE_IMPL_MARKED(function, (function)()), NULL
#define CEDE_IMPL_CALLING_2 CEDE_IMPL_CALLING_N
#define CEDE_IMPL_CALLING_N(function, ...)                                     \
    CEDE_IMPL_MARKED(function, (function)(__VA_ARGS__)),                       \
        CEDE_IMPL_WORD(__VA_ARGS__)
#define CEDE_IMPL_WORD(...) ((void *)(intptr_t)(__VA_ARGS__))

#define CEDE_IMPL_CALLEE(...)                                                  \
    CEDE_IMPL_BY_COUNT(CEDE_IMPL_CALLEE_, __VA_ARGS__)(__VA_ARGS__)
#define CEDE_IMPL_CALLEE_1(function) CEDE_IMPL_MARKED(function, (function)())
#define CEDE_IMPL_CALLEE_2(function, argument)                                 \
    CEDE_IMPL_MARKED(function, (function)(argument))
#define CEDE_IMPL_CALLEE_N(function, ...)                                      \
    CEDE_IMPL_MARKED(function, CEDE_IMPL_TAKING_ANY(function)(0))

#define CEDE_IMPL_OPTIONS(...)                                                 \
    CEDE_IMPL_BY_COUNT(CEDE_IMPL_OPTIONS_, __VA_ARGS__)(__VA_ARGS__)
#define CEDE_IMPL_OPTIONS_1(function) .argument = NULL
#define CEDE_IMPL_OPTIONS_2(function, argument_)                               \
    .argument = CEDE_IMPL_WORD(argument_)
#define CEDE_IMPL_OPTIONS_N(function, ...) .argument = __VA_ARGS__

#define CEDE_IMPL_NAME(...)                                                    \
    CEDE_IMPL_BY_COUNT(CEDE_IMPL_NAME_, __VA_ARGS__)(__VA_ARGS__)
#define CEDE_IMPL_NAME_1(function) #function
#define CEDE_IMPL_NAME_2 CEDE_IMPL_NAME_N
#define CEDE_IMPL_NAME_N(function, ...) #function

/* prefix##1, prefix##2, or prefix##N for three and more, up to 32. */
#define CEDE_IMPL_BY_COUNT(p, ...)                                             \
    CEDE_IMPL_33RD(__VA_ARGS__, p##N, p##N, p##N, p##N, p##N, p##N, p##N,      \
                   p##N, p##N, p##N, p##N, p##N, p##N, p##N, p##N, p##N, p##N, \
                   p##N, p##N, p##N, p##N, p##N, p##N, p##N, p##N, p##N, p##N, \
                   p##N, p##N, p##N, p##2, p##1, )
#define CEDE_IMPL_33RD(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r,   \
                       s, t, u, v, w, x, y, z, A, B, C, D, E, F, name, ...)    \
    name

/* For a call that is not made: a function of no parameter, as if it had one. */
#define CEDE_IMPL_TAKING_ANY(function)                                         \
    _Generic((function),                                                       \
             void (*)(void): (void (*)(void *))NULL,                           \
             cede_value (*)(void): (cede_function)NULL,                        \
             default: (function))

/* The function, marked if the call, which is not made, returns nothing. What it
   must not be is said by the name of a type that cannot be a number. */
#define CEDE_IMPL_MARKED(function, call)                                       \
    ((cede_function)((uintptr_t)(function) |                                   \
                     _Generic((__typeof__(call) *)NULL,                        \
                              void *: CEDE_IMPL_RETURNS_NOTHING,               \
                              cede_value *: (uintptr_t)0,                      \
                              default: CEDE_IMPL_MUST_RETURN_A_VALUE) |        \
                     CEDE_IMPL_TAKES_A_WORD(function)))
/* 0; a floating point number would come in another register. */
#define CEDE_IMPL_TAKES_A_WORD(function)                                       \
    _Generic((function),                                                       \
             void (*)(double): CEDE_IMPL_MUST_TAKE_A_WORD,                     \
             cede_value (*)(double): CEDE_IMPL_MUST_TAKE_A_WORD,               \
             void (*)(float): CEDE_IMPL_MUST_TAKE_A_WORD,                      \
             cede_value (*)(float): CEDE_IMPL_MUST_TAKE_A_WORD,                \
             default: (uintptr_t)0)
#define CEDE_IMPL_MUST_RETURN_A_VALUE                                          \
    (struct cede_impl_function_must_return_a_cede_value_or_nothing){0}
#define CEDE_IMPL_MUST_TAKE_A_WORD                                             \
    (struct cede_impl_function_must_take_a_pointer_or_an_integer){0}
struct cede_impl_function_must_return_a_cede_value_or_nothing {
    int unused;
};
struct cede_impl_function_must_take_a_pointer_or_an_integer {
    int unused;
};

/* CEDE_IMPL_CALLBACK_OF(callback[, argument]): a callback and its argument,
   checked. What it returns is dropped. */
#define CEDE_IMPL_CALLBACK_OF(...)                                             \
    CEDE_IMPL_BY_COUNT(CEDE_IMPL_CALLBACK_, __VA_ARGS__)(__VA_ARGS__)
#define CEDE_IMPL_CALLBACK_1(callback)                                         \
    CEDE_IMPL_CALLBACK_AS(callback, (callback)()), NULL
#define CEDE_IMPL_CALLBACK_2 CEDE_IMPL_CALLBACK_N
#define CEDE_IMPL_CALLBACK_N(callback, ...)                                    \
    CEDE_IMPL_CALLBACK_AS(callback, (callback)(__VA_ARGS__)),                  \
        CEDE_IMPL_WORD(__VA_ARGS__)
#define CEDE_IMPL_CALLBACK_AS(callback, call)                                  \
    ((void (*)(void *))((uintptr_t)(callback) |                                \
                        CEDE_IMPL_TAKES_A_WORD(callback) |                     \
                        0 * sizeof(__typeof__(call) *)))

/* A function that gets the address of a copy of the value. */
#define CEDE_IMPL_CALLEE_OF_COPY(function, ...)                                \
    CEDE_IMPL_MARKED(function,                                                 \
                     (function)((CEDE_IMPL_COPY_TYPE(__VA_ARGS__) *)NULL))

#endif /* !__cplusplus */

CEDE_IMPL_END
