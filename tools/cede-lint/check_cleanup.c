/*
 * __attribute__((cleanup)) of somebody else's on a variable that is alive
 * across a call that may raise: the exception passes without running it.
 * cede_auto and cede_defer are what it is replaced by.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "place.h"
#include "raise.h"
#include "report.h"

/* The first call in the block, behind the declaration, that an exception may
   leave the block from. */
static struct node *raising_call(struct source *source, struct tree *tree,
                                 const struct node *declaration,
                                 const struct node *block)
{
    for (int i = declaration->end + 1; i <= block->end; i++) {
        if (tree->nodes[i]->kind == CXCursor_CallExpr &&
            raise_leaves(source, tree, tree->nodes[i], block))
            return tree->nodes[i];
    }
    return NULL;
}

static void look_at(struct source *source, struct tree *tree,
                    struct node *declaration)
{
    char *function = node_cleanup(declaration);
    const struct node *block = declaration->parent->parent;
    struct node *call;

    if (function && strncmp(function, "cede_impl_", strlen("cede_impl_")) &&
        (call = raising_call(source, tree, declaration, block))) {
        report_add(source, "cleanup", place_of(declaration->cursor),
                   "'%s' is cleaned up by an attribute (%s), which an "
                   "exception does not run: use cede_auto or cede_defer",
                   declaration->name, function);
        report_note(place_of(call->cursor), "this call may raise");
    }
    free(function);
}

static void run(struct source *source, struct function *function)
{
    struct tree *tree = function_tree(source, function);

    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i]->kind == CXCursor_VarDecl)
            look_at(source, tree, tree->nodes[i]);
    }
}

const struct check check_cleanup = {
    "cleanup", "cleanup attributes that an exception would pass by", run};
