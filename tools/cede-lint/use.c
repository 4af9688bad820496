/*
 * Uses. Knows the C language: which expressions are places, values and
 * addresses. Follows an address into functions of the same translation unit,
 * which a compiler may do as well, and knows the C library's functions that
 * keep no address they are given.
 *
 * What is not known counts as an escape, which makes the local safe in the eyes
 * of those who ask: rather silent than wrong.
 */
#include "use.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "source.h"

static unsigned of_place(struct source *source, struct node *node,
                         const struct node *whole);
static unsigned of_address(struct source *source, struct node *node,
                           const struct node *whole);

/* ---- the C library ------------------------------------------------------- */

/* These do with what a pointer points to what its type says, and keep nothing.
   The first argument of those in the first line is replaced. */
static const char *const replacing[] = {
    "memset",    "memcpy",  "memmove",  "strcpy", "strncpy", "snprintf",
    "vsnprintf", "sprintf", "vsprintf", "bzero",  NULL};
static const char *const keeping_nothing[] = {
    "memcmp",  "memchr", "strlen",  "strnlen",       "strcmp",
    "strncmp", "strchr", "strrchr", "strstr",        "strcat",
    "strncat", "strtol", "strtoul", "strtoll",       "strtoull",
    "strtod",  "sscanf", "scanf",   "fscanf",        "fread",
    "fwrite",  "fgets",  "fputs",   "puts",          "read",
    "write",   "recv",   "send",    "clock_gettime", "gettimeofday",
    "stat",    "fstat",  "lstat",   "time",          "modf",
    "frexp",   "printf", "fprintf", "dprintf",       "perror",
    "strdup",  "atoi",   NULL};

/* With fortification, memcpy is __builtin___memcpy_chk. */
static bool is_called(const struct node *call, const char *const *names)
{
    static const char builtin[] = "__builtin_", fortified[] = "__builtin___";
    const char *name = call->name;
    size_t length = strlen(name);

    if (strncmp(name, fortified, strlen(fortified)) == 0 && length > 4 &&
        strcmp(name + length - 4, "_chk") == 0) {
        name += strlen(fortified);
        length = strlen(name) - 4;
    } else if (strncmp(name, builtin, strlen(builtin)) == 0) {
        name += strlen(builtin);
        length = strlen(name);
    }
    for (; *names; names++) {
        if (strlen(*names) == length && strncmp(*names, name, length) == 0)
            return true;
    }
    return false;
}

/* What they do with what the argument points to. */
static unsigned of_library(const struct node *call, CXType type, int index)
{
    CXType parameter = clang_getArgType(type, (unsigned)index);
    CXType pointee = clang_getPointeeType(parameter);

    if (parameter.kind == CXType_Invalid) /* the "…" of printf and scanf */
        return strstr(call->name, "scanf") ? USE_WRITE : USE_READ;
    return clang_isConstQualifiedType(pointee) ? USE_READ : USE_WRITE;
}

/* ---- where an address goes ----------------------------------------------- */

static bool is_address(const struct node *node)
{
    return node_type(node).kind == CXType_Pointer;
}

static bool is_array(CXType type)
{
    return type.kind == CXType_ConstantArray ||
           type.kind == CXType_IncompleteArray ||
           type.kind == CXType_VariableArray;
}

static bool is_volatile(CXType type)
{
    while (is_array(type))
        type = clang_getCanonicalType(clang_getArrayElementType(type));
    return clang_isVolatileQualifiedType(type);
}

static int parameter_index(const struct tree *tree,
                           const struct variable *variable)
{
    int index = 0;

    if (!variable || variable->declaration->parent != tree->nodes[0])
        return -1;
    for (struct node *n = tree->nodes[0]->first; n != variable->declaration;
         n = n->next)
        index += n->kind == CXCursor_ParmDecl;
    return index;
}

/* What a function of this unit does with what its parameter points to. */
static unsigned of_parameter(struct source *source, struct function *function,
                             int index)
{
    int count = clang_Cursor_getNumArguments(function->cursor);
    struct tree *tree;

    if (index >= count)
        return USE_ESCAPE | USE_GIVEN;
    tree = function_tree(source, function);
    if (!function->known)
        return USE_ESCAPE | USE_GIVEN; /* it is being read: it calls itself */
    if (!function->pointees) {
        function->pointees =
            memory_new((size_t)count * sizeof *function->pointees);
        for (int i = 0; i < tree->count; i++) {
            int at = parameter_index(tree, tree->nodes[i]->variable);

            if (at >= 0)
                function->pointees[at] |= tree->nodes[i]->pointee & ~USE_WHOLE;
        }
    }
    return function->pointees[index];
}

