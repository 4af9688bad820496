/*
 * Descriptors as tasks wait for them: cede/lowlevel.h.
 *
 * Invariants: registered with the poller at the first wait, by edge and for
 * both directions. A waiter first forgets what was reported and then parks:
 * its call said EAGAIN after any report that has been dispatched, so what
 * becomes ready later makes a new edge, which the next poll reports. Closing
 * wakes the waiters, who find out by making their call again. Those who only
 * watch stand in a list, any number of them.
 *
 * A call that got less than it asked for is as good as EAGAIN, but for what
 * may lie behind the data and make no edge of its own any more: an end, an
 * error, data behind the urgent mark. All of these have been reported if they
 * came before the last poll, and stay in `ready`; if they came later they are
 * still to be reported (docs/decisions/0047-exhausted.md).
 */
#include "task/inspect.h"
#include "task/notice.h"

#include "base/system.h"
#include "flow/flow.h"
#include "value/object.h"

static const char reading[] = "read";
static const char writing[] = "write";

struct cede_descriptor {
    cede_object head;
    cede_loop *loop; /* a reference */
    cede__watch watch;
    cede_task *reader; /* parked; borrowed: it runs under its caller */
    cede_task *writer;
    cede__list notices; /* of those who watch */
    unsigned exhausted; /* events: there was no more, and no report since */
    bool closed;
};

_Static_assert((int)CEDE_READABLE == (int)CEDE__READABLE &&
                   (int)CEDE_WRITABLE == (int)CEDE__WRITABLE,
               "pollers and users count events alike");

/* Those who asked for one of these events are told, in the order in which they
   asked; first all of them are found, for telling one may take others back. */
static void tell(cede_descriptor *descriptor, unsigned events)
{
    cede__list told;

    cede__list_init(&told);
    cede__list_each(node, &descriptor->notices)
    {
        cede__notice_part *part =
            cede__list_entry(node, cede__notice_part, completion.link);

        if (part->events & events) {
            cede__list_remove(node);
            cede__list_push_back(&told, node);
        }
    }
    for (cede__list *node; (node = cede__list_pop_front(&told)) != NULL;)
        cede__notice_tell(cede__list_entry(node, cede__completion, link));
}

/* What a task touches of its stack on the way back to its user, in bytes. */
enum { WAY_BACK = 512, CACHE_LINE = 64 };

/* Its stack is in no cache when many wait and each rarely runs. Asked for now,
   those of all that were reported together come at the same time. */
static void wake(cede_task *task)
{
    const char *stack = task->coroutine.slot.stack_pointer;

    for (int at = 0; at < WAY_BACK; at += CACHE_LINE)
        __builtin_prefetch(stack + at, 1);
    cede_unpark(task);
}

static void notify(cede__watch *watch, unsigned reported)
{
    cede_descriptor *descriptor =
        (cede_descriptor *)((char *)watch - offsetof(cede_descriptor, watch));
    unsigned events = reported & (CEDE_READABLE | CEDE_WRITABLE);

    if (reported & (CEDE__HANGUP | CEDE__ERROR))
        events = CEDE_READABLE | CEDE_WRITABLE;
    descriptor->exhausted &= ~events;
    if (descriptor->reader && events & CEDE_READABLE)
        wake(descriptor->reader);
    if (descriptor->writer && events & CEDE_WRITABLE)
        wake(descriptor->writer);
    if (!cede__list_empty(&descriptor->notices))
        tell(descriptor, events);
}

static void destroy(void *self)
{
    cede_descriptor *descriptor = self;

    cede_descriptor_close(descriptor);
    cede_unref(descriptor->loop);
}

static const cede_class descriptor_class[1] = {{
    .name = "descriptor",
    .size = sizeof(cede_descriptor),
    .destroy = destroy,
}};

cede_descriptor *cede_descriptor_new(int fd)
{
    cede_loop *loop = cede_get_running_loop();
    cede_descriptor *descriptor = cede_object_new(descriptor_class);

    descriptor->loop = cede_ref(loop);
    cede__list_init(&descriptor->notices);
    descriptor->watch = (cede__watch){.fd = fd, .notify = notify};
    return descriptor;
}

/* The next change to these events is reported. False: it is a regular file,
   which is always ready. */
static bool expect_edge(cede_descriptor *descriptor, unsigned events)
{
    int rc;

    descriptor->watch.ready &= ~events;
    if (descriptor->watch.added)
        return true;
    rc = cede__loop_watch_add(descriptor->loop, &descriptor->watch);
    if (rc == -EPERM)
        return false;
    cede_check(rc);
    return true;
}

