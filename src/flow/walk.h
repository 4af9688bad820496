/*
 * walk.h - through values in values, for what Python does by recursion
 *
 * Knows: where in nested tuples and lists a walk is, what it holds while code
 * of users' classes runs, and which walks that code was called by. Does not
 * know: what the walk is for (print.c, equal.c).
 *
 * Invariants: a walk stands on the stack of who walks, and in the chain of
 * records from begin to end, so that a raise out of users' code gives up what
 * it holds. Nesting costs heap, not stack; users' code that walks again costs
 * stack, and is stopped while there is some left. Python: Py_ReprEnter, and
 * sys.getrecursionlimit.
 */
#pragma once

#include "flow/flow.h"

typedef struct cede__level {
    cede_object *a; /* owned: the container walked through */
    cede_object *b; /* owned: the one it is compared with, or NULL */
    size_t index;   /* of the next item */
} cede__level;

typedef struct cede__walk {
    cede_object head; /* of a class derived from cede__walk_class */
    cede__hold hold;
    const char *doing;        /* for the RecursionError */
    cede_value held[2];       /* owned: the items being looked at */
    struct cede__walk *outer; /* whose user's code this walk is part of */
    const char *origin;       /* where the outermost on this stack began */
    size_t nesting;           /* how many are outside; 0: not looked yet */
    cede__level *levels;
    size_t depth;
    size_t capacity;
    cede__level inline_levels[4];
} cede__walk;

/* Its destroy is cede__walk_release, which a derived class calls. */
extern const cede_class cede__walk_class[1];
void cede__walk_release(void *self);

void cede__walk_begin(cede__walk *walk, const cede_class *walk_class,
                      const char *doing);
/* Gives up what it holds; its class's destroy is called. */
void cede__walk_end(cede__walk *walk);

/* Into a container, or two; b may be NULL. Raises RecursionError if that is
   too deep, MemoryError. */
void cede__walk_enter(cede__walk *walk, void *a, void *b);
void cede__walk_leave(cede__walk *walk);

/* Code of users is called next: raises RecursionError if it has been called by
   such code too often. */
void cede__walk_nest(cede__walk *walk);

/* Is a walk of this class in this container, here or outside? */
bool cede__walk_is_in(cede__walk *walk, const void *container);

/* Holds references to the items while they are looked at. */
void cede__walk_hold(cede__walk *walk, cede_value a, cede_value b);
void cede__walk_let_go(cede__walk *walk);
