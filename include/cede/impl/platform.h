/*
 * What the compiler and the build are, in words of our own. Not for users:
 * everything named cede_impl_* or CEDE_IMPL_* may change with any release.
 */
#pragma once
#pragma GCC system_header

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CEDE_IMPL_INLINE static inline __attribute__((always_inline, unused))
#define CEDE_IMPL_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define CEDE_IMPL_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define CEDE_IMPL_NORETURN __attribute__((noreturn))
#define CEDE_IMPL_COLD __attribute__((cold))
#define CEDE_IMPL_FORMAT(text, first)                                          \
    __attribute__((format(printf, text, first)))
#define CEDE_IMPL_USE_RESULT __attribute__((warn_unused_result))

/* A generator that loops for ever has no return statement; gcc warns of that
   unless it sees a call that does not return. */
#define CEDE_IMPL_MAY_NOT_RETURN                                               \
    do {                                                                       \
        if (0)                                                                 \
            __builtin_unreachable();                                           \
    } while (0)

#define CEDE_IMPL_PASTE_(a, b) a##b
#define CEDE_IMPL_PASTE(a, b) CEDE_IMPL_PASTE_(a, b)

/*
 * gcc 11 learnt to pair a constructor with the calls that end its result, and
 * then sees a thing awaited twice or used after cede_unref. The form with an
 * argument says nothing about aliasing, which is right: the loop keeps pointers
 * to what it hands out. Only without optimization: with it, gcc takes the copy
 * of a dead variable that a returns-twice call in a loop makes it write for a
 * use, and warns of right code.
 */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11 &&              \
    !defined(__OPTIMIZE__)
#define CEDE_IMPL_ENDED_BY(function) __attribute__((malloc(function, 1)))
#else
#define CEDE_IMPL_ENDED_BY(function)
#endif

/*
 * What gcc has to say of an expansion it keeps to itself when the macro comes
 * from a system header, or from one that a system header includes. So includes
 * and macros that make objects or take references stand above the pragma in
 * our headers; and constructors are no statement expressions, in which a
 * call's result never counts as dropped. (tests/house/ownership.sh)
 */

/* The address and size of a copy of an object of C, for constructors whose name
   ends in _with; it lasts as long as the block around. */
#define CEDE_IMPL_COPY(...) (CEDE_IMPL_COPY_TYPE(__VA_ARGS__)[1]){__VA_ARGS__}
/* No array has -1 elements: the copy is aligned as malloc aligns. */
#define CEDE_IMPL_COPY_SIZE(...)                                               \
    (sizeof(CEDE_IMPL_COPY_TYPE(__VA_ARGS__)) +                                \
     0 * sizeof(char[_Alignof(CEDE_IMPL_COPY_TYPE(__VA_ARGS__)) <= 16 ? 1      \
                                                                      : -1]))
#define CEDE_IMPL_COPY_TYPE(...) __typeof__((void)0, __VA_ARGS__)

#ifdef __has_feature
#define CEDE_IMPL_HAS_FEATURE(name) __has_feature(name)
#else
#define CEDE_IMPL_HAS_FEATURE(name) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || CEDE_IMPL_HAS_FEATURE(address_sanitizer)
#define CEDE_IMPL_ASAN 1
#else
#define CEDE_IMPL_ASAN 0
#endif

#if defined(__SANITIZE_THREAD__) || CEDE_IMPL_HAS_FEATURE(thread_sanitizer)
#define CEDE_IMPL_TSAN 1
#else
#define CEDE_IMPL_TSAN 0
#endif

/*
 * The way control changes stacks. Inline assembly is the fast one; the called
 * one serves sanitizers, which want to hear of each change, and compilers
 * without GNU assembly; ucontext serves CPUs nobody has written a switch for.
 * Inline and called switches understand each other's saved contexts, so a
 * program may mix translation units of both.
 */
#if !defined(CEDE_SWITCH_UCONTEXT) && !defined(CEDE_SWITCH_CALL) &&            \
    !CEDE_IMPL_ASAN && !CEDE_IMPL_TSAN && defined(__LP64__) &&                 \
    (defined(__x86_64__) || defined(__aarch64__))
#define CEDE_IMPL_SWITCH_INLINE 1
#else
#define CEDE_IMPL_SWITCH_INLINE 0
#endif

/* Words that src/arch/frame_*.S keeps for coming back into a try statement:
   what a function must preserve, and where to. */
#if defined(__aarch64__)
#define CEDE_IMPL_FRAME_WORDS 21
#else
#define CEDE_IMPL_FRAME_WORDS 10
#endif

/*
 * Does the compiler keep locals by itself in a function with a try statement?
 * gcc does when the statement is entered by its own setjmp. CEDE_FAST_FRAMES
 * turns that off: then loops inside the statement have registers, and locals
 * need cede_keep as they do with clang.
 */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&         \
    !CEDE_IMPL_TSAN && !defined(CEDE_FAST_FRAMES)
#define CEDE_IMPL_KEEPS 1
#else
#define CEDE_IMPL_KEEPS 0
#endif

/*
 * Struct layouts that the inline code shares with the library, by number and
 * by what changes them. The function that every inline path may call bears
 * this name, so that code compiled against another layout does not link.
 */
#if CEDE_IMPL_TSAN
#define CEDE_IMPL_ABI abi_1_tsan
#elif CEDE_IMPL_ASAN
#define CEDE_IMPL_ABI abi_1_asan
#elif defined(CEDE_SWITCH_UCONTEXT)
#define CEDE_IMPL_ABI abi_1_ucontext
#else
#define CEDE_IMPL_ABI abi_1
#endif

#ifdef __cplusplus
#define CEDE_IMPL_BEGIN                                                        \
    _Pragma("GCC visibility push(default)") extern "C" {
#define CEDE_IMPL_END                                                          \
    }                                                                          \
    _Pragma("GCC visibility pop")
#else
#define CEDE_IMPL_BEGIN _Pragma("GCC visibility push(default)")
#define CEDE_IMPL_END _Pragma("GCC visibility pop")
#endif

/*
 * Thread-local state is reached without a call, from shared libraries too.
 * It is a few words, so a library opened at run time still finds room for it
 * in the space the C library keeps for that.
 */
#define CEDE_IMPL_THREAD_LOCAL                                                 \
    __thread __attribute__((tls_model("initial-exec")))

/*
 * Does the code stand within a statement of its function that hears of
 * exceptions? Such a statement has an enumerator of the same name inside. It
 * is how a traceback tells one activation of a function from another: a raise
 * that stands within a try passes a try of its own activation first
 * (flow/trace.c).
 */
enum { cede_impl_inside = 0 };

#define CEDE_IMPL_HERE                                                         \
    (__extension__({                                                           \
        static const cede_location cede_impl_here = {                          \
            __FILE__, __func__, __LINE__, cede_impl_inside};                   \
        &cede_impl_here;                                                       \
    }))
