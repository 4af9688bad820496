/*
 * queue.h - jobs and the first-in, first-out queue they wait in
 *
 * Knows: the order. Does not know: what a job does, nor who owns it.
 *
 * Invariants: a job is embedded in what it runs and is in one queue at most;
 * its owner knows whether it is. Nothing here allocates or fails.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct cede__job {
    struct cede__job *next; /* meaningless outside a queue */
    /*
     * Does the work. The job is out of the queue by then, so it may be queued
     * again or freed. Must not let an exception pass: see cede__loop_fail.
     */
    void (*run)(struct cede__job *job);
} cede__job;

/* `last` is the place of the pointer that ends the chain. */
typedef struct cede__queue {
    cede__job *first;
    cede__job **last;
} cede__queue;

static inline void cede__queue_init(cede__queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static inline bool cede__queue_empty(const cede__queue *queue)
{
    return queue->first == NULL;
}

static inline void cede__queue_push(cede__queue *queue, cede__job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
}

/* The queue must not be empty. */
static inline cede__job *cede__queue_pop(cede__queue *queue)
{
    cede__job *job = queue->first;

    queue->first = job->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    return job;
}

/* Takes a job out, wherever it stands: as long as the queue is. False: it is in
   another. */
static inline bool cede__queue_remove(cede__queue *queue, cede__job *job)
{
    cede__job **place = &queue->first;

    while (*place && *place != job)
        place = &(*place)->next;
    if (!*place)
        return false;
    *place = job->next;
    if (queue->last == &job->next)
        queue->last = place;
    return true;
}

/* Puts what is in `from` behind what is in `queue`; `from` is empty then. */
static inline void cede__queue_append(cede__queue *queue, cede__queue *from)
{
    if (cede__queue_empty(from))
        return;
    *queue->last = from->first;
    queue->last = from->last;
    cede__queue_init(from);
}
