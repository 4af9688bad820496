/*
 * One translation unit: its functions, each with its tree, and what is known
 * of them as far as somebody asked.
 */
#pragma once

#include "form.h"
#include "tree.h"
#include "use.h"

enum answer { NOT_ASKED, ASKING, NO, YES };

struct function {
    struct function *next; /* in the order of the source */
    CXCursor cursor;       /* its definition */
    const char *name;
    struct tree *tree; /* NULL until somebody needs it */
    bool known;        /* the tree is complete */
    bool ours;         /* not from a system header */
    enum answer raises;
    unsigned *pointees; /* by parameter; use.h */
};

struct source {
    CXTranslationUnit unit;
    struct function *functions;
    struct function **table; /* the same, by hash of the cursor */
    size_t room;
};

/* The unit is yours still. */
struct source *source_new(CXTranslationUnit unit);
void source_free(struct source *source);

/* The function that this names, NULL if it is not defined in this unit. */
struct function *source_function(struct source *source, CXCursor cursor);

struct tree *function_tree(struct source *source, struct function *function);
