/*
 * Values: what generators yield, functions return and futures hold.
 *
 * A value is 16 bytes and travels in two registers. cede_none is a value of
 * its own, as None is. Reading a value as something it is not raises
 * TypeError naming both kinds; an int read as float promotes, a bool read as
 * int is 0 or 1, as in Python. A value that holds an object owns one
 * reference: yield, send, return and set_result hand it over. Strings are
 * borrowed unless made by cede_str_copy.
 *
 * Unless it says otherwise a function here neither raises nor suspends, and any
 * thread may call it; of a value that holds an object, a thread that may hold a
 * reference to the object.
 */
#pragma once

#include "cede/object.h"

#pragma GCC system_header

#include <inttypes.h> /* PRId64, for printing what cede_value_int returns */
#include <stdarg.h>

CEDE_IMPL_BEGIN

/* What a value is. */
enum cede_kind {
    CEDE_NONE,
    CEDE_BOOL,
    CEDE_INT,
    CEDE_FLOAT,
    CEDE_STR,
    CEDE_POINTER,
    CEDE_OBJECT,
};

/* A value. What is in it is the runtime's: use the functions of this header. */
typedef struct cede_value {
    uint32_t kind;  /* of cede_kind */
    uint32_t owned; /* not 0: the value holds a reference to as.object */
    union {
        bool boolean;
        int64_t integer;
        double real;
        const char *string;
        void *pointer;
        cede_object *object;
    } as;
} cede_value;

/* A function that cede calls for you: a coroutine's body, a thread's work. The
   macros take functions of other types too (cede/generator.h says which) and
   make this of them; cede_call_function calls it. */
typedef cede_value (*cede_function)(void *argument);

/* Known here so that a pointer to one can be told from a plain pointer. */
struct cede_array;
struct cede_barrier;
struct cede_capacity_limiter;
struct cede_concurrent_future;
struct cede_condition;
struct cede_context;
struct cede_context_manager;
struct cede_context_var;
struct cede_coroutine;
struct cede_event;
struct cede_executor;
struct cede_future;
struct cede_generator;
struct cede_list;
struct cede_lock;
struct cede_queue;
struct cede_range;
struct cede_receive_channel;
struct cede_semaphore;
struct cede_send_channel;
struct cede_server;
struct cede_stream;
struct cede_task;
struct cede_token;
struct cede_tuple;

#ifndef __cplusplus

/* Python's None. */
#define cede_none ((cede_value){CEDE_NONE, 0, {.integer = 0}})

/* The same as a function. */
CEDE_IMPL_INLINE cede_value cede_value_none(void)
{
    return cede_none;
}

/* A bool. */
CEDE_IMPL_INLINE cede_value cede_bool(bool value)
{
    return (cede_value){CEDE_BOOL, 0, {.integer = value}};
}

/* An int: 64 bits. */
CEDE_IMPL_INLINE cede_value cede_int(int64_t value)
{
    return (cede_value){CEDE_INT, 0, {.integer = value}};
}

/* A float: C's double. */
CEDE_IMPL_INLINE cede_value cede_float(double value)
{
    return (cede_value){CEDE_FLOAT, 0, {.real = value}};
}

/* A string, borrowed: it must outlive the value. NUL-terminated, not NULL. */
CEDE_IMPL_INLINE cede_value cede_str(const char *string)
{
    return (cede_value){CEDE_STR, 0, {.string = string}};
}

/* A plain pointer: not followed, not counted. */
CEDE_IMPL_INLINE cede_value cede_pointer(const void *pointer)
{
    return (cede_value){CEDE_POINTER, 0, {.pointer = (void *)pointer}};
}

CEDE_IMPL_INLINE cede_value cede_impl_value_object(const void *object)
{
    return (cede_value){
        CEDE_OBJECT, object != NULL, {.pointer = (void *)object}};
}

CEDE_IMPL_INLINE cede_value cede_impl_value_same(cede_value value)
{
    return value;
}

CEDE_IMPL_INLINE cede_value cede_impl_value_string(const char *string)
{
    return string ? cede_str(string) : cede_none;
}

/* A value that owns the reference to `object` you hand over. */
#define cede_object(object) cede_impl_value_object(object)

CEDE_IMPL_INLINE cede_value cede_impl_value_borrowed(const void *object)
{
    return (cede_value){CEDE_OBJECT, 0, {.pointer = (void *)object}};
}

/*
 * cede_box(x): the value for a C expression: bool, any integer, float or
 * double, a string (char * or const char *; NULL, as from getenv, is None), a
 * cede_value as it is, a pointer to one of cede's objects (cede_tuple *,
 * cede_generator *, …: your reference is handed over, as by cede_object), any
 * other pointer (a plain one). A char is the number it is in C, a comparison
 * the int; an unsigned number beyond INT64_MAX becomes negative.
 */
