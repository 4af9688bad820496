/*
 * What C has to iterate over: arrays, and the characters of a string.
 *
 *     int primes[] = {2, 3, 5, 7};
 *     cede_for (p, cede_array(primes, 4))
 *     cede_for (c, cede_characters("naïve"))
 *
 * Python: iterating over an array.array, a list, a str.
 */
#pragma once

#include "cede/value.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* Elements of C, to be iterated over. */
typedef struct cede_array cede_array;

enum cede_impl_element {
    CEDE_IMPL_ELEMENT_BOOL,
    CEDE_IMPL_ELEMENT_SIGNED,
    CEDE_IMPL_ELEMENT_UNSIGNED,
    CEDE_IMPL_ELEMENT_REAL,
    CEDE_IMPL_ELEMENT_STR,
    CEDE_IMPL_ELEMENT_POINTER,
    CEDE_IMPL_ELEMENT_VALUE,
    CEDE_IMPL_ELEMENT_ADDRESS,
};

cede_array *cede_impl_array_new(const void *elements, size_t count, size_t size,
                                enum cede_impl_element element)
    CEDE_IMPL_NEW;

/*
 * The characters of a string, an iterable: each item is a str value with the
 * bytes of one code point of UTF-8, and a byte that is no part of one is an
 * item by itself. Borrows the string, which must live as long as anybody
 * iterates. Raises MemoryError, also for an item. Never suspends. Any thread.
 */
void *cede_characters(const char *utf8) CEDE_IMPL_NEW;

#ifndef __cplusplus

/*
 * cede_array(pointer, count): an iterable over the `count` elements at
 * `pointer`, and a sequence (cede/sequence.h); one reference. Items are boxed
 * as by cede_box: bool, any integer, float or double, strings (None for NULL),
 * void *; a cede_value is an item with a reference of its own. Of any other
 * type, structs for example, the item is the element's address, a plain
 * pointer. Borrows the elements: they must live as long as anybody iterates,
 * and are read when their turn comes. Raises MemoryError. Never suspends. Any
 * thread; one array object belongs to one thread at a time.
 */
#define cede_array(pointer, count)                                             \
    cede_impl_array_new((pointer), (count), sizeof *(pointer),                 \
                        CEDE_IMPL_ELEMENT(*(pointer)))
#define CEDE_IMPL_ELEMENT(element)                                             \
    _Generic((element), bool: CEDE_IMPL_ELEMENT_BOOL,                          \
        char: (char)-1 < 0 ? CEDE_IMPL_ELEMENT_SIGNED                          \
                           : CEDE_IMPL_ELEMENT_UNSIGNED,                       \
        signed char: CEDE_IMPL_ELEMENT_SIGNED,                                 \
        short: CEDE_IMPL_ELEMENT_SIGNED,                                       \
        int: CEDE_IMPL_ELEMENT_SIGNED,                                         \
        long: CEDE_IMPL_ELEMENT_SIGNED,                                        \
        long long: CEDE_IMPL_ELEMENT_SIGNED,                                   \
        unsigned char: CEDE_IMPL_ELEMENT_UNSIGNED,                             \
        unsigned short: CEDE_IMPL_ELEMENT_UNSIGNED,                            \
        unsigned: CEDE_IMPL_ELEMENT_UNSIGNED,                                  \
        unsigned long: CEDE_IMPL_ELEMENT_UNSIGNED,                             \
        unsigned long long: CEDE_IMPL_ELEMENT_UNSIGNED,                        \
        float: CEDE_IMPL_ELEMENT_REAL, double: CEDE_IMPL_ELEMENT_REAL,         \
        char *: CEDE_IMPL_ELEMENT_STR, const char *: CEDE_IMPL_ELEMENT_STR,    \
        void *: CEDE_IMPL_ELEMENT_POINTER,                                     \
        const void *: CEDE_IMPL_ELEMENT_POINTER,                               \
        cede_value: CEDE_IMPL_ELEMENT_VALUE,                                   \
        default: CEDE_IMPL_ELEMENT_ADDRESS)

#endif /* !__cplusplus */

CEDE_IMPL_END
