/*
 * Channels. See sync/channel.h for who waits how.
 *
 * It knows the buffer, the two queues and the ends; it must not know what else
 * a task that waits here may be waiting for. Semantics: Trio's memory channels
 * ("Using channels to pass values between tasks"), but that a wake-up carries
 * nothing as long as there is a buffer to leave it in; rules Z04, Z09, Z17.
 */
#include "sync/channel.h"
#include "sync/ring.h"

#include "base/memory.h"

struct cede__channel {
    size_t ends; /* not destroyed: they own the channel */
    size_t open[2];
    size_t capacity; /* SIZE_MAX: unbounded */
    cede_loop *loop; /* a reference, once somebody has waited */
    cede__list queues[2];
    size_t waiting[2];  /* in the queues */
    size_t promised[2]; /* to senders: places; to receivers: items */
    cede__sync_ring items;
};

/* --- the buffer --- */

static void make_room(cede__channel *channel)
{
    if (!cede__sync_ring_reserve(&channel->items))
        cede_raise(cede_MemoryError);
}

/* Giving values up may run code of users, who find the buffer empty. */
static void drop_items(cede__channel *channel)
{
    cede__sync_ring old = channel->items;

    channel->items = (cede__sync_ring){0};
    while (old.count > 0)
        cede_value_unref(cede__sync_ring_pop_front(&old));
    cede__sync_ring_finish(&old);
}

/* --- waiters --- */

static cede__waiter *first_waiter(const cede__channel *channel, int side)
{
    const cede__list *queue = &channel->queues[side];

    return cede__list_empty(queue)
               ? NULL
               : cede__list_entry(queue->next, cede__waiter, link);
}

void cede__channel_withdraw(cede__waiter *waiter)
{
    cede__end *end = waiter->end;

    if (cede__list_empty(&waiter->link))
        return;
    cede__list_remove(&waiter->link);
    end->waiters--;
    end->channel->waiting[end->side]--;
}

/* Its turn has come, this way. */
static void settle(cede__waiter *waiter, cede__outcome outcome)
{
    cede__channel_withdraw(waiter);
    waiter->outcome = outcome;
    if (outcome == CEDE__PROMISED)
        waiter->end->channel->promised[waiter->end->side]++;
    if (waiter->settled)
        waiter->settled(waiter);
    if (outcome == CEDE__DONE)
        cede_unpark_committed(waiter->task);
    else
        cede_unpark(waiter->task);
}

static bool has_item(const cede__channel *channel)
{
    return channel->items.count > channel->promised[CEDE__RECEIVE];
}

static bool has_place(const cede__channel *channel)
{
    return channel->capacity - channel->items.count >
           channel->promised[CEDE__SEND];
}

/* Promises what is free to those who wait. */
static void serve(cede__channel *channel)
{
    cede__waiter *waiter;

    while (has_item(channel) &&
           (waiter = first_waiter(channel, CEDE__RECEIVE)) != NULL)
        settle(waiter, CEDE__PROMISED);
    while (has_place(channel) &&
           (waiter = first_waiter(channel, CEDE__SEND)) != NULL)
        settle(waiter, CEDE__PROMISED);
}

/* What a waiter offers changes hands. */
static cede_value offered(const cede__waiter *waiter)
{
    return waiter->value_borrowed ? cede_value_ref(waiter->value)
                                  : waiter->value;
}

/* --- attempts --- */

void cede__channel_check(const cede__end *end)
{
    cede_check_alive(end);
    if (end->channel->loop)
        cede_check_thread(end->channel->loop);
}

/* Does somebody wait at the other side whom one can meet? */
static bool can_meet(const cede__channel *channel, int side)
{
    return channel->capacity == 0 && first_waiter(channel, side);
}

cede__outcome cede__channel_look(const cede__end *end)
{
    const cede__channel *channel = end->channel;
    bool now;

    if (end->closed)
        return CEDE__CLOSED;
    if (end->side == CEDE__SEND) {
        if (channel->open[CEDE__RECEIVE] == 0)
            return CEDE__ENDED;
        now = has_place(channel) || can_meet(channel, CEDE__RECEIVE);
        return now ? CEDE__DONE : CEDE__WAITING;
    }
    if (has_item(channel) || can_meet(channel, CEDE__SEND))
        return CEDE__DONE;
    return channel->open[CEDE__SEND] == 0 ? CEDE__ENDED : CEDE__WAITING;
}

