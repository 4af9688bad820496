/*
 * Trees. Knows libclang's cursors and nothing of cede.
 *
 * libclang does not say which operator a BinaryOperator has. In C it need not:
 * an operand whose value is used stands under a conversion (UnexposedExpr), and
 * one that is assigned to does not.
 */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* ---- making -------------------------------------------------------------- */

struct builder {
    struct tree *tree;
    struct node *parent, *last;
};

static bool has_name(enum CXCursorKind kind)
{
    switch (kind) {
    case CXCursor_EnumConstantDecl:
    case CXCursor_FunctionDecl:
    case CXCursor_VarDecl:
    case CXCursor_ParmDecl:
    case CXCursor_UnexposedDecl:
    case CXCursor_DeclRefExpr:
    case CXCursor_MemberRefExpr:
    case CXCursor_CallExpr:
    case CXCursor_LabelStmt:
    case CXCursor_LabelRef:
        return true;
    default:
        return false;
    }
}

static const char *name_of(CXCursor cursor, enum CXCursorKind kind)
{
    CXString text;
    const char *name;

    if (!has_name(kind))
        return "";
    text = clang_getCursorSpelling(cursor);
    name = clang_getCString(text);
    name = name && *name ? memory_copy(name) : "";
    clang_disposeString(text);
    return name;
}

static struct node *add(struct tree *tree, CXCursor cursor)
{
    struct node *node = memory_new(sizeof *node);

    node->cursor = cursor;
    node->kind = clang_getCursorKind(cursor);
    node->name = name_of(cursor, node->kind);
    node->order = tree->count;
    tree->nodes =
        memory_grow(tree->nodes, (size_t)tree->count, sizeof(struct node *));
    tree->nodes[tree->count++] = node;
    return node;
}

/*
 * _Generic(x, T: f, …)(x): the function of those it names that has the type of
 * the choice. NULL: the call is not of this kind.
 */
static struct node *generic_callee(const struct node *call)
{
    struct node *choice = call->first ? node_bare(call->first) : NULL;

    if (!choice || choice->kind != CXCursor_GenericSelectionExpr)
        return NULL;
    for (struct node *n = choice->first->next; n; n = n->next) {
        struct node *named = node_bare(n);

        if (named->kind == CXCursor_DeclRefExpr &&
            clang_equalTypes(node_type(named), node_type(choice)))
            return named;
    }
    return NULL;
}

static void name_generic_call(struct node *call)
{
    const struct node *callee = generic_callee(call);

    if (callee && callee->name[0])
        call->name = memory_copy(callee->name);
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent,
                                     CXClientData data)
{
    struct builder *above = data;
    struct node *node = add(above->tree, cursor);
    struct builder below = {above->tree, node, NULL};

    (void)parent;
    node->parent = above->parent;
    if (above->last)
        above->last->next = node;
    else
        above->parent->first = node;
    above->last = node;
    clang_visitChildren(cursor, visit, &below);
    node->end = above->tree->count - 1;
    if (node->kind == CXCursor_CallExpr && !node->name[0])
        name_generic_call(node);
    return CXChildVisit_Continue;
}

struct tree *tree_new(CXCursor function)
{
    struct tree *tree = memory_new(sizeof *tree);
    struct node *root = add(tree, function);
    struct builder builder = {tree, root, NULL};

    clang_visitChildren(function, visit, &builder);
    root->end = tree->count - 1;
    return tree;
}

void tree_free(struct tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i]->name[0])
            free((char *)tree->nodes[i]->name);
        free(tree->nodes[i]);
    }
    free(tree->nodes);
    free(tree);
}

/* ---- asking -------------------------------------------------------------- */

bool node_named(const struct node *node, const char *name)
{
    return strcmp(node->name, name) == 0;
}

bool node_starts(const struct node *node, const char *prefix)
{
    return strncmp(node->name, prefix, strlen(prefix)) == 0;
}

struct node *node_child(const struct node *node, int index)
{
    struct node *child = node->first;

    while (child && index-- > 0)
        child = child->next;
    return child;
}

struct node *node_last(const struct node *node)
{
    struct node *child = node->first;

    while (child && child->next)
        child = child->next;
    return child;
}

struct node *node_bare(struct node *node)
{
    while (node->first && !node->first->next &&
           (node->kind == CXCursor_ParenExpr ||
            node->kind == CXCursor_UnexposedExpr))
        node = node->first;
    return node;
}

