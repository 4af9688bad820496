/*
 * text.h - bytes that somebody sent: cutting and checking them
 *
 * Nothing here keeps, allocates or changes anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { NAME_SIZE = 21 }; /* of users and rooms, with the NUL */

/* A part of somebody else's bytes; no NUL stands behind it. */
struct text {
    const char *start;
    size_t size;
};

/* For "%.*s". */
#define TEXT_ARGUMENTS(text) (int)(text).size, (text).start

/* The bytes of a string. */
struct text text_of(const char *string);

/* Is it this, whatever the case of its ASCII letters? */
bool text_is(struct text text, const char *wanted);

/* Cuts the first word off: what stands before spaces. */
struct text text_cut_word(struct text *rest);

/* Without spaces at either end. */
struct text text_trim(struct text text);

/*
 * What is wrong with a line that others are to see, or NULL: it must be UTF-8
 * (RFC 3629), and have no control characters but tabs. They could move the
 * cursor, or worse, on the terminals of those who read it.
 */
const char *text_fault(struct text line);

/*
 * Is it a name? Letters, digits, "-" and "_" of ASCII alone, so that no two
 * names look the same; at most NAME_SIZE - 1 of them.
 */
bool text_is_name(struct text text);
