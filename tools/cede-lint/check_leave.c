/*
 * Ways out of a statement that are closed:
 *
 *   - out of a statement (or cede_for, or the scope of a cede_defer) inside a
 *     finally clause. The clause may be running because the function is on its
 *     way out, and clang has one place per function to remember where to;
 *   - cede_for in a finally clause of a statement that is left early: at its
 *     end that loop uses the same place, without optimization;
 *   - break, continue, goto and return out of a cede_except_group clause, which
 *     is a RuntimeError, and a SyntaxError in Python (PEP 654);
 *   - longjmp out of any clause, and goto *pointer: they run no finally clause
 *     and leave the statement in the chain of handlers.
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "place.h"
#include "report.h"

struct look {
    struct source *source;
    struct tree *tree;
};

/* ---- where jumps go ------------------------------------------------------ */

static bool is_loop(const struct node *node)
{
    return node->kind == CXCursor_ForStmt || node->kind == CXCursor_WhileStmt ||
           node->kind == CXCursor_DoStmt;
}

/*
 * The innermost statement that holds both the jump and where it goes: all that
 * is inside and holds the jump is left. NULL: the node is no jump.
 */
static const struct node *stays_in(const struct tree *tree,
                                   const struct node *jump)
{
    const struct node *n = jump->parent, *label;

    switch (jump->kind) {
    case CXCursor_ReturnStmt:
        return tree->nodes[0];
    case CXCursor_GotoStmt:
        if (!(label = node_label(tree, jump)))
            return NULL;
        while (!node_holds(n, label))
            n = n->parent;
        return n;
    case CXCursor_BreakStmt:
    case CXCursor_ContinueStmt:
        while (!is_loop(n) && !(n->kind == CXCursor_SwitchStmt &&
                                jump->kind == CXCursor_BreakStmt))
            n = n->parent;
        return n;
    default:
        return NULL;
    }
}

static const char *jump_word(const struct node *jump)
{
    switch (jump->kind) {
    case CXCursor_ReturnStmt:
        return "return";
    case CXCursor_GotoStmt:
        return "goto";
    case CXCursor_BreakStmt:
        return "break";
    default:
        return "continue";
    }
}

/* ---- what is left -------------------------------------------------------- */

/* Does the statement declare something with a clean-up? By this function, if
   one is named. */
static bool has_cleanup(const struct node *statement, const char *wanted)
{
    bool has = false;

    if (!statement || statement->kind != CXCursor_DeclStmt)
        return false;
    for (const struct node *n = statement->first; n && !has; n = n->next) {
        char *function = node_cleanup(n);

        has = function && (!wanted || strcmp(function, wanted) == 0);
        free(function);
    }
    return has;
}

static bool is_cede_for(const struct node *node)
{
    return node->kind == CXCursor_ForStmt &&
           has_cleanup(node->first, "cede_impl_for_leave");
}

/* A break in cede_for is one of the loop inside it. */
static bool is_turn_of_cede_for(const struct node *node)
{
    return node->parent && is_cede_for(node->parent) && !node->next;
}

/* A block with a cede_defer, cede_auto or the like; not that of a form. */
static bool ends_with_cleanup(const struct node *block)
{
    if (block->kind != CXCursor_CompoundStmt)
        return false;
    for (const struct node *n = block->first; n; n = n->next) {
        if (has_cleanup(n, NULL) && !node_named(n->first, "cede_impl_frame_") &&
            !node_named(n->first, "cede_impl_manager_"))
            return true;
    }
    return false;
}

/* What the jump leaves below `limit` that has to be cleaned up, or NULL. */
static const char *left_below(const struct node *jump, const struct node *to,
                              const struct node *limit)
{
    bool stays = node_holds(limit, to) && to != limit;

    for (const struct node *n = jump->parent; n != limit; n = n->parent) {
        if (n == to) {
            /* break ends the cede_for whose turn it is in */
            if (jump->kind == CXCursor_BreakStmt && is_turn_of_cede_for(n))
                return "a cede_for";
            return NULL;
        }
        if (n->form && n->form->catches)
            return "a statement";
        if (is_cede_for(n))
            return "a cede_for";
        if (stays && ends_with_cleanup(n))
            return "a scope with a clean-up";
    }
    return NULL;
}

/* ---- the four mistakes --------------------------------------------------- */

static void look_at_jump(const struct look *look, struct node *jump)
{
    const struct node *to = stays_in(look->tree, jump);
    const struct node *inner = jump;
    struct clause *clause;
    struct form *form;

    if (!to)
        return;
    for (; (form = form_around(inner, &clause)); inner = form->statement) {
        const char *left = NULL;

        if (!form->catches)
            continue;
        if (clause->kind == CLAUSE_FINALLY)
            left = left_below(jump, to, clause->statement);
        if (left)
            report_add(look->source, "leave", place_of(jump->cursor),
                       "%s out of %s inside a finally clause, which may be "
                       "running because the function is on its way elsewhere: "
                       "move it into a function of its own",
                       jump_word(jump), left);
        if (clause->kind == CLAUSE_EXCEPT_GROUP &&
            !node_holds(clause->statement, to))
            report_add(look->source, "leave", place_of(jump->cursor),
                       "%s out of a cede_except_group clause raises "
                       "RuntimeError",
                       jump_word(jump));
    }
}

/* Is the statement left early before its finally clause? */
static bool is_left_early(const struct look *look, const struct form *form)
{
    for (int i = 0; i < form->count; i++) {
        const struct clause *clause = &form->clauses[i];

        if (clause->kind == CLAUSE_FINALLY)
            continue;
        for (int k = clause->body->order; k <= clause->body->end; k++) {
            const struct node *to = stays_in(look->tree, look->tree->nodes[k]);

            if (to && !node_holds(clause->statement, to))
                return true;
        }
    }
    return false;
}

static void look_at_cede_for(const struct look *look, struct node *loop)
{
    const struct node *inner = loop;
    struct clause *clause;
    struct form *form;

    for (; (form = form_around(inner, &clause)); inner = form->statement) {
        if (clause->kind == CLAUSE_FINALLY && is_left_early(look, form))
            report_add(look->source, "leave", place_of(loop->cursor),
                       "cede_for in the finally clause of a statement that is "
                       "left early: without optimization clang forgets where "
                       "the function was going; move the loop into a function "
                       "of its own");
    }
}

static void look_at_call(const struct look *look, struct node *call)
{
    static const char *const jumps[] = {"longjmp", "_longjmp", "siglongjmp",
                                        "__builtin_longjmp", NULL};
    struct clause *clause;

    if (node_calls(call, jumps) && form_around(call, &clause))
        report_add(look->source, "leave", place_of(call->cursor),
                   "%s out of a statement runs none of its clauses and leaves "
                   "it in the chain of handlers: raise an exception",
                   call->name);
}

static void run(struct source *source, struct function *function)
{
    struct look look = {source, function_tree(source, function)};

    if (!look.tree->forms)
        return;
    for (int i = 0; i < look.tree->count; i++) {
        struct node *node = look.tree->nodes[i];

        if (node->kind == CXCursor_CallExpr)
            look_at_call(&look, node);
        else if (is_cede_for(node))
            look_at_cede_for(&look, node);
        else
            look_at_jump(&look, node);
    }
}

const struct check check_leave = {
    "leave", "ways out of a statement that are closed", run};
