/*
 * Functions that may raise, given to C functions that know nothing of
 * exceptions and call them back: what lies between would be skipped, with its
 * locks and its memory. Such a function begins with cede_catch.
 */
#include "check.h"
#include "place.h"
#include "raise.h"
#include "report.h"

static const char *const callers[] = {
    "qsort",           "qsort_r",   "bsearch",
    "lfind",           "lsearch",   "tsearch",
    "tfind",           "twalk",     "twalk_r",
    "tdestroy",        "ftw",       "nftw",
    "scandir",         "glob",      "atexit",
    "on_exit",         "signal",    "at_quick_exit",
    "pthread_once",    "call_once", "pthread_atfork",
    "dl_iterate_phdr", NULL};

static void look_at(struct source *source, struct node *call,
                    struct node *argument)
{
    struct node *name = node_bare(argument);
    struct function *function;
    CXCursor named;

    if (name->kind == CXCursor_UnaryOperator && name->first)
        name = node_bare(name->first);
    if (name->kind != CXCursor_DeclRefExpr)
        return;
    named = clang_getCursorReferenced(name->cursor);
    if (clang_getCursorKind(named) != CXCursor_FunctionDecl)
        return;
    function = source_function(source, named);
    if (function && raise_by_function(source, function))
        report_add(source, "foreign", place_of(name->cursor),
                   "%s may raise, and no exception may cross %s: let it call "
                   "cede_catch",
                   name->name, call->name);
}

static void run(struct source *source, struct function *function)
{
    struct tree *tree = function_tree(source, function);

    for (int i = 0; i < tree->count; i++) {
        struct node *call = tree->nodes[i];

        if (!node_calls(call, callers))
            continue;
        for (struct node *n = call->first->next; n; n = n->next)
            look_at(source, call, n);
    }
}

const struct check check_foreign = {
    "foreign", "functions that may raise, called back by others' code", run};
