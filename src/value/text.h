/*
 * text.h - text as it grows, and how plain values look in it
 *
 * Knows: bytes, and Python's str() and repr() of int, float, bool and str.
 * Does not know: objects, whose looks may run a user's code (flow/print.c).
 *
 * Invariants: memory that is lacking is not reported at once: `failed` is set,
 * what is appended from then on is dropped, and whoever reads the text asks.
 * The bytes may hold NUL; none is put behind them.
 */
#pragma once

#include "cede/log.h"
#include "cede/value.h"

enum { CEDE__TEXT_INLINE = 128 };

typedef struct cede__text {
    char *bytes; /* inline_bytes, or a block of its own */
    size_t size;
    size_t capacity;
    bool failed;
    char inline_bytes[CEDE__TEXT_INLINE];
} cede__text;

void cede__text_init(cede__text *text);

/* Gives the bytes up; the text is empty again. */
void cede__text_clear(cede__text *text);

void cede__text_append(cede__text *text, const void *bytes, size_t size);
void cede__text_string(cede__text *text, const char *string);
void cede__text_format(cede__text *text, const char *format, ...)
    CEDE_IMPL_FORMAT(2, 3);
void cede__text_int(cede__text *text, int64_t value);

/* Python's repr(float): the shortest text that reads back as the same. */
void cede__text_float(cede__text *text, double value);

/* Python's repr(str). Control characters and bytes that are no UTF-8 are
   escaped, all other text stands for itself. */
void cede__text_quoted(cede__text *text, const char *bytes, size_t size);

/* The text as a string, cut if need be, until it changes. */
const char *cede__text_end(cede__text *text);

/* Has the text logged, without its last newline if there is one, and gives it
   up. What was lost for want of memory is missing. */
void cede__text_log(cede__text *text, cede_log_level level);

/* The text as a str value of its own; false: no memory, here or before. */
bool cede__text_copy(const cede__text *text, cede_value *copy);
