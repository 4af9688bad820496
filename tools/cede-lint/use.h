/*
 * The locals of a function, and what each mention of them does.
 */
#pragma once

#include "tree.h"

struct source;

enum use {
    USE_READ = 1,
    USE_WRITE = 2,     /* assigned, or a part of it */
    USE_WHOLE = 4,     /* … all of it: its last value is gone */
    USE_ESCAPE = 8,    /* its address is where anybody may find it: it is in
                       memory from now on, as cede_keep has it */
    USE_GIVEN = 16,    /* … a function has it that may set the local */
    USE_VOLATILE = 32, /* read or assigned as something volatile */
    USE_ALIAS = 64,    /* while uses are being found: a pointer is set to it */
};

struct variable {
    struct variable *next;
    struct node *declaration;
    struct node *scope; /* the block or loop that it is local to */
    const char *name;
    bool is_volatile;
    /* A pointer that is set once, to this local: what is done through it is
       done to that. */
    struct variable *points_to;
};

/* Finds the locals of a tree and what its nodes do to them. */
void use_find(struct source *source, struct tree *tree);
void use_free(struct tree *tree);

/* What the node does to the local, itself or through a pointer: enum use. */
unsigned use_of(const struct node *node, const struct variable *variable);

/* The local that the expression names (in parentheses, converted), or NULL. */
struct variable *use_local(struct node *expression);

/* The local that the place is in: that, or a part of it; or NULL. */
struct variable *use_root(struct node *place);
