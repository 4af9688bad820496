/*
 * References that have been given away: what runs a thing to its end takes the
 * reference of the caller (cede_await, cede_for, cede_yield_from), and so does
 * cede_unref. The same variable used again behind that, in the same block and
 * without a new value, is a use of what may be gone: await twice, first of all.
 *
 * A function that takes another reference of the variable somewhere (cede_ref)
 * is taken to know what it does.
 */
#include "check.h"
#include "flow.h"
#include "place.h"
#include "report.h"

static const struct {
    const char *function;
    int argument;
    const char *word;
} takers[] = {
    {"cede_unref", 0, "cede_unref"},
    {"cede_impl_await", 0, "cede_await"},
    {"cede_impl_yield_from", 0, "cede_yield_from"},
    {"cede_impl_for_enter", 1, "cede_for"},
};

/* Which of the takers it calls; -1: none. */
static int taker_of(const struct node *call)
{
    if (call->kind != CXCursor_CallExpr)
        return -1;
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
        if (node_named(call, takers[i].function))
            return (int)i;
    }
    return -1;
}

/*
 * The statement of a block that runs this call whenever it runs: there is no
 * condition and no loop between them but the beginning of cede_for. NULL: there
 * is one.
 */
static struct node *statement_of(struct node *call)
{
    struct node *node = call;

    for (;; node = node->parent) {
        const struct node *above = node->parent;

        switch (above->kind) {
        case CXCursor_UnexposedExpr:
        case CXCursor_ParenExpr:
        case CXCursor_UnaryOperator: /* __extension__ */
        case CXCursor_CStyleCastExpr:
        case CXCursor_CallExpr:
        case CXCursor_StmtExpr:
        case CXCursor_VarDecl:
        case CXCursor_DeclStmt:
        case CXCursor_MemberRefExpr:
            break;
        case CXCursor_BinaryOperator:
            if (!node_assigns(above))
                return NULL;
            break;
        case CXCursor_ForStmt:
            if (node != above->first)
                return NULL;
            break;
        case CXCursor_CompoundStmt:
            if (above->parent->kind != CXCursor_StmtExpr)
                return node;
            break;
        default:
            return NULL;
        }
    }
}

/* Are there other references, or other ways to set the variable? */
static bool is_beyond_us(const struct tree *tree,
                         const struct variable *variable)
{
    static const char *const refs[] = {"cede_ref", "cede_impl_ref", NULL};

    for (int i = 0; i < tree->count; i++) {
        struct node *node = tree->nodes[i];

        if (use_of(node, variable) & (USE_ESCAPE | USE_GIVEN))
            return true;
        if (node_calls(node, refs) && node->first->next &&
            use_local(node->first->next) == variable)
            return true;
    }
    return false;
}

/* The object is new, and nobody else was shown it before the call: ours was the
   only reference. */
static bool is_sole(const struct tree *tree, const struct variable *variable,
                    const struct node *call)
{
    const struct node *value = node_last(variable->declaration);

    value = value ? node_bare((struct node *)value) : NULL;
    if (!value ||
        (value->kind != CXCursor_CallExpr && value->kind != CXCursor_StmtExpr))
        return false;
    for (int i = variable->declaration->end + 1; i < call->order; i++) {
        const struct node *other = tree->nodes[i];

        if (other->kind != CXCursor_CallExpr || taker_of(other) >= 0)
            continue;
        for (struct node *n = other->first; n; n = n->next) {
            if (use_local(n) == variable)
                return false;
        }
    }
    return true;
}

/* A filter: the reference is given away once more. */
static bool is_taken_again(const struct node *read)
{
    const struct node *argument = read;
    int taker;

    while (argument->parent->kind == CXCursor_ParenExpr ||
           argument->parent->kind == CXCursor_UnexposedExpr ||
           argument->parent->kind == CXCursor_CStyleCastExpr)
        argument = argument->parent;
    taker = taker_of(argument->parent);
    return taker >= 0 &&
           node_argument(argument->parent, argument) == takers[taker].argument;
}

static void look_at(struct source *source, struct tree *tree, struct node *call)
{
    int taker = taker_of(call);
    struct node *statement, *argument, *read;
    struct variable *variable;

    if (taker < 0 || !(statement = statement_of(call)))
        return;
    argument = node_child(call, takers[taker].argument + 1);
    variable = argument ? use_local(argument) : NULL;
    if (!variable || is_beyond_us(tree, variable))
        return;
    read = flow_behind(tree, variable,
                       is_sole(tree, variable, call) ? flow_more_than_compared
                                                     : is_taken_again,
                       statement);
    if (!read)
        return;
    report_add(source, "spent", place_of(read->cursor),
               "'%s' is used after %s took its reference: keep cede_ref(%s)",
               variable->name, takers[taker].word, variable->name);
    report_note(place_of(call->cursor), "the reference is taken here");
}

static void run(struct source *source, struct function *function)
{
    struct tree *tree = function_tree(source, function);

    for (int i = 0; i < tree->count; i++)
        look_at(source, tree, tree->nodes[i]);
}

const struct check check_spent = {
    "spent", "references used after something took them", run};