struct node *node_statement(struct node *node)
{
    while (node->parent && node->parent->kind != CXCursor_CompoundStmt)
        node = node->parent;
    return node;
}

bool node_mentions(struct tree *tree, const struct node *node,
                   const char *prefix)
{
    for (int i = node->order; i <= node->end; i++) {
        if (node_starts(tree->nodes[i], prefix))
            return true;
    }
    return false;
}

bool node_refers(const struct node *node, const struct node *declaration)
{
    return node->kind == CXCursor_DeclRefExpr &&
           node_named(node, declaration->name) &&
           clang_equalCursors(clang_getCursorReferenced(node->cursor),
                              declaration->cursor);
}

/* Something that can stand left of "=", with no conversion over it. */
static bool is_place(const struct node *node)
{
    const struct node *inner = node->first;

    switch (node->kind) {
    case CXCursor_DeclRefExpr:
        return clang_getCursorKind(clang_getCursorReferenced(node->cursor)) !=
               CXCursor_EnumConstantDecl;
    case CXCursor_ParenExpr:
        return inner && is_place(inner);
    case CXCursor_MemberRefExpr: /* f().member is no place */
        return inner &&
               (node_type(inner).kind == CXType_Pointer || is_place(inner));
    case CXCursor_ArraySubscriptExpr:
    case CXCursor_CompoundLiteralExpr:
        return true;
    case CXCursor_UnaryOperator:
        return inner && clang_equalTypes(clang_getPointeeType(node_type(inner)),
                                         node_type(node));
    default:
        return false;
    }
}

bool node_assigns(const struct node *node)
{
    return node->kind == CXCursor_BinaryOperator && node->first &&
           is_place(node->first);
}

CXCursor node_callee(const struct node *call)
{
    CXCursor callee = clang_getNullCursor();
    struct node *named;

    if (call->kind == CXCursor_CallExpr)
        callee = clang_getCursorReferenced(call->cursor);
    if (clang_Cursor_isNull(callee) && (named = generic_callee(call)))
        callee = clang_getCursorReferenced(named->cursor);
    if (clang_getCursorKind(callee) != CXCursor_FunctionDecl)
        return clang_getNullCursor();
    return callee;
}

int node_argument(const struct node *call, const struct node *expression)
{
    int index = -1;

    for (struct node *n = call->first; n; n = n->next, index++) {
        if (n == expression)
            return index;
    }
    return -1;
}

bool node_calls(const struct node *node, const char *const *names)
{
    if (node->kind != CXCursor_CallExpr)
        return false;
    for (; *names; names++) {
        if (node_named(node, *names))
            return true;
    }
    return false;
}

struct node *node_label(const struct tree *tree, const struct node *jump)
{
    CXSourceLocation place;

    if (!jump->first || node_starts(jump->first, "cede_impl_"))
        return NULL;
    place =
        clang_getCursorLocation(clang_getCursorReferenced(jump->first->cursor));
    for (int i = 0; i < tree->count; i++) {
        struct node *label = tree->nodes[i];

        if (label->kind == CXCursor_LabelStmt &&
            clang_equalLocations(clang_getCursorLocation(label->cursor), place))
            return label;
    }
    return NULL;
}

/* libclang does not show what is in this attribute, but prints it. */
static char *read_cleanup(const struct node *declaration)
{
    static const char attribute[] = "__attribute__((cleanup(";
    CXPrintingPolicy policy =
        clang_getCursorPrintingPolicy(declaration->cursor);
    CXString text;
    const char *start;
    char *function = NULL;

    clang_PrintingPolicy_setProperty(policy,
                                     CXPrintingPolicy_SuppressInitializers, 1);
    text = clang_getCursorPrettyPrinted(declaration->cursor, policy);
    start = strstr(clang_getCString(text), attribute);
    if (start) {
        function = memory_copy(start + strlen(attribute));
        function[strcspn(function, ")")] = '\0';
    }
    clang_disposeString(text);
    clang_PrintingPolicy_dispose(policy);
    return function;
}

char *node_cleanup(const struct node *declaration)
{
    const struct node *part = declaration->first;

    if (declaration->kind != CXCursor_VarDecl)
        return NULL;
    while (part && part->kind != CXCursor_UnexposedAttr)
        part = part->next;
    return part ? read_cleanup(declaration) : NULL;
}

CXType node_type(const struct node *node)
{
    return clang_getCanonicalType(clang_getCursorType(node->cursor));
}
