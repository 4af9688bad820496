/*
 * Queues: asyncio.Queue, PriorityQueue, LifoQueue of 3.13. Rules Q01-Q08, D03,
 * P13.
 *
 * Invariants: an item that is put wakes one who waits to get, an item that is
 * taken one who waits to put; what they were woken for stays here, and they
 * look again when they run (Q04). Whoever was woken and does not do it after
 * all wakes the next, if there is still something to do (Q03): one woken for
 * nothing would lose its place in the queue.
 */
#include "sync/bound.h"
#include "sync/heap.h"

#include "cede/list.h"
#include "cede/queue.h"

/* How a kind of queue orders its items. */
struct order {
    void (*push)(cede_queue *queue, cede_value item);
    cede_value (*pop)(cede_queue *queue);
};

struct cede_queue {
    cede__sync_bound bound;
    const struct order *order;
    cede__sync_heap items; /* its ring, if they are not compared */
    int64_t maxsize;
    size_t unfinished; /* items put and not said to be done */
    bool shut;
    cede_wait_queue getters;
    cede_wait_queue putters;
    cede_wait_queue joiners;
};

/* --- asking --- */

size_t cede_queue_qsize(const cede_queue *queue)
{
    cede_check_alive(queue);
    return queue->items.ring.count;
}

bool cede_queue_empty(const cede_queue *queue)
{
    return cede_queue_qsize(queue) == 0;
}

bool cede_queue_full(const cede_queue *queue)
{
    size_t size = cede_queue_qsize(queue);

    return queue->maxsize > 0 && size >= (uint64_t)queue->maxsize;
}

int64_t cede_queue_maxsize(const cede_queue *queue)
{
    cede_check_alive(queue);
    return queue->maxsize;
}

/* --- orders --- */

static void push_back(cede_queue *queue, cede_value item)
{
    cede__sync_ring_push(&queue->items.ring, item);
}

static cede_value pop_front(cede_queue *queue)
{
    return cede__sync_ring_pop_front(&queue->items.ring);
}

static cede_value pop_back(cede_queue *queue)
{
    return cede__sync_ring_pop_back(&queue->items.ring);
}

static void push_by_rank(cede_queue *queue, cede_value item)
{
    cede__sync_heap_push(&queue->items, item);
}

static cede_value pop_smallest(cede_queue *queue)
{
    return cede__sync_heap_pop(&queue->items);
}

static const struct order fifo = {push_back, pop_front};
static const struct order lifo = {push_back, pop_back};
static const struct order by_rank = {push_by_rank, pop_smallest};

/* --- items in and out --- */

/* There is room. *item is none afterwards. Changes nothing if it raises. */
static void add(cede_queue *queue, cede_value *item)
{
    if (queue->shut)
        cede_raise(cede_QueueShutDown);
    cede__sync_heap_check(&queue->items);
    if (!cede__sync_ring_reserve(&queue->items.ring))
        cede_raise(cede_MemoryError);
    queue->order->push(queue, *item);
    *item = cede_none;
    queue->unfinished++;
    cede_wait_queue_wake(&queue->getters);
}

/* There is one. Changes nothing if it raises. */
static cede_value take(cede_queue *queue)
{
    cede_value item;

    cede__sync_heap_check(&queue->items);
    item = queue->order->pop(queue);
    cede_wait_queue_wake(&queue->putters);
    return item;
}

/* --- waiting --- */

struct turn {
    cede_queue *queue;
    cede_wait_queue *line;
    bool (*idle)(const cede_queue *queue); /* is there nothing to do? */
    bool woken;
    bool done;
};

static void leave(void *self)
{
    struct turn *turn = self;

    if (turn->woken && !turn->done && !turn->idle(turn->queue))
        cede_wait_queue_wake(turn->line);
}

