/*
 * Flow. Knows the control statements of C, and of block forms that any clause
 * may begin while the value is still the old one.
 *
 * A node is walked in the order of evaluation, from the point where the value
 * is the old one ("live"). What a walk returns says on which ways it still is
 * when the node is left. Where the tree does not tell (which operator it is,
 * which part of a `for` is missing) the value is taken to be live rather than
 * gone.
 */
#include "flow.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* The ways on which the value is still the old one. */
struct ways {
    bool falls; /* to what comes next */
    bool breaks, continues;
};

struct walk {
    struct tree *tree;
    const struct variable *variable;
    flow_filter *counts; /* NULL: every read */
    struct node *found;
    bool *visited; /* labels, by number of the node */
};

static const struct ways nowhere;
static const struct ways onward = {.falls = true};

static struct ways enter(struct walk *walk, struct node *node);
static void leave(struct walk *walk, struct node *node, struct ways ways);

static struct ways both(struct ways a, struct ways b)
{
    a.falls |= b.falls;
    a.breaks |= b.breaks;
    a.continues |= b.continues;
    return a;
}

/* ---- statements ---------------------------------------------------------- */

/* From `first` to its last sibling. In a switch each label is an entry. */
static struct ways enter_list(struct walk *walk, struct node *first,
                              struct ways start, bool in_switch)
{
    struct ways ways = start;

    for (struct node *n = first; n; n = n->next) {
        bool label =
            n->kind == CXCursor_CaseStmt || n->kind == CXCursor_DefaultStmt;

        if (!ways.falls && !(label && in_switch))
            continue;
        ways.falls = false;
        ways = both(ways, enter(walk, n));
    }
    return ways;
}

static struct ways enter_if(struct walk *walk, struct node *node)
{
    struct node *then = node->first->next;

    if (!enter(walk, node->first).falls)
        return nowhere;
    return both(enter(walk, then),
                then->next ? enter(walk, then->next) : onward);
}

static bool is_constant(const struct node *condition)
{
    return condition->kind == CXCursor_IntegerLiteral;
}

/* From the end of the body once more through the loop, or out of it. `next` is
   what is evaluated between two turns, up to the body. */
static struct ways around(struct walk *walk, struct node *next,
                          struct node *body, struct ways ways)
{
    struct ways out = {.falls = ways.breaks};
    bool endless = true;

    if (!ways.falls && !ways.continues)
        return out;
    for (struct node *n = next; n && n != body; n = n->next) {
        endless = endless && is_constant(n);
        if (!enter(walk, n).falls)
            return out;
    }
    out.falls |= !endless;
    out.falls |= enter(walk, body).breaks;
    return out;
}

/* for (first; …) is said to begin with a declaration or an assignment: it is
   evaluated once. */
static struct node *for_turn(const struct node *node, const struct node *body)
{
    struct node *first = node->first;

    if (first != body &&
        (first->kind == CXCursor_DeclStmt || node_assigns(first) ||
         (first->next != body && first->next->next != body)))
        return first->next;
    return first;
}

static struct ways enter_loop(struct walk *walk, struct node *node)
{
    struct node *body = node_last(node);
    struct node *turn = node->first;
    struct ways ways;

    if (node->kind == CXCursor_ForStmt)
        turn = for_turn(node, body);
    for (struct node *n = node->first; n != body; n = n->next) {
        if (!enter(walk, n).falls)
            return nowhere;
    }
    ways = around(walk, turn, body, enter(walk, body));
    for (struct node *n = turn; n != body; n = n->next)
        ways.falls |= !is_constant(n); /* no turn at all */
    return ways;
}

static struct ways enter_do(struct walk *walk, struct node *node)
{
    struct node *body = node->first;
    struct ways ways = enter(walk, body);
    struct ways out = {.falls = ways.breaks};

    if (!ways.falls && !ways.continues)
        return out;
    out.falls |= enter(walk, body->next).falls;
    return out;
}

static struct ways enter_switch(struct walk *walk, struct node *node)
{
    struct node *body = node_last(node);
    struct ways ways;
    bool has_default = false;

    if (!enter(walk, node->first).falls)
        return nowhere;
    for (struct node *n = body->first; n; n = n->next)
        has_default = has_default || n->kind == CXCursor_DefaultStmt;
    ways = enter_list(walk, body->first, nowhere, true);
    ways.falls |= ways.breaks || !has_default;
    ways.breaks = false;
    return ways;
}

/* An exception may begin any clause before the body has done anything. */
static struct ways enter_form(struct walk *walk, struct form *form)
{
    struct ways ways = nowhere;

