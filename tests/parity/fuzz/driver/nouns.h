/*
 * What the forms of statements about tasks share: which noun a thing is, and
 * what they take out of words.
 */
#pragma once

#include "interpret.h"
#include "trace.h"

/* The object of a thing that is of this noun, or of the second; a reference.
   Raises TypeError. */
void *object_of(const struct frame *frame, const struct word *word,
                enum noun noun);
/* The thing that stands for an object, NULL if there is none. */
struct thing *thing_for(const struct run *run, const void *object);

/* A new thing for an object that is still to be made. */
struct thing *new_noun(struct run *run, enum noun noun, const char *name);
/* Gives the thing its object, of which it takes a reference; the value that
   stands for it. If the object has a thing already, that one's. */
cede_value name_object(struct thing *thing, void *object);

/* Things from word `first` on, or TypeError: their objects, a reference each,
   which release_row gives up. */
struct row {
    void *objects[MOST_WORDS];
    struct thing *things[MOST_WORDS];
    size_t count;
};
void fill_row(struct row *row, const struct frame *frame,
              const struct statement *statement, size_t first);
void release_row(void *row);

/* A number of seconds; None too: INFINITY. Raise TypeError. */
double seconds(const struct frame *frame, const struct word *word);
double seconds_or_none(const struct frame *frame, const struct word *word);

/* The function that a word names; TypeError if it is of another kind. */
const struct function *function_of(const struct frame *frame,
                                   const struct word *word,
                                   enum function_kind kind);

/* Runs a program whose main is async. */
void run_loop_of(struct run *run);
