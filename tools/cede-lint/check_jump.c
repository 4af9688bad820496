/*
 * Jumps into a statement, past its beginning: goto, and the labels of a switch
 * around it. gcc compiles them, and what the statement ends with was never
 * begun. clang does not; here its error is a finding.
 *
 * Between the clauses of one statement both compilers let them pass, and the
 * clause that is jumped into is not the one that runs.
 */
#include <string.h>

#include "check.h"
#include "place.h"
#include "report.h"

static bool has_note(CXDiagnostic diagnostic, const char *part)
{
    CXDiagnosticSet notes = clang_getChildDiagnostics(diagnostic);
    unsigned count = clang_getNumDiagnosticsInSet(notes);
    bool found = false;

    for (unsigned i = 0; i < count && !found; i++) {
        CXDiagnostic note = clang_getDiagnosticInSet(notes, i);
        CXString text = clang_getDiagnosticSpelling(note);

        found = strstr(clang_getCString(text), part) != NULL;
        clang_disposeString(text);
        clang_disposeDiagnostic(note);
    }
    return found;
}

bool check_jump_diagnostic(struct source *source, CXDiagnostic diagnostic)
{
    static const char cannot[] = "cannot jump from ";
    CXString text = clang_getDiagnosticSpelling(diagnostic);
    bool ours = strncmp(clang_getCString(text), cannot, strlen(cannot)) == 0 &&
                has_note(diagnostic, "__attribute__((cleanup))");

    if (ours)
        report_add(source, "jump",
                   place_of_location(clang_getDiagnosticLocation(diagnostic)),
                   "a jump past the beginning, or past the end, of a "
                   "statement or of a scope with a clean-up");
    clang_disposeString(text);
    return ours;
}

/* Into another clause of a form that both are in? */
static void look_at(struct source *source, struct tree *tree, struct node *jump)
{
    const struct node *label = node_label(tree, jump);

    for (const struct form *form = tree->forms; form && label;
         form = form->next) {
        const struct clause *from = form_clause(form, jump);
        const struct clause *to = form_clause(form, label);

        if (from && to && from != to)
            report_add(source, "jump", place_of(jump->cursor),
                       "goto into another clause of the statement: that "
                       "clause is not the one that runs");
    }
}

static void run(struct source *source, struct function *function)
{
    struct tree *tree = function_tree(source, function);

    if (!tree->forms)
        return;
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i]->kind == CXCursor_GotoStmt)
            look_at(source, tree, tree->nodes[i]);
    }
}

const struct check check_jump = {
    "jump", "jumps into a statement, or from clause to clause", run};
