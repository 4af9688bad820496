/*
 * The exception that cede_except names is borrowed until its clause ends. It is
 * kept where it can be found later only with a reference of its own.
 */
#include "check.h"
#include "flow.h"
#include "place.h"
#include "report.h"

struct look {
    struct source *source;
    struct tree *tree;
    const struct form *form;
    const struct clause *clause;
};

/* Does the expression name the exception, and nothing more? */
static bool is_caught(const struct look *look, struct node *expression)
{
    expression = node_bare(expression);
    while (expression->kind == CXCursor_CStyleCastExpr)
        expression = node_bare(node_last(expression));
    return node_refers(expression, look->clause->caught);
}

/* cede_ref(x) somewhere in the clause, x being the exception or this local. */
static bool has_reference(const struct look *look,
                          const struct variable *variable)
{
    static const char *const names[] = {"cede_ref", "cede_impl_ref", NULL};
    const struct node *body = look->clause->body;

    for (int i = body->order; i <= body->end; i++) {
        struct node *call = look->tree->nodes[i];
        struct node *argument;

        if (!node_calls(call, names) || !(argument = call->first->next))
            continue;
        if (is_caught(look, argument) ||
            (variable && use_local(argument) == variable))
            return true;
    }
    return false;
}

static struct node *read_later(const struct look *look,
                               const struct variable *variable)
{
    struct node *read = NULL;

    for (int i = 0; i < look->form->count && !read; i++) {
        struct clause *later = &look->form->clauses[i];

        if (clause_follows(look->clause, later))
            read = flow_in(look->tree, variable, flow_more_than_compared,
                           later->statement);
    }
    return read ? read
                : flow_after_form(look->tree, variable, flow_more_than_compared,
                                  look->form);
}

static void report(const struct look *look, struct node *node,
                   struct node *read)
{
    report_add(look->source, "borrow", place_of(node->cursor),
               "'%s' is borrowed until its clause ends: keep cede_ref(%s)",
               look->clause->caught->name, look->clause->caught->name);
    if (read)
        report_note(place_of(read->cursor), "and used here");
}

static void look_at_assignment(const struct look *look, struct node *node)
{
    struct variable *variable = use_root(node->first);
    struct node *read = NULL;

    if (!is_caught(look, node->first->next) || has_reference(look, variable))
        return;
    if (variable) {
        if (node_holds(look->clause->body, variable->declaration))
            return;
        read = read_later(look, variable);
        if (!read)
            return;
    }
    report(look, node, read);
}

static void look_at(const struct look *look)
{
    const struct node *body = look->clause->body;

    for (int i = body->order; i <= body->end; i++) {
        struct node *node = look->tree->nodes[i];

        if (node_assigns(node))
            look_at_assignment(look, node);
        else if (node->kind == CXCursor_ReturnStmt && node->first &&
                 is_caught(look, node->first) && !has_reference(look, NULL))
            report(look, node, NULL);
    }
}

static void run(struct source *source, struct function *function)
{
    struct look look = {.source = source,
                        .tree = function_tree(source, function)};

    for (look.form = look.tree->forms; look.form; look.form = look.form->next) {
        for (int i = 0; i < look.form->count; i++) {
            look.clause = &look.form->clauses[i];
            if (look.clause->caught)
                look_at(&look);
        }
    }
}

const struct check check_borrow = {
    "borrow", "caught exceptions that are kept without a reference", run};