    for (int i = 0; i < form->count; i++) {
        struct clause *clause = &form->clauses[i];
        struct ways part = enter(walk, clause->statement);

        if (clause->kind == CLAUSE_ELSE)
            ways.falls = ways.falls && part.falls;
        else if (clause->kind == CLAUSE_FINALLY && !part.falls)
            ways = nowhere;
        else
            ways.falls |= clause->kind != CLAUSE_FINALLY && part.falls;
        ways.breaks |= part.breaks;
        ways.continues |= part.continues;
    }
    return ways;
}

/* ---- jumps --------------------------------------------------------------- */

static void go_to(struct walk *walk, struct node *label)
{
    if (!label || walk->visited[label->order])
        return;
    walk->visited[label->order] = true;
    leave(walk, label, enter(walk, label));
}

static bool does_not_return(const struct node *call)
{
    static const char *const names[] = {"abort",      "exit",
                                        "_exit",      "longjmp",
                                        "siglongjmp", "__builtin_unreachable",
                                        NULL};
    CXString type;
    bool noreturn;

    if (node_calls(call, names))
        return true;
    if (call->kind != CXCursor_CallExpr || !call->first)
        return false;
    type = clang_getTypeSpelling(clang_getCursorType(call->first->cursor));
    noreturn = strstr(clang_getCString(type), "noreturn") != NULL;
    clang_disposeString(type);
    return noreturn;
}

/* ---- expressions --------------------------------------------------------- */

static struct ways enter_parts(struct walk *walk, struct node *node)
{
    struct ways ways = onward;

    for (struct node *n = node->first; n && ways.falls; n = n->next) {
        ways.falls = false;
        ways = both(ways, enter(walk, n));
    }
    return ways;
}

/* a = b evaluates b first. A comma's operands are assignments as a rule, and
   those of && and || cannot be without parentheses. */
static struct ways enter_binary(struct walk *walk, struct node *node)
{
    struct node *left = node->first, *right = left->next;
    struct ways ways;

    if (node_assigns(node) || node->kind == CXCursor_CompoundAssignOperator) {
        ways = enter(walk, right);
        return ways.falls ? enter(walk, left) : nowhere;
    }
    if (!enter(walk, left).falls)
        return nowhere;
    ways = enter(walk, right);
    if (!node_assigns(left) && !node_assigns(right))
        ways.falls = true; /* it may not be evaluated */
    return ways;
}

static struct ways enter_mention(struct walk *walk, struct node *node)
{
    unsigned use = use_of(node, walk->variable);

    if (use & USE_READ && (!walk->counts || walk->counts(node)))
        walk->found = node;
    return use & (USE_WHOLE | USE_GIVEN) ? nowhere : onward;
}

static struct ways enter(struct walk *walk, struct node *node)
{
    struct ways ways;

    if (walk->found)
        return nowhere;
    if (node->form)
        return enter_form(walk, node->form);
    switch (node->kind) {
    case CXCursor_DeclRefExpr:
        return enter_mention(walk, node);
    case CXCursor_CompoundStmt:
        return enter_list(walk, node->first, onward, false);
    case CXCursor_IfStmt:
    case CXCursor_ConditionalOperator:
        return enter_if(walk, node);
    case CXCursor_ForStmt:
    case CXCursor_WhileStmt:
        return enter_loop(walk, node);
    case CXCursor_DoStmt:
        return enter_do(walk, node);
    case CXCursor_SwitchStmt:
        return enter_switch(walk, node);
    case CXCursor_BreakStmt:
        return (struct ways){.breaks = true};
    case CXCursor_ContinueStmt:
        return (struct ways){.continues = true};
    case CXCursor_GotoStmt:
        go_to(walk, node_label(walk->tree, node));
        return nowhere;
    case CXCursor_ReturnStmt:
        enter_parts(walk, node);
        return nowhere;
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
        return enter_binary(walk, node);
    case CXCursor_UnaryExpr: /* sizeof */
        return onward;
    case CXCursor_GenericSelectionExpr:
        return enter_list(walk, node->first->next, onward, false);
    case CXCursor_CallExpr:
        ways = enter_parts(walk, node);
        return does_not_return(node) ? nowhere : ways;
    default:
        return enter_parts(walk, node);
    }
}

/* ---- outwards ------------------------------------------------------------ */

static struct ways leave_loop(struct walk *walk, struct node *loop,
                              struct ways ways)
{
    struct node *body = node_last(loop);

    if (loop->kind == CXCursor_ForStmt)
        return around(walk, for_turn(loop, body), body, ways);
    if (loop->kind == CXCursor_WhileStmt)
        return around(walk, loop->first, body, ways);
    if (!ways.falls && !ways.continues)
        return (struct ways){.falls = ways.breaks};
    if (!enter(walk, body).falls) /* the condition */
        return (struct ways){.falls = ways.breaks};
    return both((struct ways){.falls = true},
                enter(walk, loop->first).breaks ? onward : nowhere);
}

