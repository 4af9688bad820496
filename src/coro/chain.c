/*
 * chain: all of one iterable, then all of the next.
 *
 * Invariant: the last slot has the iterator that is being drawn from, those
 * before it the iterables whose turn is still to come. Semantics:
 * itertools.chain in the Python library reference.
 */
#include "cede/itertools.h"

#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/object.h"

typedef struct chain {
    cede__combinator base;
    size_t turn; /* slot of the next iterable; at last that of what is drawn
                    from, which is empty when it is looked at */
} chain;

static void **active_of(chain *chained)
{
    return &chained->base.sources[chained->base.count - 1];
}

/* False: the slot of the next iterable is empty, because there is none, or the
   chain has been closed, or that one could not be iterated. */
static bool open_next(chain *chained)
{
    void **slot = &chained->base.sources[chained->turn];
    void *iterable = *slot;
    cede__hold hold;

    if (!iterable)
        return false;
    *slot = NULL;
    cede__hold_push(&hold, iterable);
    *active_of(chained) = cede_iter(iterable);
    cede__hold_pop(&hold);
    cede_unref(iterable);
    chained->turn++;
    return true;
}

/* Asked for an item, the iterator may ask the chain for one, and that may find
   it at its end and go on to the next. So it is held, and whose it is looked at
   again. */
static bool draw(chain *chained, cede_value *item)
{
    void *active = cede_ref(*active_of(chained));
    cede__hold hold;
    bool more, replaced;

    cede__hold_push(&hold, active);
    more = cede__combinator_draw(&chained->base, chained->base.count - 1, item);
    cede__hold_pop(&hold);
    replaced = *active_of(chained) != active;
    cede_unref(active);
    if (!more && !replaced)
        cede__iterator_drop(active_of(chained));
    return more;
}

static bool next(void *self, cede_value *item)
{
    chain *chained = self;

    while (*active_of(chained) || open_next(chained))
        if (draw(chained, item))
            return true;
    return false;
}

static const cede_iterator_methods methods = {.next = next,
                                              .close = cede__combinator_close};

static const cede_class chain_class[1] = {
    {.name = "itertools.chain",
     .size = sizeof(chain),
     .flags = CEDE__CLASS_COMBINATOR | CEDE__CLASS_NEVER_STOPS,
     .destroy = cede__combinator_destroy,
     .iterator = &methods}};

void cede_impl_chain_begin(cede_impl_defer *record, size_t count)
{
    cede__combinator_begin(record, chain_class, count + 1);
}

void *cede_impl_chain_end(cede_impl_defer *record)
{
    chain *chained = cede__combinator_end(record);
    void **slots = chained->base.sources;

    for (size_t i = 0; i < chained->base.count; i++)
        if (!slots[i]) { /* would look like one that has been given up */
            cede_unref(chained);
            cede_raise(cede_TypeError, "'NULL' object is not iterable");
        }
    chained->base.count++; /* the slot of what is drawn from */
    return chained;
}
