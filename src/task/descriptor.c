/*
 * Descriptors as tasks wait for them: cede/lowlevel.h.
 *
 * Invariants: registered with the poller at the first wait, by edge and for
 * both directions. A waiter first forgets what was reported and then parks:
 * its call said EAGAIN after any report that has been dispatched, so what
 * becomes ready later makes a new edge, which the next poll reports. Closing
 * wakes the waiters, who find out by making their call again.
 */
#include "task/inspect.h"

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
    bool closed;
};

static void notify(cede__watch *watch, unsigned events)
{
    cede_descriptor *descriptor =
        (cede_descriptor *)((char *)watch - offsetof(cede_descriptor, watch));

    if (descriptor->reader &&
        events & (CEDE__READABLE | CEDE__HANGUP | CEDE__ERROR))
        cede_unpark(descriptor->reader);
    if (descriptor->writer &&
        events & (CEDE__WRITABLE | CEDE__HANGUP | CEDE__ERROR))
        cede_unpark(descriptor->writer);
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
    descriptor->watch = (cede__watch){.fd = fd, .notify = notify};
    return descriptor;
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
    cede_task *task;
    cede_task **place; /* it may be another's by now */
};

static void stop_waiting(void *self)
{
    struct waiting *waiting = self;

    if (*waiting->place == waiting->task)
        *waiting->place = NULL;
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
    descriptor->watch.ready &= ~event;
    if (!descriptor->watch.added) {
        int rc = cede__loop_watch_add(descriptor->loop, &descriptor->watch);

        if (rc == -EPERM)
            return; /* a regular file is always ready */
        cede_check(rc);
    }
    *place = task;
    {
        struct waiting waiting = {task, place};
        cede_defer (cede_unref, cede_ref(descriptor));
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

void cede_descriptor_close(cede_descriptor *descriptor)
{
    cede_check_alive(descriptor);
    if (descriptor->closed)
        return;
    descriptor->closed = true;
    cede__loop_watch_remove(descriptor->loop, &descriptor->watch);
    if (descriptor->reader)
        cede_unpark(descriptor->reader);
    if (descriptor->writer)
        cede_unpark(descriptor->writer);
}