static void send_now(cede__channel *channel, cede_value value)
{
    if (channel->capacity > 0) {
        make_room(channel);
        cede__sync_ring_push(&channel->items, value);
        serve(channel);
    } else {
        cede__waiter *receiver = first_waiter(channel, CEDE__RECEIVE);

        receiver->value = value;
        settle(receiver, CEDE__DONE);
    }
}

static cede_value receive_now(cede__channel *channel)
{
    cede_value value;

    if (channel->capacity > 0) {
        value = cede__sync_ring_pop_front(&channel->items);
        serve(channel);
    } else {
        cede__waiter *sender = first_waiter(channel, CEDE__SEND);

        value = offered(sender);
        settle(sender, CEDE__DONE);
    }
    return value;
}

cede__outcome cede__channel_try(cede__end *end, cede_value *value)
{
    cede__outcome outcome = cede__channel_look(end);

    if (outcome != CEDE__DONE)
        return outcome;
    if (end->side == CEDE__SEND)
        send_now(end->channel, *value);
    else
        *value = receive_now(end->channel);
    return CEDE__DONE;
}

/* --- waiting --- */

static void bind_loop(cede__channel *channel)
{
    cede_loop *loop = cede_get_running_loop();

    if (!channel->loop)
        channel->loop = cede_ref(loop);
    else if (channel->loop != loop)
        cede_raise(cede_RuntimeError,
                   "the channel is bound to a different event loop: tasks of "
                   "one loop only may wait for it");
}

void cede__channel_enter(cede__waiter *waiter, cede__end *end)
{
    bind_loop(end->channel);
    waiter->end = cede_ref(end);
    waiter->outcome = CEDE__WAITING;
    cede__list_push_back(&end->channel->queues[end->side], &waiter->link);
    end->waiters++;
    end->channel->waiting[end->side]++;
}

/* A promise is kept, unless there is nobody to send to any more. */
static cede__outcome redeem(cede__waiter *waiter, cede_value *item)
{
    cede__end *end = waiter->end;
    cede__channel *channel = end->channel;
    cede__outcome outcome = CEDE__DONE;

    if (end->closed)
        outcome = CEDE__CLOSED;
    else if (end->side == CEDE__SEND && channel->open[CEDE__RECEIVE] == 0)
        outcome = CEDE__ENDED;
    else if (end->side == CEDE__SEND)
        make_room(channel);
    waiter->outcome = outcome;
    channel->promised[end->side]--;
    if (outcome == CEDE__DONE && end->side == CEDE__SEND)
        cede__sync_ring_push(&channel->items, offered(waiter));
    else if (outcome == CEDE__DONE)
        *item = cede__sync_ring_pop_front(&channel->items);
    serve(channel);
    return outcome;
}

cede__outcome cede__channel_finish(cede__waiter *waiter, cede_value *item)
{
    if (waiter->outcome == CEDE__PROMISED)
        return redeem(waiter, item);
    if (waiter->outcome == CEDE__DONE && waiter->end->side == CEDE__RECEIVE) {
        *item = waiter->value;
        waiter->value = cede_none;
    }
    return waiter->outcome;
}

void cede__channel_leave(void *self)
{
    cede__waiter *waiter = self;
    cede__end *end = waiter->end;

    if (!end)
        return;
    cede__channel_withdraw(waiter);
    if (waiter->outcome == CEDE__PROMISED) {
        end->channel->promised[end->side]--;
        serve(end->channel);
    }
    if (end->side == CEDE__RECEIVE)
        cede_value_clear(&waiter->value); /* given, and never looked at */
    waiter->end = NULL;
    cede_unref(end);
}

static bool abort_wait(cede_task *task, void *waiter)
{
    (void)task;
    cede__channel_withdraw(waiter);
    return true;
}

/* Suspends until it has happened, or cannot. */
static cede__outcome wait_for_turn(cede__end *end, cede_value *value)
{
    static const char *const reasons[] = {"channel: send", "channel: receive"};
    cede__waiter *waiter = cede_wait_space();
    cede__outcome outcome;

    _Static_assert(sizeof *waiter <= CEDE_WAIT_SPACE, "it fits in a task");
    *waiter = (cede__waiter){.task = cede_current_task(), .value = *value};
    cede_defer (cede__channel_leave, waiter);

    cede__channel_enter(waiter, end);
    while (waiter->outcome == CEDE__WAITING)
        cede_park(reasons[end->side], abort_wait, waiter);
    outcome = cede__channel_finish(waiter, value);
    if (outcome == CEDE__DONE && end->side == CEDE__SEND)
        *value = cede_none; /* the receiver's, or the buffer's */
    return outcome;
}