#define cede_box(...)                                                          \
    CEDE_IMPL_BOX((__VA_ARGS__), CEDE_IMPL_OBJECTS(cede_impl_value_object))

/* The same for a call that borrows: an object is only seen. Users' own objects
   go in as `&mine->head`. */
#define CEDE_IMPL_BORROW(...)                                                  \
    CEDE_IMPL_BOX((__VA_ARGS__), CEDE_IMPL_OBJECTS(cede_impl_value_borrowed))

/*
 * cede_temp(x): x, boxed, for cede_print, cede_repr and cede_to_str, which
 * borrow: the reference it owns is given up behind the call, also when that
 * raises. cede_print(cede_temp(cede_list_from(items))). Nothing for calls that
 * keep or hand on what they get.
 */
#define cede_temp(...) cede_impl_value_temp(cede_box(__VA_ARGS__))
enum { CEDE_IMPL_TEMPORARY = 2 }; /* in cede_value.owned */

CEDE_IMPL_INLINE cede_value cede_impl_value_temp(cede_value value)
{
    if (value.owned)
        value.owned = CEDE_IMPL_TEMPORARY;
    return value;
}

/* A case for each of the objects that cede has, all to the same function. */
#define CEDE_IMPL_OBJECTS(f)                                                   \
    CEDE_IMPL_CASES(array, f), CEDE_IMPL_CASES(barrier, f),                    \
        CEDE_IMPL_CASES(capacity_limiter, f),                                  \
        CEDE_IMPL_CASES(concurrent_future, f), CEDE_IMPL_CASES(condition, f),  \
        CEDE_IMPL_CASES(context, f), CEDE_IMPL_CASES(context_manager, f),      \
        CEDE_IMPL_CASES(context_var, f), CEDE_IMPL_CASES(coroutine, f),        \
        CEDE_IMPL_CASES(event, f), CEDE_IMPL_CASES(exception, f),              \
        CEDE_IMPL_CASES(executor, f), CEDE_IMPL_CASES(future, f),              \
        CEDE_IMPL_CASES(generator, f), CEDE_IMPL_CASES(list, f),               \
        CEDE_IMPL_CASES(lock, f), CEDE_IMPL_CASES(object, f),                  \
        CEDE_IMPL_CASES(queue, f), CEDE_IMPL_CASES(range, f),                  \
        CEDE_IMPL_CASES(receive_channel, f), CEDE_IMPL_CASES(semaphore, f),    \
        CEDE_IMPL_CASES(send_channel, f), CEDE_IMPL_CASES(server, f),          \
        CEDE_IMPL_CASES(stream, f), CEDE_IMPL_CASES(task, f),                  \
        CEDE_IMPL_CASES(token, f), CEDE_IMPL_CASES(tuple, f),

/* What follows x are cases for its type before the usual ones. */
#define CEDE_IMPL_BOX(x, ...)                                                  \
    _Generic(x, __VA_ARGS__ bool: cede_bool,                                   \
        char: cede_int, signed char: cede_int, unsigned char: cede_int,        \
        short: cede_int, unsigned short: cede_int,                             \
        int: cede_int, unsigned: cede_int,                                     \
        long: cede_int, unsigned long: cede_int,                               \
        long long: cede_int, unsigned long long: cede_int,                     \
        float: cede_float, double: cede_float,                                 \
        char *: cede_impl_value_string, const char *: cede_impl_value_string,  \
        cede_value: cede_impl_value_same, default: cede_pointer)(x)
