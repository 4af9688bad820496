/*
 * depot.c - slabs with stacks at rest (see depot.h)
 *
 * The list has the slabs of which some stacks rest, those that rest wholly at
 * its end. Taking from the front fills slabs that are in use anyway; unmapping
 * goes from the end.
 */
#include "stack/depot.h"

#include <pthread.h>

#include "stack/slab.h"

enum {
    SLAB_MIN = 16,  /* stacks of the first slab: 4 MiB of address space */
    SLAB_MAX = 256, /* 65 MiB; its guards cost 200 microseconds or so */
    KEEP = 256      /* stacks at rest that are no reason to unmap */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static cede__list slabs = CEDE__LIST_INIT(slabs);
static cede__depot_counts counts;

void cede__depot_lock(void)
{
    pthread_mutex_lock(&lock);
}

void cede__depot_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

cede__depot_counts cede__depot_count(void)
{
    return counts;
}

static cede__slab *slab_of(cede__list *node)
{
    return cede__list_entry(node, cede__slab, node);
}

static bool rests_wholly(const cede__slab *slab)
{
    return slab->resting_count == slab->count;
}

/* --- one stack --- */

static void put_stack(cede__stack *stack)
{
    cede__slab *slab = stack->slab;

    stack->next = slab->resting;
    slab->resting = stack;
    slab->resting_count++;
    counts.resting++;
    if (slab->resting_count == 1)
        cede__list_push_front(&slabs, &slab->node);
    if (rests_wholly(slab)) {
        cede__list_remove(&slab->node);
        cede__list_push_back(&slabs, &slab->node);
    }
}

static cede__stack *take_stack(cede__slab *slab)
{
    cede__stack *stack = slab->resting;

    slab->resting = stack->next;
    slab->resting_count--;
    counts.resting--;
    if (slab->resting == NULL)
        cede__list_remove(&slab->node);
    return stack;
}

/* --- slabs --- */

/* As large as all there are, so that their number stays small and a program
   with few coroutines does not pay for page tables. */
static void add_slab(void)
{
    size_t count = counts.stacks;
    cede__slab *slab;

    if (count < SLAB_MIN)
        count = SLAB_MIN;
    if (count > SLAB_MAX)
        count = SLAB_MAX;
    slab = cede__slab_map(count);
    if (slab == NULL)
        return;
    counts.stacks += slab->count;
    counts.mapped += slab->length;
    /* Downwards, so that they are taken upwards. */
    for (size_t i = slab->count; i-- > 0;)
        put_stack(&slab->stacks[i]);
}

static void drop_slab(cede__slab *slab)
{
    cede__list_remove(&slab->node);
    counts.resting -= slab->count;
    counts.stacks -= slab->count;
    counts.mapped -= slab->length;
    cede__slab_unmap(slab);
}

/* Keeps at least `keep` stacks at rest, if there are so many. */
static void drop_surplus(size_t keep)
{
    while (!cede__list_empty(&slabs)) {
        cede__slab *last = slab_of(slabs.prev);

        if (!rests_wholly(last) || counts.resting - last->count < keep)
            break;
        drop_slab(last);
    }
}

/* --- the interface --- */

cede__stack *cede__depot_take(size_t count, size_t *ret_count)
{
    cede__stack *first = NULL;
    cede__stack **end = &first;
    size_t taken = 0;

    cede__depot_lock();
    if (cede__list_empty(&slabs))
        add_slab();
    for (; taken < count && !cede__list_empty(&slabs); taken++) {
        *end = take_stack(slab_of(slabs.next));
        end = &(*end)->next;
    }
    cede__depot_unlock();
    *end = NULL;
    *ret_count = taken;
    return first;
}

/* As many may rest as are in use: a program that needed so many once may need
   them again, and mapping a stack costs as much as a page fault. */
void cede__depot_put(cede__stack *stacks)
{
    size_t in_use;

    cede__depot_lock();
    while (stacks != NULL) {
        cede__stack *stack = stacks;

        stacks = stack->next;
        put_stack(stack);
    }
    in_use = counts.stacks - counts.resting;
    drop_surplus(in_use > KEEP ? in_use : KEEP);
    cede__depot_unlock();
}

void cede__depot_trim(void)
{
    cede__depot_lock();
    drop_surplus(0);
    cede__depot_unlock();
}
