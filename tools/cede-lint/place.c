/*
 * Places: libclang's locations, without their many kinds.
 */
#include "place.h"

#include "memory.h"

struct place place_of_location(CXSourceLocation location)
{
    struct place p = {0};

    clang_getFileLocation(location, &p.file, &p.line, &p.column, &p.offset);
    return p;
}

struct place place_of(CXCursor cursor)
{
    return place_of_location(clang_getCursorLocation(cursor));
}

struct place place_of_expansion(CXCursor cursor)
{
    CXSourceRange range = clang_getCursorExtent(cursor);
    struct place p = {0};

    clang_getExpansionLocation(clang_getRangeStart(range), &p.file, &p.line,
                               &p.column, &p.offset);
    return p;
}

char *place_word(CXTranslationUnit unit, struct place place)
{
    CXSourceLocation at =
        clang_getLocationForOffset(unit, place.file, place.offset);
    CXToken *token = clang_getToken(unit, at);
    CXString text;
    char *word;

    if (!token)
        return memory_copy("");
    text = clang_getTokenSpelling(unit, *token);
    word = memory_copy(clang_getCString(text));
    clang_disposeString(text);
    clang_disposeTokens(unit, token, 1);
    return word;
}