static unsigned of_argument(struct source *source, struct node *call,
                            const struct node *argument,
                            const struct node *whole)
{
    int index = node_argument(call, argument);
    struct function *function;
    CXCursor callee;
    CXType type;

    if (index < 0)
        return 0;
    if (is_called(call, replacing) && index == 0)
        return USE_WRITE | (whole ? USE_WHOLE : 0);
    callee = node_callee(call);
    if (clang_Cursor_isNull(callee))
        return USE_ESCAPE | USE_GIVEN;
    if (is_called(call, replacing) || is_called(call, keeping_nothing))
        return of_library(call, clang_getCursorType(callee), index);
    function = source_function(source, callee);
    if (function && function->ours)
        return of_parameter(source, function, index);
    type = clang_getPointeeType(
        clang_getArgType(clang_getCursorType(callee), (unsigned)index));
    return USE_ESCAPE |
           (clang_isConstQualifiedType(type) ? USE_READ : USE_GIVEN);
}

/* A pointer that is declared with the address: see add_alias. */
static unsigned of_initialiser(const struct node *declaration)
{
    const struct variable *variable = declaration->variable;

    return variable && is_address(declaration) ? USE_ALIAS : USE_ESCAPE;
}

static unsigned of_binary(struct source *source, struct node *node,
                          struct node *operand, const struct node *whole)
{
    if (node_assigns(node))
        return USE_ESCAPE;
    if (!is_address(node))
        return 0; /* compared, or subtracted */
    return of_address(source, node,
                      operand == node->first->next ? NULL : whole);
}

/*
 * What happens to a local through a value that is its address. `whole` is the
 * local, if this is the address of its beginning and not of a part.
 */
static unsigned of_address(struct source *source, struct node *node,
                           const struct node *whole)
{
    struct node *above = node->parent;

    switch (above->kind) {
    case CXCursor_ParenExpr:
    case CXCursor_StmtExpr:
        return of_address(source, above, whole);
    case CXCursor_UnexposedExpr:
        return is_address(above) ? of_address(source, above, whole) : 0;
    case CXCursor_CStyleCastExpr:
        if (is_address(above))
            return of_address(source, above, whole);
        return node_type(above).kind == CXType_Void ? 0 : USE_ESCAPE;
    case CXCursor_UnaryOperator:
        if (!clang_equalTypes(clang_getPointeeType(node_type(node)),
                              node_type(above)))
            return 0; /* !p */
        if (whole && !clang_equalTypes(node_type(whole), node_type(above)))
            whole = NULL;
        return of_place(source, above, whole);
    case CXCursor_MemberRefExpr:
        return of_place(source, above, NULL);
    case CXCursor_ArraySubscriptExpr:
        return of_place(source, above, NULL);
    case CXCursor_BinaryOperator:
        return of_binary(source, above, node, whole);
    case CXCursor_ConditionalOperator:
        return node == above->first ? 0 : of_address(source, above, whole);
    case CXCursor_GenericSelectionExpr:
        return node == above->first ? 0 : of_address(source, above, whole);
    case CXCursor_CallExpr:
        return of_argument(source, above, node, whole);
    case CXCursor_VarDecl:
        return of_initialiser(above);
    case CXCursor_CompoundStmt:
        if (above->parent->kind == CXCursor_StmtExpr && !node->next)
            return of_address(source, above, whole);
        return 0;
    case CXCursor_IfStmt:
    case CXCursor_WhileStmt:
    case CXCursor_ForStmt:
    case CXCursor_DoStmt:
    case CXCursor_UnaryExpr:
        return 0;
    default:
        return USE_ESCAPE;
    }
}

/* (void)x looks at nothing. */
static bool is_dropped(const struct node *node)
{
    while (node->parent->kind == CXCursor_ParenExpr ||
           node->parent->kind == CXCursor_UnexposedExpr)
        node = node->parent;
    return node->parent->kind == CXCursor_CStyleCastExpr &&
           node_type(node->parent).kind == CXType_Void;
}

static unsigned of_access(struct source *source, struct node *node,
                          const struct node *whole)
{
    struct node *above = node->parent;
    CXType type = node_type(node);

    switch (above->kind) {
    case CXCursor_ParenExpr:
        return of_place(source, above, whole);
    case CXCursor_MemberRefExpr:
        return of_place(source, above, NULL);
    case CXCursor_ArraySubscriptExpr:
        return node == above->first ? of_place(source, above, NULL) : 0;
    case CXCursor_UnexposedExpr:
        if (is_array(type) && is_address(above))
            return of_address(source, above, whole);
        return is_dropped(node) ? 0 : USE_READ;
    case CXCursor_BinaryOperator:
        if (node != above->first || !node_assigns(above))
            return 0;
        return USE_WRITE | (whole ? USE_WHOLE : 0);
    case CXCursor_CompoundAssignOperator:
        return node == above->first ? USE_READ | USE_WRITE : 0;
    case CXCursor_UnaryOperator:
        if (clang_equalTypes(clang_getPointeeType(node_type(above)), type))
            return of_address(source, above, whole);
        return USE_READ | USE_WRITE;
    case CXCursor_GCCAsmStmt:
        return USE_READ | USE_WRITE;
    default:
        return 0;
    }
}

