/*
 * symbol.h - which function a code address belongs to
 *
 * Knows: the objects the program is made of, and the symbol tables of their
 * files, so that functions which nothing exports have names too. Does not
 * know: lines; offsets are what addr2line wants.
 *
 * Invariants: nothing is kept, and nothing goes through the allocator or the
 * fault points, for this serves reports about them. Slow: each question reads
 * a file. Any thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct cede__symbol {
    char function[64]; /* "" if nobody knows; cut */
    char object[64];   /* the last part of the file's name; cut */
    uintptr_t offset;  /* of the address in the object */
} cede__symbol;

void cede__symbol_find(const void *address, cede__symbol *symbol);