/* Until there is something to do. */
static void wait_for_turn(struct turn *turn, const char *reason)
{
    cede_queue *queue = turn->queue;

    while (turn->idle(queue)) {
        if (queue->shut)
            cede_raise(cede_QueueShutDown);
        cede__sync_bind(&queue->bound);
        cede_wait_queue_park_keep(turn->line, reason, &turn->woken);
    }
}

static void put_waiting(cede_queue *queue, cede_value *item)
{
    struct turn turn = {
        .queue = queue, .line = &queue->putters, .idle = cede_queue_full};
    cede_defer (cede_unref, cede_ref(queue));
    cede_defer (leave, &turn);

    wait_for_turn(&turn, "queue put");
    add(queue, item);
    turn.done = true;
}

static cede_value get_waiting(cede_queue *queue)
{
    struct turn turn = {
        .queue = queue, .line = &queue->getters, .idle = cede_queue_empty};
    cede_value item;
    cede_defer (cede_unref, cede_ref(queue));
    cede_defer (leave, &turn);

    wait_for_turn(&turn, "queue get");
    item = take(queue);
    turn.done = true;
    return item;
}

/* --- putting and getting --- */

void cede_impl_queue_put(cede_queue *queue, cede_value item)
{
    cede_defer (cede_value_clear, &item);

    cede__sync_check_waker(&queue->bound);
    cede_consume_budget();
    if (cede_queue_full(queue))
        put_waiting(queue, &item);
    else
        add(queue, &item);
}

void cede_impl_queue_put_nowait(cede_queue *queue, cede_value item)
{
    cede_defer (cede_value_clear, &item);

    cede__sync_check_waker(&queue->bound);
    if (!queue->shut && cede_queue_full(queue))
        cede_raise(cede_QueueFull);
    add(queue, &item);
}

cede_value cede_queue_get(cede_queue *queue)
{
    cede__sync_check_waker(&queue->bound);
    cede_consume_budget();
    return cede_queue_empty(queue) ? get_waiting(queue) : take(queue);
}

cede_value cede_queue_get_nowait(cede_queue *queue)
{
    cede__sync_check_waker(&queue->bound);
    if (cede_queue_empty(queue))
        cede_raise(queue->shut ? cede_QueueShutDown : cede_QueueEmpty);
    return take(queue);
}

/* --- the work on the items --- */

static void wake_all(cede_wait_queue *line)
{
    while (cede_wait_queue_wake(line))
        continue;
}

static void done_with_one(cede_queue *queue)
{
    if (--queue->unfinished == 0)
        wake_all(&queue->joiners);
}

void cede_queue_task_done(cede_queue *queue)
{
    cede__sync_check_waker(&queue->bound);
    if (queue->unfinished == 0)
        cede_raise(cede_ValueError, "task_done() called too many times");
    done_with_one(queue);
}

/* As with an event: all was done once, whatever has been put since. */
void cede_queue_join(cede_queue *queue)
{
    bool woken;

    cede_check_alive(queue);
    cede_consume_budget();
    if (queue->unfinished == 0)
        return;
    cede__sync_bind(&queue->bound);
    cede_defer (cede_unref, cede_ref(queue));
    cede_wait_queue_park_keep(&queue->joiners, "queue join", &woken);
}

/* --- the end --- */

/* What an item's end runs may come back here. */
static void drop_items(cede_queue *queue)
{
    while (queue->items.ring.count > 0) {
        cede_value item = pop_back(queue);

        if (queue->unfinished > 0)
            done_with_one(queue);
        cede_value_unref(item);
    }
}

void cede_queue_shutdown(cede_queue *queue, bool immediate)
{
    cede__sync_check_waker(&queue->bound);
    cede_ref(queue);
    cede_defer (cede_unref, queue);

    if (immediate)
        cede__sync_heap_check(&queue->items);
    queue->shut = true;
    if (immediate)
        drop_items(queue);
    wake_all(&queue->getters);
    wake_all(&queue->putters);
}

/* --- their classes --- */