/* One step up: from the end of `node` to the end of what it is in. */
static struct ways leave_to(struct walk *walk, struct node *node,
                            struct ways ways)
{
    struct node *above = node->parent;

    switch (above->kind) {
    case CXCursor_CompoundStmt:
        return enter_list(walk, node->next, ways, false);
    case CXCursor_ForStmt:
    case CXCursor_WhileStmt:
    case CXCursor_DoStmt:
        return leave_loop(walk, above, ways);
    case CXCursor_SwitchStmt:
        ways.falls |= ways.breaks;
        ways.breaks = false;
        return ways;
    case CXCursor_IfStmt:
    case CXCursor_ConditionalOperator:
        if (node != above->first)
            return ways;
        return both(node->next ? enter(walk, node->next) : nowhere,
                    node->next && node->next->next
                        ? enter(walk, node->next->next)
                        : onward);
    case CXCursor_BinaryOperator:
    case CXCursor_CompoundAssignOperator:
        if (node_assigns(above) && node != above->first)
            return enter(walk, above->first);
        return enter_list(walk, node->next, ways, false);
    case CXCursor_CallExpr:
        if (does_not_return(above))
            return nowhere;
        return enter_list(walk, node->next, ways, false);
    case CXCursor_ReturnStmt:
        return nowhere;
    default:
        return enter_list(walk, node->next, ways, false);
    }
}

/* Is the node a clause of a form? Behind it that form decides. */
static bool ends_clause(const struct node *node)
{
    struct clause *clause;
    struct form *form = form_around(node, &clause);

    return form && clause->statement == node;
}

static void leave(struct walk *walk, struct node *node, struct ways ways)
{
    while (node->parent && !walk->found &&
           (ways.falls || ways.breaks || ways.continues)) {
        if (ends_clause(node) || node == walk->variable->scope)
            return;
        ways = leave_to(walk, node, ways);
        node = node->parent;
    }
}

/* ---- what others ask ----------------------------------------------------- */

static struct walk start(struct tree *tree, const struct variable *variable,
                         flow_filter *counts)
{
    struct walk walk = {tree, variable, counts, NULL, NULL};

    walk.visited = memory_new((size_t)tree->count);
    return walk;
}

static struct node *end(struct walk *walk)
{
    free(walk->visited);
    return walk->found;
}

struct node *flow_in(struct tree *tree, const struct variable *variable,
                     flow_filter *counts, struct node *statement)
{
    struct walk walk = start(tree, variable, counts);

    enter(&walk, statement);
    return end(&walk);
}

struct node *flow_behind(struct tree *tree, const struct variable *variable,
                         flow_filter *counts, struct node *statement)
{
    struct walk walk = start(tree, variable, counts);

    enter_list(&walk, statement->next, onward, false);
    return end(&walk);
}

/* Does a break or continue in the form belong to something around it? */
static bool leaves(const struct form *form, const struct node *jump)
{
    for (const struct node *n = jump->parent; n != form->statement;
         n = n->parent) {
        if (n->kind == CXCursor_ForStmt || n->kind == CXCursor_WhileStmt ||
            n->kind == CXCursor_DoStmt ||
            (n->kind == CXCursor_SwitchStmt &&
             jump->kind == CXCursor_BreakStmt))
            return false;
    }
    return true;
}

struct node *flow_after_form(struct tree *tree, const struct variable *variable,
                             flow_filter *counts, const struct form *form)
{
    struct walk walk = start(tree, variable, counts);
    struct ways ways = onward;

    for (int i = form->statement->order; i <= form->statement->end; i++) {
        struct node *node = tree->nodes[i];
        struct node *label;

        if (node->kind == CXCursor_BreakStmt)
            ways.breaks |= leaves(form, node);
        else if (node->kind == CXCursor_ContinueStmt)
            ways.continues |= leaves(form, node);
        else if (node->kind == CXCursor_GotoStmt &&
                 (label = node_label(tree, node)) &&
                 !node_holds(form->statement, label))
            go_to(&walk, label);
    }
    leave(&walk, form->statement, ways);
    return end(&walk);
}

bool flow_more_than_compared(const struct node *read)
{
    const struct node *above = read->parent;

    while (above->kind == CXCursor_ParenExpr ||
           above->kind == CXCursor_UnexposedExpr ||
           above->kind == CXCursor_CStyleCastExpr ||
           above->kind == CXCursor_ArraySubscriptExpr ||
           above->kind == CXCursor_MemberRefExpr)
        above = above->parent;
    switch (above->kind) {
    case CXCursor_BinaryOperator:
        return node_assigns(above);
    case CXCursor_IfStmt:
    case CXCursor_WhileStmt:
    case CXCursor_UnaryOperator:
        return node_type(above).kind == CXType_Pointer;
    default:
        return true;
    }
}