#define CEDE_IMPL_CASES(noun, function)                                        \
    CEDE_IMPL_CASE(struct cede_##noun *, function),                            \
        CEDE_IMPL_CASE(const struct cede_##noun *, function)
#define CEDE_IMPL_CASE(type, function)                                         \
    type:                                                                      \
    function

/* How many arguments, 0 to 16; and macro(x) for each of them, in order. */
#define CEDE_IMPL_COUNT(...)                                                   \
    CEDE_IMPL_17TH(__VA_ARGS__ __VA_OPT__(, ) 16, 15, 14, 13, 12, 11, 10, 9,   \
                   8, 7, 6, 5, 4, 3, 2, 1, 0, )
#define CEDE_IMPL_17TH(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, ...) q
#define CEDE_IMPL_EACH(macro, ...)                                             \
    CEDE_IMPL_PASTE(CEDE_IMPL_EACH_, CEDE_IMPL_COUNT(__VA_ARGS__))             \
    (macro, __VA_ARGS__)
#define CEDE_IMPL_EACH_0(m, ...)
#define CEDE_IMPL_EACH_1(m, x) m(x)
#define CEDE_IMPL_EACH_2(m, x, ...) m(x) CEDE_IMPL_EACH_1(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_3(m, x, ...) m(x) CEDE_IMPL_EACH_2(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_4(m, x, ...) m(x) CEDE_IMPL_EACH_3(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_5(m, x, ...) m(x) CEDE_IMPL_EACH_4(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_6(m, x, ...) m(x) CEDE_IMPL_EACH_5(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_7(m, x, ...) m(x) CEDE_IMPL_EACH_6(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_8(m, x, ...) m(x) CEDE_IMPL_EACH_7(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_9(m, x, ...) m(x) CEDE_IMPL_EACH_8(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_10(m, x, ...) m(x) CEDE_IMPL_EACH_9(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_11(m, x, ...) m(x) CEDE_IMPL_EACH_10(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_12(m, x, ...) m(x) CEDE_IMPL_EACH_11(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_13(m, x, ...) m(x) CEDE_IMPL_EACH_12(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_14(m, x, ...) m(x) CEDE_IMPL_EACH_13(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_15(m, x, ...) m(x) CEDE_IMPL_EACH_14(m, __VA_ARGS__)
#define CEDE_IMPL_EACH_16(m, x, ...) m(x) CEDE_IMPL_EACH_15(m, __VA_ARGS__)

/* Is it None? Python: value is None. */
CEDE_IMPL_INLINE bool cede_is_none(cede_value value)
{
    return value.kind == CEDE_NONE;
}

/* Which of the kinds it is; a list, a task and so on are all CEDE_OBJECT, whose
   class cede_class_of knows. Python: type(value). */
CEDE_IMPL_INLINE enum cede_kind cede_value_kind(cede_value value)
{
    return (enum cede_kind)value.kind;
}

#endif /* !__cplusplus */

/* Raises the TypeError of a value read as something it is not. */
void cede_impl_wrong_kind(cede_value value, enum cede_kind wanted)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
const char *cede_impl_value_str(cede_value value);

/* The name of a kind: "None", "bool", "int", "float", "str" … */
const char *cede_kind_name(enum cede_kind kind);

/*
 * A string value with a copy of its own, which lives as long as the value's
 * reference. Raises MemoryError. Never suspends. Any thread.
 */
cede_value cede_str_copy(const char *string) CEDE_IMPL_USE_RESULT;

/* The same for `size` bytes, which may hold NUL; a NUL is put behind them.
   Raises MemoryError. */
cede_value cede_str_copy_n(const void *bytes, size_t size) CEDE_IMPL_USE_RESULT;

/*
 * A string value with text made as printf makes it. Raises MemoryError, and
 * ValueError for a format printf refuses. Never suspends. Any thread. Python:
 * f-strings, str.format.
 */
cede_value cede_str_format(const char *format, ...) CEDE_IMPL_FORMAT(1, 2)
    CEDE_IMPL_USE_RESULT;

/*
 * The same as vprintf makes it, for a function of your own that takes a format:
 *
 *     va_start(arguments, format);
 *     text = cede_str_format_v(format, arguments);
 *     va_end(arguments);
 *
 * After it nothing can be read from `arguments`. An exception skips the va_end,
 * which is nothing on the CPUs cede runs on. Raises as cede_str_format.
 */
cede_value cede_str_format_v(const char *format, va_list arguments)
    CEDE_IMPL_FORMAT(1, 0) CEDE_IMPL_USE_RESULT;

/* The length of a string value in bytes. Raises TypeError. */
size_t cede_value_str_size(cede_value value);

#ifndef __cplusplus

/* The bool in a value. Raises TypeError if it is not one. */
CEDE_IMPL_INLINE bool cede_value_bool(cede_value value)
{
    if (CEDE_IMPL_UNLIKELY(value.kind != CEDE_BOOL))
        cede_impl_wrong_kind(value, CEDE_BOOL);
    return value.as.integer != 0;
}

/* The int in a value (a bool counts as one). Raises TypeError. */
CEDE_IMPL_INLINE int64_t cede_value_int(cede_value value)
{
    if (CEDE_IMPL_UNLIKELY(value.kind != CEDE_INT && value.kind != CEDE_BOOL))
        cede_impl_wrong_kind(value, CEDE_INT);
    return value.as.integer;
}

/* The float in a value; an int or a bool promotes. Raises TypeError. */
CEDE_IMPL_INLINE double cede_value_float(cede_value value)
{
    if (CEDE_IMPL_LIKELY(value.kind == CEDE_FLOAT))
        return value.as.real;
    if (CEDE_IMPL_UNLIKELY(value.kind != CEDE_INT && value.kind != CEDE_BOOL))
        cede_impl_wrong_kind(value, CEDE_FLOAT);
    return (double)value.as.integer;
}

/* The string in a value, borrowed from it. Raises TypeError. */
CEDE_IMPL_INLINE const char *cede_value_str(cede_value value)
{
    if (CEDE_IMPL_LIKELY(value.kind == CEDE_STR && !value.owned))
        return value.as.string;
    return cede_impl_value_str(value);
}

/* The plain pointer in a value. Raises TypeError. */
CEDE_IMPL_INLINE void *cede_value_pointer(cede_value value)
{
    if (CEDE_IMPL_UNLIKELY(value.kind != CEDE_POINTER))
        cede_impl_wrong_kind(value, CEDE_POINTER);
    return value.as.pointer;
}

/* The object in a value, borrowed from it. Raises TypeError. */
CEDE_IMPL_INLINE void *cede_value_object(cede_value value)
{
    if (CEDE_IMPL_UNLIKELY(value.kind != CEDE_OBJECT))
        cede_impl_wrong_kind(value, CEDE_OBJECT);
    return value.as.pointer;
}

CEDE_IMPL_INLINE bool cede_impl_value_isinstance(cede_value value,
                                                 const cede_class *object_class)
{
    return value.kind == CEDE_OBJECT &&
           cede_isinstance(value.as.object, object_class);
}

/*
 * cede_isinstance(x, cls): the same for a value as for a pointer to an object
 * (cede/object.h): is what it holds an object of this class? So are exceptions
 * told from results: cede_isinstance(results[i], cede_BaseException). Borrows;
 * never raises. Python: isinstance(x, cls).
 */
#define cede_isinstance(x, object_class)                                       \
    _Generic((x), cede_value: cede_impl_value_isinstance,                      \
             default: cede_isinstance)((x), (object_class))

/* One more reference to what a value holds, if it holds an object. */
CEDE_IMPL_INLINE cede_value cede_value_ref(cede_value value)
{
    if (CEDE_IMPL_UNLIKELY(value.owned))
        cede_impl_ref(value.as.object);
    return value;
}

/* Gives up the reference a value owns, if it owns one. */
CEDE_IMPL_INLINE void cede_value_unref(cede_value value)
{
    if (CEDE_IMPL_UNLIKELY(value.owned))
        cede_unref(value.as.object);
}

/* The same, and it is none afterwards: cede_defer (cede_value_clear, &v). */
CEDE_IMPL_INLINE void cede_value_clear(cede_value *value)
{
    cede_value old = *value;

    *value = cede_none;
    cede_value_unref(old);
}

/*
 * cede_value_equal(a, b): Python's a == b, of what cede_print takes; borrows
 * both. Numbers compare by value whatever their kind (1 == 1.0 == True),
 * strings by their bytes, tuples and lists item by item and never with each
 * other, plain pointers by address, other objects by identity or by the eq of
 * their class: of a's, and if that says no and b's is another, of b's. A nan
 * is equal to nothing, in a tuple too: a value has no identity. Raises what an
 * eq raises, RecursionError for values nested 1000 deep, MemoryError. Suspends
 * if an eq does. Any thread for values that hold no object, else the objects'.
 * Python: "Value comparisons", language reference 6.10.1.
 */
#define cede_value_equal(a, b)                                                 \
    cede_impl_value_equal(CEDE_IMPL_BORROW(a), CEDE_IMPL_BORROW(b))

/*
 * cede_value_less(a, b): Python's a < b, of what cede_print takes; borrows
 * both. Numbers compare by value whatever their kind, strings by their
 * characters, a tuple with a tuple and a list with a list by the first items
 * that are not equal, or by length. Raises TypeError for all else: "'<' not
 * supported between instances of 'A' and 'B'"; and what an eq raises, as
 * cede_value_equal. Suspends if an eq does. Threads: as cede_value_equal.
 */
#define cede_value_less(a, b)                                                  \
    cede_impl_value_less(CEDE_IMPL_BORROW(a), CEDE_IMPL_BORROW(b))

#endif /* !__cplusplus */

bool cede_impl_value_equal(cede_value a, cede_value b);
bool cede_impl_value_less(cede_value a, cede_value b);

/*
 * Python's bool(value): None, False, 0, 0.0, "", NULL, and objects whose len
 * is 0 are false, all else is true. Borrows. Raises what a len raises and
 * suspends if it does. Python: "Truth Value Testing", library reference.
 */
bool cede_value_truth(cede_value value);

CEDE_IMPL_END
