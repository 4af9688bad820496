/*
 * Rows: what somebody waits for together, as it was given, and for each place
 * in it the future, with the listener that hears of its end.
 *
 * Invariants: the places lie in the block of their owner. What stands in the
 * row twice listens in its first place only (W05). Each place owns a reference
 * to its future.
 */
#pragma once

#include "task/listener.h"

typedef struct cede__place {
    cede__listener listener;
    cede_future *future;      /* owned; NULL: not there */
    bool duplicate;           /* stands earlier in the row too */
    struct cede__place *next; /* for an owner that puts them in a queue */
} cede__place;

static inline cede__place *cede__place_of(cede__listener *listener)
{
    return cede__list_entry(listener, cede__place, listener);
}

/* A row of awaitables whose references are somebody's to give up as long as
   they stand here: cede_defer (cede__row_give_up, &row). */
typedef struct cede__row {
    void *const *items;
    size_t count;
} cede__row;

void cede__row_give_up(void *row);

/* The loop of a row: of its first future, else the running one. Raises
   RuntimeError if none runs. */
cede_loop *cede__row_loop(const cede__row *row);

/*
 * Fills zeroed places in from the row, whose references it takes, also when
 * it raises: futures of the loop as they are, new tasks for other things
 * (T26). Returns how many are no duplicates; none listens yet. Raises
 * TypeError, ValueError and RuntimeError as cede_loop_ensure_future does, and
 * MemoryError; then the tasks it has made are cancelled and never run.
 */
size_t cede__row_adopt(cede__place *places, cede__row *row, cede_loop *loop);

/* Their end: stops and gives up what is there. */
void cede__row_release(cede__place *places, size_t count);
