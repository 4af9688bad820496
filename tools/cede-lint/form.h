/*
 * The block forms of a function: cede_try and all that is built on it, and
 * their clauses.
 */
#pragma once

#include "tree.h"

enum clause_kind {
    CLAUSE_BODY,
    CLAUSE_EXCEPT,
    CLAUSE_EXCEPT_GROUP,
    CLAUSE_ELSE,
    CLAUSE_FINALLY,
};

struct clause {
    enum clause_kind kind;
    struct node *test;      /* the if statement that the clause is */
    struct node *statement; /* all that runs if the test holds */
    struct node *body;      /* the part of it that its user wrote */
    struct node *caught;    /* cede_except: the variable it names, or NULL */
};

struct form {
    struct form *next;
    struct node *statement; /* all of it */
    struct node *frame;     /* the variable that makes it one */
    struct node *phase;
    bool catches; /* it can be entered anew; cede_for_else cannot */
    struct clause *clauses;
    int count;
};

/* Finds the forms of a tree. */
void form_find(struct tree *tree);
void form_free(struct tree *tree);

/* The innermost form that has the node in one of its clauses, and which. */
struct form *form_around(const struct node *node, struct clause **clause);

/* The clause of this form that the node is in, or NULL. */
struct clause *form_clause(const struct form *form, const struct node *node);

/* Can `later` run when `earlier` has run, in one run of the statement? */
bool clause_follows(const struct clause *earlier, const struct clause *later);

/* Does the clause name this class, as in cede_except (cede_OSError, e)? */
bool clause_names(struct tree *tree, const struct clause *clause,
                  const char *class_name);

const char *clause_word(enum clause_kind kind);
