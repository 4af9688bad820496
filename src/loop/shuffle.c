/*
 * shuffle.c - drawing lots (see shuffle.h)
 *
 * A list is shuffled by shuffling its halves and merging them, where each next
 * job is the first of either half with a chance in proportion to what is left
 * of it: n log n lots, and a recursion as deep as the length has bits.
 */
#include "loop/shuffle.h"

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do, 0 too. */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

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
        bool from_left = draw(state) % (left.count + right.count) < left.count;
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
