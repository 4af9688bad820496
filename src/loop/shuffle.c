/*
 * shuffle.c - drawing lots (see shuffle.h)
 *
 * A list is shuffled by shuffling its halves and merging them, where each next
 * job is the first of either half with a chance in proportion to what is left
 * of it: n log n lots, and a recursion as deep as the length has bits.
 */
#include "loop/shuffle.h"

#include "loop/random.h"

/* So many jobs, one behind the other. */
typedef struct chain {
    cede__job *first;
    size_t count;
} chain;

static cede__job *take(chain *from)
{
    cede__job *job = from->first;

    from->first = job->next;
    from->count--;
    return job;
}

static chain merge(chain left, chain right, uint64_t *state)
{
    chain merged = {NULL, left.count + right.count};
    cede__job **end = &merged.first;

    while (left.count + right.count > 0) {
        uint64_t lot = cede__random_draw(state);
        bool from_left = lot % (left.count + right.count) < left.count;
        cede__job *job = take(from_left ? &left : &right);

        *end = job;
        end = &job->next;
    }
    *end = NULL;
    return merged;
}

/* Shuffles the first `count` jobs of `rest` and takes them away. */
static chain shuffle(chain *rest, size_t count, uint64_t *state)
{
    chain left, right;

    if (count == 1) {
        left = (chain){take(rest), 1};
        left.first->next = NULL;
        return left;
    }
    left = shuffle(rest, count / 2, state);
    right = shuffle(rest, count - count / 2, state);
    return merge(left, right, state);
}

void cede__queue_shuffle(cede__queue *queue, uint64_t *state)
{
    chain all = {queue->first, 0};

    for (const cede__job *job = queue->first; job != NULL; job = job->next)
        all.count++;
    if (all.count < 2)
        return;
    queue->first = shuffle(&all, all.count, state).first;
    queue->last = &queue->first;
    while (*queue->last != NULL)
        queue->last = &(*queue->last)->next;
}