/* --- sending and receiving --- */

void cede__channel_raise_closed(const cede__end *end)
{
    cede_raise(cede_ClosedResourceError,
               end->side == CEDE__SEND ? "this send channel is closed"
                                       : "this receive channel is closed");
}

static void check_outcome(const cede__end *end, cede__outcome outcome)
{
    if (CEDE_IMPL_LIKELY(outcome == CEDE__DONE))
        return;
    if (outcome == CEDE__CLOSED)
        cede__channel_raise_closed(end);
    if (outcome == CEDE__WAITING)
        cede_raise(cede_WouldBlock,
                   end->side == CEDE__SEND
                       ? "the channel has no room, and no receiver waits"
                       : "the channel is empty, and no sender waits");
    if (end->side == CEDE__SEND)
        cede_raise(cede_BrokenResourceError,
                   "nobody can receive this: all receive channels are closed");
    cede_raise(cede_EndOfChannel,
               "all send channels are closed and nothing is left");
}

static void send(cede__end *end, cede_value value, bool wait)
{
    cede__outcome outcome;
    cede_defer (cede_value_clear, &value);

    cede__channel_check(end);
    if (wait)
        cede_consume_budget();
    outcome = cede__channel_try(end, &value);
    if (outcome == CEDE__DONE)
        value = cede_none;
    else if (outcome == CEDE__WAITING && wait)
        outcome = wait_for_turn(end, &value);
    check_outcome(end, outcome);
}

void cede_impl_send_channel_send(cede_send_channel *sender, cede_value value)
{
    send((cede__end *)sender, value, true);
}

void cede_impl_send_channel_send_nowait(cede_send_channel *sender,
                                        cede_value value)
{
    send((cede__end *)sender, value, false);
}

static cede__outcome receive(cede__end *end, cede_value *item)
{
    cede__outcome outcome;

    cede__channel_check(end);
    cede_consume_budget();
    outcome = cede__channel_try(end, item);
    return outcome == CEDE__WAITING ? wait_for_turn(end, item) : outcome;
}

cede_value cede_receive_channel_receive(cede_receive_channel *receiver)
{
    cede_value item = cede_none;

    check_outcome((cede__end *)receiver, receive((cede__end *)receiver, &item));
    return item;
}

cede_value cede_receive_channel_receive_nowait(cede_receive_channel *receiver)
{
    cede_value item = cede_none;

    cede__channel_check((cede__end *)receiver);
    check_outcome((cede__end *)receiver,
                  cede__channel_try((cede__end *)receiver, &item));
    return item;
}

static bool next(void *self, cede_value *item)
{
    cede__outcome outcome = receive(self, item);

    if (outcome == CEDE__ENDED)
        return false;
    check_outcome(self, outcome);
    return true;
}

/* --- ends --- */

/* All who wait at this side, by this end unless it is NULL. One of them may be
   a select, which withdraws the others of its own. */
static void settle_all(cede__channel *channel, int side, const cede__end *end,
                       cede__outcome outcome)
{
    cede__list found;

    cede__list_init(&found);
    cede__list_each(node, &channel->queues[side])
    {
        if (end && cede__list_entry(node, cede__waiter, link)->end != end)
            continue;
        cede__list_remove(node);
        cede__list_push_back(&found, node);
    }
    while (!cede__list_empty(&found))
        settle(cede__list_entry(found.next, cede__waiter, link), outcome);
}

static void close_end(cede__end *end)
{
    cede__channel *channel = end->channel;

    if (end->closed)
        return;
    end->closed = true;
    if (end->waiters > 0)
        settle_all(channel, end->side, end, CEDE__CLOSED);
    if (--channel->open[end->side] > 0)
        return;
    settle_all(channel, !end->side, NULL, CEDE__ENDED);
    if (end->side == CEDE__RECEIVE)
        drop_items(channel);
}

static void destroy_end(void *self)
{
    cede__end *end = self;
    cede__channel *channel = end->channel;

    if (!channel)
        return; /* it was never opened */
    close_end(end);
    if (--channel->ends > 0)
        return;
    drop_items(channel);
    cede_unref(channel->loop);
    cede__free(channel);
}

static bool leave_block(void *self, cede_exception *exception)
{
    (void)exception;
    close_end(self);
    return false;
}