/* What happens to a local, or to a part of it, that the expression names. */
static unsigned of_place(struct source *source, struct node *node,
                         const struct node *whole)
{
    unsigned use = of_access(source, node, whole);

    return use && is_volatile(node_type(node)) ? use | USE_VOLATILE : use;
}

/* ---- names --------------------------------------------------------------- */

struct variable *use_local(struct node *expression)
{
    expression = node_bare(expression);
    while (expression->kind == CXCursor_CStyleCastExpr) {
        struct node *inner = node_last(expression);

        if (!inner)
            return NULL;
        expression = node_bare(inner);
    }
    return expression->kind == CXCursor_DeclRefExpr ? expression->variable
                                                    : NULL;
}

struct variable *use_root(struct node *place)
{
    for (place = node_bare(place); place->first;
         place = node_bare(place->first)) {
        bool member = place->kind == CXCursor_MemberRefExpr &&
                      node_type(place->first).kind != CXType_Pointer;
        bool element = place->kind == CXCursor_ArraySubscriptExpr &&
                       is_array(node_type(node_bare(place->first)));

        if (!member && !element)
            return NULL;
    }
    return place->kind == CXCursor_DeclRefExpr ? place->variable : NULL;
}

/* ---- finding ------------------------------------------------------------- */

static bool is_local(const struct node *node)
{
    if (node->kind == CXCursor_ParmDecl)
        return node->name[0] != '\0';
    return node->kind == CXCursor_VarDecl && node->name[0] != '\0' &&
           !clang_Cursor_hasVarDeclGlobalStorage(node->cursor);
}

static void add_local(struct tree *tree, struct node *declaration)
{
    struct variable *variable = memory_new(sizeof *variable);
    struct node *scope = declaration->parent;

    while (scope->parent && scope->kind != CXCursor_CompoundStmt &&
           scope->kind != CXCursor_ForStmt)
        scope = scope->parent;
    variable->declaration = declaration;
    variable->scope = scope;
    variable->name = declaration->name;
    variable->is_volatile = is_volatile(node_type(declaration));
    variable->next = tree->variables;
    tree->variables = variable;
    declaration->variable = variable;
}

/* The local that a name stands for. Those in sight are few. */
static struct variable *look_up(const struct tree *tree,
                                const struct node *node)
{
    for (struct variable *v = tree->variables; v; v = v->next) {
        if (node_refers(node, v->declaration))
            return v;
    }
    return NULL;
}

static bool is_set_again(const struct tree *tree,
                         const struct variable *pointer)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i]->variable == pointer &&
            (tree->nodes[i]->use & (USE_WRITE | USE_ESCAPE)))
            return true;
    }
    return false;
}

/* int *p = &x; the node is the x. Unless p always points there, the address is
   lost from sight. */
static void add_alias(const struct tree *tree, struct node *node)
{
    struct node *declaration = node;
    struct variable *pointer;

    node->use &= ~USE_ALIAS;
    while (declaration->kind != CXCursor_VarDecl)
        declaration = declaration->parent;
    pointer = declaration->variable;
    if ((pointer->points_to && pointer->points_to != node->variable) ||
        is_set_again(tree, pointer))
        node->use |= USE_ESCAPE;
    else
        pointer->points_to = node->variable;
}

static void find_uses(struct source *source, struct node *node)
{
    node->use = of_place(source, node, node);
    if (is_address(node) && node->parent->kind == CXCursor_UnexposedExpr)
        node->pointee = of_address(source, node->parent, NULL);
    /* int *q = p; is not followed. */
    if (node->pointee & USE_ALIAS)
        node->pointee = (node->pointee & ~USE_ALIAS) | USE_ESCAPE;
}

void use_find(struct source *source, struct tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        struct node *node = tree->nodes[i];

        if (is_local(node))
            add_local(tree, node);
        else if (node->kind == CXCursor_DeclRefExpr)
            node->variable = look_up(tree, node);
    }
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i]->kind == CXCursor_DeclRefExpr &&
            tree->nodes[i]->variable)
            find_uses(source, tree->nodes[i]);
    }
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i]->use & USE_ALIAS)
            add_alias(tree, tree->nodes[i]);
    }
}

void use_free(struct tree *tree)
{
    struct variable *next;

    for (struct variable *v = tree->variables; v; v = next) {
        next = v->next;
        free(v);
    }
    tree->variables = NULL;
}

unsigned use_of(const struct node *node, const struct variable *variable)
{
    if (node->kind != CXCursor_DeclRefExpr || !node->variable)
        return 0;
    if (node->variable == variable)
        return node->use;
    if (node->variable->points_to == variable)
        return node->pointee & ~USE_WHOLE;
    return 0;
}