/* The items in a list, for the repr; in the order in which they lie. */
static cede_value show_items(const cede_queue *queue)
{
    cede_list *list = cede_list();
    size_t i;
    cede_defer (cede_unref, list);

    for (i = 0; i < queue->items.ring.count; i++)
        cede_list_append(
            list, cede_value_ref(cede__sync_ring_at(&queue->items.ring, i)));
    return cede_repr(list);
}

/* Adds to a text that it owns; what is added is given up. */
static void append(cede_value *text, const char *before, cede_value more,
                   const char *after)
{
    cede_value old = *text;
    cede_defer (cede_value_clear, &more);

    *text = cede_str_format("%s%s%s%s", cede_value_str(old), before,
                            cede_value_str(more), after);
    cede_value_unref(old);
}

static void append_number(cede_value *text, const char *before, size_t number,
                          const char *after)
{
    if (number > 0)
        append(text, before, cede_str_format("%zu", number), after);
}

/* As Python's str(queue); its repr has the address too. */
static cede_value repr(void *self)
{
    const cede_queue *queue = self;
    cede_value text = cede_none;
    cede_value done;
    cede_defer (cede_value_clear, &text);

    text = cede_str_format("<%s maxsize=%" PRId64, cede_class_of(queue)->name,
                           queue->maxsize);
    if (!cede_queue_empty(queue))
        append(&text, " _queue=", show_items(queue), "");
    append_number(&text, " _getters[", cede_wait_queue_length(&queue->getters),
                  "]");
    append_number(&text, " _putters[", cede_wait_queue_length(&queue->putters),
                  "]");
    append_number(&text, " tasks=", queue->unfinished, "");
    append(&text, queue->shut ? " shutdown" : "", cede_str(">"), "");
    done = text;
    text = cede_none;
    return done;
}

static void destroy(void *self)
{
    cede_queue *queue = self;

    queue->unfinished = 0; /* nobody waits: who waits holds a reference */
    drop_items(queue);
    cede__sync_ring_finish(&queue->items.ring);
    cede__sync_unbind(&queue->bound);
}

static const cede_object_methods look = {.repr = repr};

#define QUEUE_CLASS(class_name, base_class)                                    \
    {                                                                          \
        {.name = class_name, .base = base_class, .size = sizeof(cede_queue),   \
         .flags = CEDE_CLASS_CONTAINER, .destroy = destroy, .object = &look},  \
    }
static const cede_class queue_class[1] = QUEUE_CLASS("Queue", NULL);
static const cede_class lifo_class[1] = QUEUE_CLASS("LifoQueue", queue_class);
static const cede_class priority_class[1] =
    QUEUE_CLASS("PriorityQueue", queue_class);

static cede_queue *make(const cede_class *queue_kind,
                        const struct order *order, int64_t maxsize)
{
    cede_queue *queue = cede_object_new(queue_kind);

    queue->order = order;
    queue->maxsize = maxsize;
    cede_wait_queue_init(&queue->getters);
    cede_wait_queue_init(&queue->putters);
    cede_wait_queue_init(&queue->joiners);
    return queue;
}

cede_queue *cede_queue_new(int64_t maxsize)
{
    return make(queue_class, &fifo, maxsize);
}

cede_queue *cede_lifo_queue_new(int64_t maxsize)
{
    return make(lifo_class, &lifo, maxsize);
}

cede_queue *cede_priority_queue_new_with(int64_t maxsize,
                                         cede_less_function less,
                                         void *argument)
{
    cede_queue *queue;

    if (!less)
        cede_raise(cede_TypeError, "a comparison function was expected, "
                                   "got NULL");
    queue = make(priority_class, &by_rank, maxsize);
    queue->items.less = less;
    queue->items.argument = argument;
    return queue;
}

static bool python_less(cede_value a, cede_value b, void *argument)
{
    (void)argument;
    return cede_value_less(a, b);
}

cede_queue *cede_priority_queue_new(int64_t maxsize)
{
    return cede_priority_queue_new_with(maxsize, python_less, NULL);
}