struct cede_send_channel {
    cede__end end;
};

struct cede_receive_channel {
    cede__end end;
};

static const cede_manager_methods manager = {.exit = leave_block};
static const cede_iterator_methods iterator = {.next = next};

/* What is buffered may hold ends of channels, and so on. */
static const cede_class end_classes[2] = {
    [CEDE__SEND] = {.name = "MemorySendChannel",
                    .size = sizeof(cede_send_channel),
                    .flags = CEDE_CLASS_CONTAINER,
                    .destroy = destroy_end,
                    .manager = &manager},
    [CEDE__RECEIVE] = {.name = "MemoryReceiveChannel",
                       .size = sizeof(cede_receive_channel),
                       .flags = CEDE_CLASS_CONTAINER,
                       .destroy = destroy_end,
                       .iterator = &iterator,
                       .manager = &manager},
};

static void *new_end(cede__channel *channel, int side)
{
    cede__end *end = cede_object_new(&end_classes[side]);

    end->channel = channel;
    end->side = (uint8_t)side;
    channel->ends++;
    channel->open[side]++;
    return end;
}

static void *clone(cede__end *end)
{
    cede_check_alive(end);
    if (end->closed)
        cede__channel_raise_closed(end);
    return new_end(end->channel, end->side);
}

cede_send_channel *cede_send_channel_clone(cede_send_channel *sender)
{
    return clone((cede__end *)sender);
}

cede_receive_channel *cede_receive_channel_clone(cede_receive_channel *receiver)
{
    return clone((cede__end *)receiver);
}

void cede_send_channel_close(cede_send_channel *sender)
{
    cede_check_alive(sender);
    close_end((cede__end *)sender);
}

void cede_receive_channel_close(cede_receive_channel *receiver)
{
    cede_check_alive(receiver);
    close_end((cede__end *)receiver);
}

/* --- opening --- */

/* What there is before both ends are: nobody owns the channel yet. */
struct opening {
    cede__channel *channel;
    cede__end *sender;
};

static void give_up(void *self)
{
    struct opening *opening = self;

    if (opening->sender)
        cede_unref(opening->sender); /* the channel goes with it */
    else
        cede__free(opening->channel);
}

void cede_channel_open(int64_t capacity, cede_send_channel **sender,
                       cede_receive_channel **receiver)
{
    struct opening opening = {NULL, NULL};
    cede__channel *channel;

    if (capacity < 0)
        cede_raise(cede_ValueError,
                   "capacity must be 0 or more, not %lld; for a channel "
                   "without a limit it is CEDE_UNBOUNDED",
                   (long long)capacity);
    {
        cede_defer (give_up, &opening);

        channel = opening.channel = cede__calloc(1, sizeof *channel);
        if (!channel)
            cede_raise(cede_MemoryError);
        channel->capacity =
            capacity == CEDE_UNBOUNDED ? SIZE_MAX : (size_t)capacity;
        cede__list_init(&channel->queues[CEDE__SEND]);
        cede__list_init(&channel->queues[CEDE__RECEIVE]);
        opening.sender = new_end(channel, CEDE__SEND);
        *receiver = new_end(channel, CEDE__RECEIVE);
        *sender = (cede_send_channel *)opening.sender;
        opening = (struct opening){NULL, NULL};
    }
}

/* --- looking --- */

static cede_channel_statistics statistics(const cede__end *end)
{
    const cede__channel *channel;

    cede_check_alive(end);
    channel = end->channel;
    return (cede_channel_statistics){
        .current_buffer_used = channel->items.count,
        .max_buffer_size = channel->capacity == SIZE_MAX
                               ? CEDE_UNBOUNDED
                               : (int64_t)channel->capacity,
        .open_send_channels = channel->open[CEDE__SEND],
        .open_receive_channels = channel->open[CEDE__RECEIVE],
        .tasks_waiting_send =
            channel->waiting[CEDE__SEND] + channel->promised[CEDE__SEND],
        .tasks_waiting_receive =
            channel->waiting[CEDE__RECEIVE] + channel->promised[CEDE__RECEIVE],
    };
}

cede_channel_statistics
cede_send_channel_statistics(const cede_send_channel *sender)
{
    return statistics((const cede__end *)sender);
}

cede_channel_statistics
cede_receive_channel_statistics(const cede_receive_channel *receiver)
{
    return statistics((const cede__end *)receiver);
}