/* At once, so that another task may wait before this one has run. */
static bool abort_wait(cede_task *task, void *place)
{
    (void)task;
    *(cede_task **)place = NULL;
    return true;
}

bool cede__descriptor_awaited(const cede_task *task, int *ret_fd)
{
    bool reads = task->reason == reading;
    char *place = task->abort_argument;

    if (task->abort != abort_wait)
        return false;
    place -= reads ? offsetof(cede_descriptor, reader)
                   : offsetof(cede_descriptor, writer);
    *ret_fd = ((cede_descriptor *)place)->watch.fd;
    return true;
}

struct waiting {
    cede_descriptor *descriptor; /* a reference */
    cede_task *task;
    cede_task **place; /* it may be another's by now */
};

static void stop_waiting(void *self)
{
    struct waiting *waiting = self;

    if (*waiting->place == waiting->task)
        *waiting->place = NULL;
    cede_unref(waiting->descriptor);
}

/* `place` is the descriptor's reader or writer. */
static void wait_for(cede_descriptor *descriptor, cede_task **place,
                     unsigned event, const char *reason)
{
    cede_task *task;

    if (descriptor->closed)
        return;
    task = cede__task_to_suspend();
    if (task->future.loop != descriptor->loop)
        cede_raise(cede_RuntimeError,
                   "%s of descriptor %d: it belongs to a different loop",
                   reason, descriptor->watch.fd);
    if (*place)
        cede_raise(cede_RuntimeError,
                   "%s of descriptor %d: another task is already waiting",
                   reason, descriptor->watch.fd);
    if (!expect_edge(descriptor, event))
        return;
    *place = task;
    {
        struct waiting waiting = {cede_ref(descriptor), task, place};
        cede_defer (stop_waiting, &waiting);

        cede_park(reason, abort_wait, place);
    }
}

void cede_descriptor_wait_readable(cede_descriptor *descriptor)
{
    cede_check_alive(descriptor);
    wait_for(descriptor, &descriptor->reader, CEDE__READABLE, reading);
}

void cede_descriptor_wait_writable(cede_descriptor *descriptor)
{
    cede_check_alive(descriptor);
    wait_for(descriptor, &descriptor->writer, CEDE__WRITABLE, writing);
}

/* What a short call may leave behind without a new edge. Nobody takes these
   out of `ready`. */
enum { LASTING = CEDE__HANGUP | CEDE__ERROR | CEDE__URGENT };

void cede_descriptor_exhausted(cede_descriptor *descriptor, unsigned events)
{
    cede_check_alive(descriptor);
    if (descriptor->watch.added && !(descriptor->watch.ready & LASTING))
        descriptor->exhausted |= events;
}

bool cede_descriptor_is_exhausted(const cede_descriptor *descriptor,
                                  unsigned events)
{
    cede_check_alive(descriptor);
    return (descriptor->exhausted & events) != 0;
}

bool cede_descriptor_ready(cede_descriptor *descriptor, unsigned events)
{
    struct pollfd look = {
        .events = (short)((events & CEDE_READABLE ? POLLIN | POLLRDHUP : 0) |
                          (events & CEDE_WRITABLE ? POLLOUT : 0)),
    };
    int rc;

    cede_check_alive(descriptor);
    if (descriptor->closed)
        return true;
    look.fd = descriptor->watch.fd;
    do
        rc = cede__sys_poll(&look, 1, 0);
    while (rc == -EINTR);
    return cede_check(rc) > 0;
}

bool cede_descriptor_watch(cede_descriptor *descriptor, unsigned events,
                           cede_notice *notice)
{
    cede__notice_part *part;

    cede_check_alive(descriptor);
    if (descriptor->closed)
        return false;
    if (descriptor->loop != cede_get_running_loop())
        cede_raise(cede_RuntimeError,
                   "descriptor %d cannot be watched here: it belongs to a "
                   "different loop",
                   descriptor->watch.fd);
    if (!expect_edge(descriptor, events))
        return false;
    part = cede__notice_begin(notice);
    part->events = events;
    cede__list_push_back(&descriptor->notices, &part->completion.link);
    return true;
}

void cede_descriptor_close(cede_descriptor *descriptor)
{
    cede_check_alive(descriptor);
    if (descriptor->closed)
        return;
    descriptor->closed = true;
    descriptor->exhausted = 0;
    cede__loop_watch_remove(descriptor->loop, &descriptor->watch);
    if (descriptor->reader)
        cede_unpark(descriptor->reader);
    if (descriptor->writer)
        cede_unpark(descriptor->writer);
    tell(descriptor, CEDE_READABLE | CEDE_WRITABLE);
}
