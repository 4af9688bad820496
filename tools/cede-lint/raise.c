/*
 * Raising. What is known to raise:
 *
 *   - functions of cede whose documentation says "Raises …";
 *   - the plumbing of cede's macros: what does not return, what takes the place
 *     in the source (which is for tracebacks), and a few more by name;
 *   - functions of this translation unit that call such and do not catch it.
 *
 * Calls through pointers and functions from elsewhere are not known to.
 */
#include "raise.h"

#include <ctype.h>
#include <string.h>

/* Functions behind documented macros. A test sees to it that they exist; what
   makes an object is known by its name, cede_impl_…_new. */
static const char *const raising[] = {
    "cede_impl_as_completed",
    "cede_impl_chain_begin",
    "cede_impl_concurrent_future_exception",
    "cede_impl_concurrent_future_result",
    "cede_impl_concurrent_future_set_result",
    "cede_impl_context_var_set",
    "cede_impl_context_var_set_token",
    "cede_impl_enumerate",
    "cede_impl_executor_map",
    "cede_impl_executor_submit",
    "cede_impl_exit_stack_callback",
    "cede_impl_exit_stack_enter",
    "cede_impl_for_next",
    "cede_impl_for_start",
    "cede_impl_future_add_done_callback",
    "cede_impl_future_add_done_callback_in",
    "cede_impl_future_set_exception",
    "cede_impl_future_set_result",
    "cede_impl_futures_as_completed",
    "cede_impl_gather",
    "cede_impl_gather_future",
    "cede_impl_gather_future_given",
    "cede_impl_gather_given",
    "cede_impl_islice",
    "cede_impl_iter_callable",
    "cede_impl_list_append",
    "cede_impl_list_begin",
    "cede_impl_list_put",
    "cede_impl_list_set",
    "cede_impl_loop_add_reader",
    "cede_impl_loop_add_signal_handler",
    "cede_impl_loop_add_writer",
    "cede_impl_loop_call_at",
    "cede_impl_loop_call_later",
    "cede_impl_loop_call_soon",
    "cede_impl_loop_call_soon_threadsafe",
    "cede_impl_print",
    "cede_impl_queue_put",
    "cede_impl_queue_put_nowait",
    "cede_impl_repr",
    "cede_impl_run",
    "cede_impl_run_coroutine_threadsafe",
    "cede_impl_run_in_executor",
    "cede_impl_scope_after",
    "cede_impl_scope_at",
    "cede_impl_scope_fail_after",
    "cede_impl_scope_fail_at",
    "cede_impl_send_channel_send",
    "cede_impl_send_channel_send_nowait",
    "cede_impl_started",
    "cede_impl_to_str",
    "cede_impl_to_thread",
    "cede_impl_tuple_begin",
    "cede_impl_value_equal",
    "cede_impl_wait",
    "cede_impl_wait_split",
    "cede_impl_with_enter",
    "cede_impl_zip_begin",
    NULL,
};

/* ---- cede's own functions ------------------------------------------------ */

/* "Raises" begins a sentence of its own. */
static bool documented(CXCursor callee)
{
    CXString text = clang_Cursor_getRawCommentText(callee);
    const char *comment = clang_getCString(text);
    const char *word = comment ? strstr(comment, "Raises") : NULL;
    bool raises = word && !isalnum((unsigned char)word[strlen("Raises")]);

    clang_disposeString(text);
    return raises;
}

static bool takes_location_or_does_not_return(CXCursor callee)
{
    CXString text = clang_getTypeSpelling(clang_getCursorType(callee));
    const char *type = clang_getCString(text);
    bool yes = strstr(type, "noreturn") || strstr(type, "cede_location *");

    clang_disposeString(text);
    return yes;
}

static bool makes_object(const struct node *call)
{
    size_t length = strlen(call->name);

    return node_starts(call, "cede_impl_") && length > strlen("_new") &&
           strcmp(call->name + length - strlen("_new"), "_new") == 0 &&
           !node_named(call, "cede_impl_exception_new");
}

/* Of a function that is not defined in this unit. */
static bool raises_by_name(const struct node *call, CXCursor callee)
{
    if (!node_starts(call, "cede_"))
        return false;
    return node_calls(call, raising) || makes_object(call) ||
           documented(callee) || takes_location_or_does_not_return(callee);
}

/* ---- this unit's functions ----------------------------------------------- */

bool raise_by_call(struct source *source, const struct node *call)
{
    CXCursor callee = node_callee(call);
    struct function *function;

    if (clang_Cursor_isNull(callee))
        return false;
    function = source_function(source, callee);
    if (!function)
        return raises_by_name(call, callee);
    return raise_by_function(source, function) ||
           (!function->ours && node_starts(call, "cede_") &&
            documented(callee));
}

/* cede_raise(cls, …): the class, "" if it is not written there. */
static const char *class_raised(const struct node *call)
{
    for (const struct node *n = call->first; n; n = n->next) {
        struct node *argument = node_bare((struct node *)n);

        if (n != call->first && argument->kind == CXCursor_DeclRefExpr &&
            node_starts(argument, "cede_") && !argument->variable)
            return argument->name;
    }
    return "";
}

/* A clause for Exception is taken to catch all: what is raised besides is meant
   to end the task. */
static bool form_catches(struct tree *tree, const struct form *form,
                         const struct node *call)
{
    const char *name = class_raised(call);

    for (int i = 0; i < form->count; i++) {
        const struct clause *clause = &form->clauses[i];

        if (clause_names(tree, clause, "cede_Exception") ||
            clause_names(tree, clause, "cede_BaseException") ||
            (*name && clause_names(tree, clause, name)))
            return true;
    }
    return false;
}

bool raise_leaves(struct source *source, struct tree *tree,
                  const struct node *call, const struct node *statement)
{
    struct clause *clause;
    struct form *form;
    const struct node *from = call;

    if (!raise_by_call(source, call))
        return false;
    while ((form = form_around(from, &clause)) &&
           node_holds(statement, form->statement)) {
        if (clause->kind == CLAUSE_BODY && form_catches(tree, form, call))
            return false;
        from = form->statement;
    }
    return true;
}

bool raise_by_function(struct source *source, struct function *function)
{
    struct tree *tree;

    if (function->raises != NOT_ASKED)
        return function->raises == YES; /* a recursive call adds nothing */
    function->raises = ASKING;
    tree = function_tree(source, function);
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i]->kind == CXCursor_CallExpr &&
            raise_leaves(source, tree, tree->nodes[i], tree->nodes[0])) {
            function->raises = YES;
            return true;
        }
    }
    function->raises = NO;
    return false;
}
