/*
 * Where something stands in a source file.
 */
#pragma once

#include <clang-c/Index.h>

struct place {
    CXFile file; /* NULL: nowhere */
    unsigned line, column, offset;
};

/* What a macro expands to stands where the macro is used; an argument of a
   macro stands where it is written. */
struct place place_of(CXCursor cursor);
struct place place_of_location(CXSourceLocation location);

/* Where the outermost macro is used that cursor came out of; else as above. */
struct place place_of_expansion(CXCursor cursor);

/* The word in the source at a place, "" if there is none. To be freed. */
char *place_word(CXTranslationUnit unit, struct place place);
