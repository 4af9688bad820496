/*
 * The statements and expressions of one function, as a tree that can be walked
 * in every direction; libclang's own can be walked down only.
 */
#pragma once

#include <clang-c/Index.h>
#include <stdbool.h>

struct form;
struct variable;

struct node {
    CXCursor cursor;
    enum CXCursorKind kind;
    const char *name; /* of what it declares or refers to, else "" */
    struct node *parent, *first, *next;
    int order; /* its number, in the order of the source */
    int end;   /* the number of the last node inside it */

    struct form *form; /* form.h: this statement is that block form */

    /* use.h: */
    struct variable *variable; /* the local that it declares or names */
    unsigned use;              /* what it does to that local … */
    unsigned pointee;          /* … and to what that local points to */
};

struct tree {
    struct node **nodes; /* by number; 0 is the function */
    int count;
    struct form *forms; /* a list, outer ones before inner ones */
    struct variable *variables;
};

struct tree *tree_new(CXCursor function);
void tree_free(struct tree *tree);

/* Is `inner` the same node, or somewhere in it? */
static inline bool node_holds(const struct node *outer,
                              const struct node *inner)
{
    return outer->order <= inner->order && inner->order <= outer->end;
}

bool node_named(const struct node *node, const char *name);
bool node_starts(const struct node *node, const char *prefix);
struct node *node_child(const struct node *node, int index); /* or NULL */
struct node *node_last(const struct node *node);             /* or NULL */

/* Without the parentheses and conversions around an expression. */
struct node *node_bare(struct node *node);

/* The statement or clause of a statement list that holds the node: the last one
   below a compound statement. */
struct node *node_statement(struct node *node);

/* Does it, or something in it, name something that starts with prefix? */
bool node_mentions(struct tree *tree, const struct node *node,
                   const char *prefix);

/* Does it name the thing that `declaration` declares? */
bool node_refers(const struct node *node, const struct node *declaration);

/* x = … (not x += …), and the target of any assignment. */
bool node_assigns(const struct node *node);

/* What a call calls, where the call names it; else a null cursor. */
CXCursor node_callee(const struct node *call);
/* Which argument of the call the expression is; -1: none. */
int node_argument(const struct node *call, const struct node *expression);
bool node_calls(const struct node *node, const char *const *names);

/* Where a goto goes, NULL for one into a macro's own label. */
struct node *node_label(const struct tree *tree, const struct node *jump);

/* The function that __attribute__((cleanup(function))) names in a declaration,
   to be freed, or NULL. */
char *node_cleanup(const struct node *declaration);

CXType node_type(const struct node *node); /* canonical */
