/*
 * Values: what generators yield, functions return and futures hold.
 *
 * A value is 16 bytes and travels in two registers. cede_none is a value of
 * its own, as None is. Reading a value as something it is not raises
 * TypeError naming both kinds; an int read as float promotes, a bool read as
 * int is 0 or 1, as in Python. A value that holds an object owns one
 * reference: yield, send, return and set_result hand it over. Strings are
 * borrowed unless made by cede_str_copy.
 */
#pragma once
#pragma GCC system_header

#include "cede/object.h"

CEDE_IMPL_BEGIN

enum cede_kind {
    CEDE_NONE,
    CEDE_BOOL,
    CEDE_INT,
    CEDE_FLOAT,
    CEDE_STR,
    CEDE_POINTER,
    CEDE_OBJECT,
};

typedef struct cede_value {
    uint32_t kind;  /* of cede_kind */
    uint32_t owned; /* 1: the value holds a reference to as.object */
    union {
        bool boolean;
        int64_t integer;
        double real;
        const char *string;
        void *pointer;
        cede_object *object;
    } as;
} cede_value;

#ifndef __cplusplus

/* Python's None. */
#define cede_none ((cede_value){CEDE_NONE, 0, {.integer = 0}})

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

CEDE_IMPL_INLINE cede_value cede_impl_value_object(void *object)
{
    return (cede_value){CEDE_OBJECT, object != NULL, {.pointer = object}};
}

CEDE_IMPL_INLINE cede_value cede_impl_value_same(cede_value value)
{
    return value;
}

/* A value that owns the reference to `object` you hand over. */
#define cede_object(object) cede_impl_value_object(object)

/*
 * The value for a C expression: bool, any integer, float or double, a string
 * (char * or const char *), any other pointer (a plain one), or a cede_value.
 */
#define cede_box(...)                                                          \
    _Generic((__VA_ARGS__), bool: cede_bool,                                   \
        char: cede_int, signed char: cede_int, unsigned char: cede_int,        \
        short: cede_int, unsigned short: cede_int,                             \
        int: cede_int, unsigned: cede_int,                                     \
        long: cede_int, unsigned long: cede_int,                               \
        long long: cede_int, unsigned long long: cede_int,                     \
        float: cede_float, double: cede_float,                                 \
        char *: cede_str, const char *: cede_str,                              \
        cede_value: cede_impl_value_same, default: cede_pointer)(__VA_ARGS__)

CEDE_IMPL_INLINE bool cede_is_none(cede_value value)
{
    return value.kind == CEDE_NONE;
}

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

/* The same for `size` bytes, which may hold NUL; a NUL is put behind them. */
cede_value cede_str_copy_n(const void *bytes, size_t size) CEDE_IMPL_USE_RESULT;

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

#endif /* !__cplusplus */

CEDE_IMPL_END
