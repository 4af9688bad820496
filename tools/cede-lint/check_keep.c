/*
 * THE RULE of cede/try.h: a local that is declared before a statement, assigned
 * anywhere inside it, and read in a later clause or after it, must be volatile
 * or named in cede_keep before the statement.
 *
 * A clause may begin when the function is back at the statement's entry, as far
 * as the compiler knows: what it keeps of the local in a register is what was
 * there then. A local whose address has gone where others may find it is in
 * memory anyway; one whose last value is replaced before it is read again does
 * not care.
 */
#include "check.h"
#include "flow.h"
#include "place.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

struct look {
    struct source *source;
    struct tree *tree;
    const struct form *form;
    const struct variable *variable;
};

/* Is it in memory when the statement begins? */
static bool is_kept(const struct look *look)
{
    if (look->variable->is_volatile)
        return true;
    for (int i = 0; i < look->form->frame->order; i++) {
        if (use_of(look->tree->nodes[i], look->variable) & USE_ESCAPE)
            return true;
    }
    return false;
}

static struct node *assigned_in(const struct look *look,
                                const struct node *statement)
{
    for (int i = statement->order; i <= statement->end; i++) {
        struct node *node = look->tree->nodes[i];
        unsigned use = use_of(node, look->variable);

        if (use & USE_WRITE && !(use & USE_VOLATILE))
            return node;
    }
    return NULL;
}

static bool is_plain(const struct node *read)
{
    return !((read->use | read->pointee) & USE_VOLATILE);
}

static struct node *read_later(const struct look *look,
                               const struct clause *clause, const char **when)
{
    const struct form *form = look->form;
    struct node *read;

    for (int i = 0; i < form->count; i++) {
        if (clause_follows(clause, &form->clauses[i]) &&
            (read = flow_in(look->tree, look->variable, is_plain,
                            form->clauses[i].statement))) {
            *when = "in a later clause";
            return read;
        }
    }
    read = flow_after_form(look->tree, look->variable, is_plain, form);
    *when = read && node_holds(form->statement, read) ? "when it runs again"
                                                      : "after it";
    return read;
}

static void report(const struct look *look, struct node *write,
                   struct node *read, const char *when)
{
    struct place start = place_of_expansion(look->form->frame->cursor);
    char *word = place_word(look->source->unit, start);
    const char *name = look->variable->name;

    report_add(look->source, "keep", place_of(write->cursor),
               "'%s' is assigned inside a %s statement and read %s: make it "
               "volatile, or write cede_keep(%s) before line %u",
               name, word, when, name, start.line);
    report_note(place_of(look->variable->declaration->cursor),
                "'%s' is declared here", name);
    report_note(place_of(read->cursor), "and read here");
    free(word);
}

static void look_at(const struct look *look)
{
    const struct variable *variable = look->variable;

    if (strncmp(variable->name, "cede_impl_", strlen("cede_impl_")) == 0 ||
        variable->declaration->order > look->form->frame->order ||
        !node_holds(variable->scope, look->form->frame) || is_kept(look))
        return;
    for (int i = 0; i < look->form->count; i++) {
        struct clause *clause = &look->form->clauses[i];
        struct node *write = assigned_in(look, clause->statement);
        const char *when;
        struct node *read = write ? read_later(look, clause, &when) : NULL;

        if (read) {
            report(look, write, read, when);
            return;
        }
    }
}

static void run(struct source *source, struct function *function)
{
    struct look look = {.source = source,
                        .tree = function_tree(source, function)};

    for (look.form = look.tree->forms; look.form; look.form = look.form->next) {
        if (!look.form->catches)
            continue;
        for (look.variable = look.tree->variables; look.variable;
             look.variable = look.variable->next)
            look_at(&look);
    }
}

const struct check check_keep = {
    "keep", "locals that a later clause may read an old value of", run};
