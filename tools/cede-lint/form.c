/*
 * Forms. Knows the names that the macros of cede/try.h use and as little as
 * possible of what they expand to:
 *
 *   - a block that declares `cede_impl_frame_` is a form; it can be entered
 *     anew (an exception, a statement left early) if that is a cede_impl_frame;
 *   - below it, an `if` that asks `cede_impl_phase_` for CEDE_IMPL_PHASE_x is
 *     a clause;
 *   - the blocks around it that begin where it begins are part of it.
 */
#include "form.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "place.h"

#define FRAME "cede_impl_frame_"
#define PHASE "cede_impl_phase_"

/* ---- clauses ------------------------------------------------------------- */

static const struct {
    const char *phase;
    enum clause_kind kind;
} phases[] = {
    {"CEDE_IMPL_PHASE_BODY", CLAUSE_BODY},
    {"CEDE_IMPL_PHASE_HANDLE", CLAUSE_EXCEPT},
    {"CEDE_IMPL_PHASE_ELSE", CLAUSE_ELSE},
    {"CEDE_IMPL_PHASE_FINALLY", CLAUSE_FINALLY},
};

/* Which phase the test asks for; false: it is not a clause's test. */
static bool read_test(struct tree *tree, const struct form *form,
                      const struct node *test, enum clause_kind *kind)
{
    bool asks = false, known = false;

    for (int i = test->order; i <= test->end; i++) {
        const struct node *node = tree->nodes[i];

        asks = asks || node_refers(node, form->phase);
        for (size_t k = 0; k < sizeof phases / sizeof *phases; k++) {
            if (node_named(node, phases[k].phase)) {
                *kind = phases[k].kind;
                known = true;
            }
        }
    }
    return asks && known;
}

/* { cede_exception *const e = …; if (e) body }: finds e and body. */
static void read_handler(struct tree *tree, struct clause *clause)
{
    for (struct node *n = clause->statement->first; n; n = n->next) {
        if (n->kind == CXCursor_DeclStmt && n->first && !clause->caught) {
            clause->caught = n->first;
            if (node_mentions(tree, n, "cede_impl_match_group"))
                clause->kind = CLAUSE_EXCEPT_GROUP;
        } else if (n->kind == CXCursor_IfStmt && clause->caught &&
                   node_refers(node_bare(n->first), clause->caught)) {
            clause->body = n->first->next;
            return;
        }
    }
}

static void add_clause(struct tree *tree, struct form *form, struct node *test,
                       enum clause_kind kind)
{
    struct clause *clause;

    form->clauses =
        memory_grow(form->clauses, (size_t)form->count, sizeof(struct clause));
    clause = &form->clauses[form->count++];
    *clause = (struct clause){.kind = kind, .test = test};
    clause->statement = test->first->next;
    clause->body = clause->statement;
    if (kind == CLAUSE_EXCEPT)
        read_handler(tree, clause);
}

/* The clauses lie side by side, each in a block of its own at most. */
static void find_clauses(struct tree *tree, struct form *form,
                         struct node *first)
{
    enum clause_kind kind = CLAUSE_BODY;

    for (struct node *n = first; n; n = n->next) {
        if (n->kind == CXCursor_CompoundStmt)
            find_clauses(tree, form, n->first);
        else if (n->kind == CXCursor_IfStmt && n->first && n->first->next &&
                 read_test(tree, form, n->first, &kind))
            add_clause(tree, form, n, kind);
    }
}

/* ---- forms --------------------------------------------------------------- */

static struct node *declared(const struct node *statement, const char *name)
{
    if (statement->kind != CXCursor_DeclStmt)
        return NULL;
    for (struct node *n = statement->first; n; n = n->next) {
        if (n->kind == CXCursor_VarDecl && node_named(n, name))
            return n;
    }
    return NULL;
}

/* cede_with declares what it needs in a block around the form's. */
static bool is_wrapper(const struct node *block)
{
    if (block->kind != CXCursor_CompoundStmt)
        return false;
    if (!block->first->next)
        return true;
    for (const struct node *n = block->first; n; n = n->next) {
        if (declared(n, "cede_impl_manager_"))
            return true;
    }
    return false;
}

/* The macro that opens the form makes blocks around it: they begin where it
   does. */
static struct node *whole(struct node *block)
{
    struct place start = place_of_expansion(block->cursor);

    while (is_wrapper(block->parent)) {
        struct place above = place_of_expansion(block->parent->cursor);

        if (above.offset != start.offset ||
            !clang_File_isEqual(above.file, start.file))
            break;
        block = block->parent;
    }
    return block;
}

static struct form *read_form(struct tree *tree, struct node *block)
{
    struct form form = {0}, *made;
    CXString type;
    struct node *n;

    for (n = block->first; n && !form.phase; n = n->next) {
        if (!form.frame)
            form.frame = declared(n, FRAME);
        else
            form.phase = declared(n, PHASE);
    }
    if (!form.phase)
        return NULL;
    type = clang_getTypeSpelling(clang_getCursorType(form.frame->cursor));
    form.catches = strstr(clang_getCString(type), "cede_impl_frame") != NULL;
    clang_disposeString(type);
    find_clauses(tree, &form, n);
    form.statement = whole(block);
    made = memory_new(sizeof *made);
    *made = form;
    form.statement->form = made;
    return made;
}

void form_find(struct tree *tree)
{
    struct form **end = &tree->forms;

    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i]->kind != CXCursor_CompoundStmt)
            continue;
        *end = read_form(tree, tree->nodes[i]);
        if (*end)
            end = &(*end)->next;
    }
}

void form_free(struct tree *tree)
{
    struct form *next;

    for (struct form *form = tree->forms; form; form = next) {
        next = form->next;
        free(form->clauses);
        free(form);
    }
    tree->forms = NULL;
}

struct clause *form_clause(const struct form *form, const struct node *node)
{
    for (int i = 0; i < form->count; i++) {
        if (node_holds(form->clauses[i].statement, node))
            return &form->clauses[i];
    }
    return NULL;
}

struct form *form_around(const struct node *node, struct clause **clause)
{
    for (struct node *above = node->parent; above; above = above->parent) {
        if (above->form && (*clause = form_clause(above->form, node)))
            return above->form;
    }
    *clause = NULL;
    return NULL;
}

/*
 * Of several cede_except one runs, of several cede_except_group each may; an
 * exception that was caught leaves no way to cede_else.
 */
bool clause_follows(const struct clause *earlier, const struct clause *later)
{
    if (earlier >= later)
        return false;
    switch (earlier->kind) {
    case CLAUSE_EXCEPT:
        return later->kind == CLAUSE_FINALLY;
    case CLAUSE_EXCEPT_GROUP:
        return later->kind != CLAUSE_ELSE;
    default:
        return true;
    }
}

bool clause_names(struct tree *tree, const struct clause *clause,
                  const char *class_name)
{
    if (!clause->caught)
        return false;
    for (int i = clause->caught->order; i <= clause->caught->end; i++) {
        if (tree->nodes[i]->kind == CXCursor_DeclRefExpr &&
            node_named(tree->nodes[i], class_name))
            return true;
    }
    return false;
}

const char *clause_word(enum clause_kind kind)
{
    static const char *const words[] = {
        [CLAUSE_BODY] = "the body",
        [CLAUSE_EXCEPT] = "cede_except",
        [CLAUSE_EXCEPT_GROUP] = "cede_except_group",
        [CLAUSE_ELSE] = "cede_else",
        [CLAUSE_FINALLY] = "cede_finally",
    };

    return words[kind];
}
