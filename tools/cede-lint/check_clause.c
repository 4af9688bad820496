/*
 * Block forms whose clauses are not what they look like. All of this compiles,
 * for a clause is an `if` in a block of its own (clauses out of order do not):
 *
 *   - an except clause that an earlier one leaves nothing to;
 *   - cede_except beside cede_except_group;
 *   - code between the clauses, braces forgotten included: it runs each time
 *     control passes by, once for every clause;
 *   - `else` for cede_else: it belongs to the `if` of the clause before it.
 */
#include "check.h"
#include "place.h"
#include "report.h"

struct look {
    struct source *source;
    struct tree *tree;
    const struct form *form;
};

/* ---- one clause beside another ------------------------------------------- */

static struct place place_of_clause(const struct clause *clause)
{
    return place_of_expansion(clause->test->cursor);
}

static bool is_handler(const struct clause *clause)
{
    return clause->kind == CLAUSE_EXCEPT || clause->kind == CLAUSE_EXCEPT_GROUP;
}

static void compare(const struct look *look, const struct clause *clause,
                    const struct clause *before)
{
    if (is_handler(clause) && is_handler(before) &&
        clause->kind != before->kind)
        report_add(look->source, "clause", place_of_clause(clause),
                   "cede_except and cede_except_group in one statement");
}

/* Does an earlier clause take the class that this node names? */
static bool is_taken(const struct look *look, int index,
                     const struct node *name)
{
    for (int i = 0; i < index; i++) {
        const struct clause *earlier = &look->form->clauses[i];

        if (clause_names(look->tree, earlier, name->name) ||
            clause_names(look->tree, earlier, "cede_BaseException"))
            return true;
    }
    return false;
}

/* Nothing is left for a clause if earlier ones take each of its classes. */
static void find_dead(const struct look *look, int index)
{
    const struct clause *clause = &look->form->clauses[index];
    bool named = false;

    if (!clause->caught)
        return;
    for (int i = clause->caught->order; i <= clause->caught->end; i++) {
        const struct node *node = look->tree->nodes[i];

        if (node->kind != CXCursor_DeclRefExpr ||
            node_starts(node, "cede_impl_") || node_starts(node, "CEDE_IMPL_"))
            continue;
        if (node->variable || !is_taken(look, index, node))
            return;
        named = true;
    }
    if (named)
        report_add(look->source, "clause", place_of_clause(clause),
                   "nothing comes to this clause: an earlier one takes it");
}

/* ---- code that is in no clause ------------------------------------------- */

static bool declares_plumbing(const struct node *statement)
{
    const struct node *declared =
        statement->kind == CXCursor_DeclStmt ? statement->first : NULL;

    if (declared && declared->kind == CXCursor_EnumDecl)
        declared = declared->first;
    return declared && (declared->kind == CXCursor_UnexposedDecl ||
                        node_starts(declared, "cede_impl_"));
}

static bool is_clause(const struct look *look, const struct node *node)
{
    for (int i = 0; i < look->form->count; i++) {
        if (look->form->clauses[i].test == node)
            return true;
    }
    return false;
}

static bool asserts(const struct node *statement)
{
    return statement->kind == CXCursor_DeclStmt && statement->first &&
           statement->first->kind == CXCursor_StaticAssert;
}

/* Where a clause ends it says whether it is the last one, and what may follow. */
static bool ends_clause(const struct node *statement)
{
    return statement->kind == CXCursor_NullStmt || asserts(statement) ||
           (statement->kind == CXCursor_BinaryOperator && statement->first &&
            node_named(statement->first, "cede_impl_last_"));
}

/* What the macros themselves put there speaks of the frame, of the phase, or of
   nothing. */
static bool is_plumbing(const struct look *look, const struct node *statement)
{
    if (ends_clause(statement) || statement->kind == CXCursor_LabelStmt ||
        declares_plumbing(statement))
        return true;
    for (int i = statement->order; i <= statement->end; i++) {
        const struct node *node = look->tree->nodes[i];

        if (node_refers(node, look->form->frame) ||
            node_refers(node, look->form->phase) ||
            node_named(node, "__builtin_unreachable"))
            return true;
    }
    return false;
}

static void report_stray(const struct look *look, const struct node *statement)
{
    report_add(look->source, "clause", place_of_expansion(statement->cursor),
               "in no clause of the statement: this runs once for every "
               "clause; are there braces missing?");
}

static bool holds_clause(const struct look *look, const struct node *block)
{
    for (int i = 0; i < look->form->count; i++) {
        if (block->kind == CXCursor_CompoundStmt &&
            node_holds(block, look->form->clauses[i].test))
            return true;
    }
    return false;
}

static void find_stray(const struct look *look, const struct node *first)
{
    for (const struct node *n = first; n; n = n->next) {
        if (is_clause(look, n))
            continue;
        if (holds_clause(look, n))
            find_stray(look, n->first);
        else if (!is_plumbing(look, n))
            report_stray(look, n);
    }
}

/* cede_except (cls, e) a(); b(); b is still in the block of e. */
static void find_stray_in_handler(const struct look *look,
                                  const struct clause *clause)
{
    if (!clause->caught || clause->body == clause->statement)
        return;
    for (const struct node *n = clause->body->parent->next; n; n = n->next) {
        if (!ends_clause(n))
            report_stray(look, n);
    }
}

static void find_else(const struct look *look, const struct clause *clause)
{
    struct node *branch = clause->test->first->next->next;

    if (!branch && clause->body != clause->statement)
        branch = clause->body->next;
    if (branch)
        report_add(look->source, "clause", place_of_expansion(branch->cursor),
                   "this `else` belongs to %s and runs before every other "
                   "clause: write cede_else",
                   clause_word(clause->kind));
}

static void run(struct source *source, struct function *function)
{
    struct look look = {.source = source,
                        .tree = function_tree(source, function)};

    for (look.form = look.tree->forms; look.form; look.form = look.form->next) {
        const struct form *form = look.form;

        for (int i = 0; i < form->count; i++) {
            if (i > 0)
                compare(&look, &form->clauses[i], &form->clauses[i - 1]);
            find_dead(&look, i);
            find_stray_in_handler(&look, &form->clauses[i]);
            find_else(&look, &form->clauses[i]);
        }
        find_stray(&look, form->phase->parent->next);
    }
}

const struct check check_clause = {
    "clause", "clauses that never run, and code between them", run};
