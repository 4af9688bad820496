/*
 * Sources: the functions of a translation unit. A tree is made when it is asked
 * for: most functions of headers never are.
 */
#include "source.h"

#include <stdlib.h>

#include "memory.h"

struct filling {
    struct source *source;
    struct function **end;
    size_t count;
};

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent,
                                     CXClientData data)
{
    struct filling *filling = data;
    struct function *function;
    CXString name;

    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl ||
        !clang_isCursorDefinition(cursor))
        return CXChildVisit_Continue;
    function = memory_new(sizeof *function);
    function->cursor = cursor;
    name = clang_getCursorSpelling(cursor);
    function->name = memory_copy(clang_getCString(name));
    clang_disposeString(name);
    function->ours =
        !clang_Location_isInSystemHeader(clang_getCursorLocation(cursor));
    *filling->end = function;
    filling->end = &function->next;
    filling->count++;
    return CXChildVisit_Continue;
}

static struct function **slot(struct source *source, CXCursor cursor)
{
    size_t i = clang_hashCursor(cursor) & (source->room - 1);

    while (source->table[i] &&
           !clang_equalCursors(source->table[i]->cursor, cursor))
        i = (i + 1) & (source->room - 1);
    return &source->table[i];
}

struct source *source_new(CXTranslationUnit unit)
{
    struct source *source = memory_new(sizeof *source);
    struct filling filling = {source, &source->functions, 0};

    source->unit = unit;
    clang_visitChildren(clang_getTranslationUnitCursor(unit), visit, &filling);
    for (source->room = 16; source->room < 2 * filling.count;)
        source->room *= 2;
    source->table = memory_new(source->room * sizeof *source->table);
    for (struct function *f = source->functions; f; f = f->next)
        *slot(source, f->cursor) = f;
    return source;
}

void source_free(struct source *source)
{
    struct function *next;

    for (struct function *f = source->functions; f; f = next) {
        next = f->next;
        if (f->tree) {
            use_free(f->tree);
            form_free(f->tree);
            tree_free(f->tree);
        }
        free(f->pointees);
        free((char *)f->name);
        free(f);
    }
    free(source->table);
    free(source);
}

struct function *source_function(struct source *source, CXCursor cursor)
{
    CXCursor definition = clang_getCursorDefinition(cursor);

    if (clang_Cursor_isNull(definition) ||
        clang_getCursorKind(definition) != CXCursor_FunctionDecl)
        return NULL;
    return *slot(source, definition);
}

struct tree *function_tree(struct source *source, struct function *function)
{
    if (!function->tree) {
        function->tree = tree_new(function->cursor);
        form_find(function->tree);
        use_find(source, function->tree);
        function->known = true;
    }
    return function->tree;
}
