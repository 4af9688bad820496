/*
 * debug.h - every object there is, and those that were lately (CEDE_DEBUG=1)
 *
 * Knows: for each object its class, its name and where it was made; after its
 * end also where that came, for as long as its memory is kept aside: the last
 * 65,536 objects, 64 MiB at most. Meanwhile its class is cede__released_class,
 * whose methods raise, and behind the head nothing is to be read. Does not
 * know: what objects hold, nor how to raise.
 *
 * Invariants: without CEDE_DEBUG=1 nothing here runs, and an object pays a
 * branch at its birth and one at its end (value/object.h). A lock guards the
 * records; nobody else's code runs under it. What has no memory for its record
 * is not watched. Any thread.
 */
#pragma once

#include "base/list.h"
#include "value/site.h"

#include "cede/debug.h"

#include <pthread.h>

/* What is known of one object. */
typedef struct cede__life {
    struct cede__life *chain; /* of its bucket */
    cede__list link;          /* among the living, or those that are kept */
    cede_object *object;
    const cede_class *object_class; /* while it lived */
    const char *name;               /* may be NULL */
    size_t size;                    /* of its block, in bytes */
    uint64_t number;                /* in the order of births */
    pthread_t thread;               /* that made it */
    cede__site born;
    cede__site released;
} cede__life;

/* The class of objects after their end; flow/released.c has it. */
extern const cede_class cede__released_class[1];

/* A new object, its head filled in; nothing happens unless CEDE_DEBUG=1.
   `name`, which lives as long as the program, may be NULL; so may `created`. */
void cede__debug_enter(cede_object *object, size_t size, const char *name,
                       const cede_location *created) CEDE_IMPL_COLD;

/* The object's end: takes its block over. Its first `readable` bytes, the head
   at least, stay what they are. */
void cede__debug_leave(cede_object *object, size_t readable) CEDE_IMPL_COLD;

/* "use after release: …", about an object that was released. */
void cede__debug_accuse(const void *object, char *text, size_t size)
    CEDE_IMPL_COLD;

/* The same to stderr, where nothing can be raised. */
void cede__debug_report(const void *object) CEDE_IMPL_COLD;

/* Which code of the program's called this function of the runtime's, in which
   the object was made: "in f (program+0x12f)"; false: nobody knows, or the
   function is none of the runtime's. */
bool cede__debug_callers(const void *object, const char *function, char *text,
                         size_t size) CEDE_IMPL_COLD;

/* "generator 'f', created at a.c:12 in main", cut to `size` bytes. */
void cede__life_tell(const cede__life *life, char *text, size_t size);

/* Finds out where it was made from the object itself: an exception knows where
   it was raised. Under the lock, and no other thread may have the object. */
void cede__life_locate(cede__life *life);

/* The living, the oldest first, which stay so until the unlock. */
const cede__list *cede__debug_lock(void);
void cede__debug_unlock(void);

/*
 * Tells stderr of the objects that are alive and of which `wanted` (NULL: all)
 * is true: "cede: 2 objects <are>:" and a line for each place that made some.
 * One object <is>; of none nothing is told. Returns how many. (survey.c)
 */
typedef bool cede__debug_filter(const cede__life *life, const void *argument);
size_t cede__debug_survey(cede__debug_filter *wanted, const void *argument,
                          const char *is, const char *are) CEDE_IMPL_COLD;

/* How many objects are kept after their end. */
size_t cede__debug_kept(void);
