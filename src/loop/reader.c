/*
 * reader.c - add_reader and add_writer (see reader.h)
 *
 * Invariants: descriptors[fd] is NULL or has at least one handle, and then its
 * watch is added with the interest of the handles it has. Semantics:
 * asyncio.BaseSelectorEventLoop._add_reader and its siblings (L19).
 */
#include "loop/reader.h"

#include <errno.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"
#include "cede/try.h"
#include "loop/handle.h"
#include "loop/loop.h"

enum { READER, WRITER, DIRECTIONS, CAPACITY_MIN = 32 };

static const unsigned event_of[DIRECTIONS] = {CEDE__READABLE, CEDE__WRITABLE};

struct descriptor {
    cede__watch watch;
    cede_handle *handles[DIRECTIONS]; /* owned; NULL: nobody asked */
};

struct cede__readers {
    struct descriptor **descriptors; /* by number */
    size_t capacity;
};

/* --- the table --- */

static void notify(cede__watch *watch, unsigned events);

static struct descriptor *find(const cede_loop *loop, int fd)
{
    const struct cede__readers *readers = loop->readers;

    if (readers == NULL || fd < 0 || (size_t)fd >= readers->capacity)
        return NULL;
    return readers->descriptors[fd];
}

static int grow(struct cede__readers *readers, int fd)
{
    size_t capacity = readers->capacity ? readers->capacity : CAPACITY_MIN;
    struct descriptor **block;

    while (capacity <= (size_t)fd)
        capacity *= 2;
    block = cede__realloc(readers->descriptors, capacity * sizeof *block);
    if (block == NULL)
        return -ENOMEM;
    memset(block + readers->capacity, 0,
           (capacity - readers->capacity) * sizeof *block);
    readers->descriptors = block;
    readers->capacity = capacity;
    return 0;
}

/* A descriptor without handles, its watch not added, or NULL. */
static struct descriptor *make(cede_loop *loop, int fd)
{
    struct descriptor *descriptor;

    if (loop->readers == NULL)
        loop->readers = cede__calloc(1, sizeof *loop->readers);
    if (loop->readers == NULL)
        return NULL;
    if ((size_t)fd >= loop->readers->capacity && grow(loop->readers, fd) < 0)
        return NULL;
    descriptor = cede__calloc(1, sizeof *descriptor);
    if (descriptor == NULL)
        return NULL;
    descriptor->watch.fd = fd;
    descriptor->watch.notify = notify;
    loop->readers->descriptors[fd] = descriptor;
    return descriptor;
}

/*
 * Tells the poller which handles there are now; without any the descriptor is
 * gone. A number that was closed and opened again behind our back is not known
 * to the kernel any more, so it is added anew.
 */
static int update(cede_loop *loop, struct descriptor *descriptor)
{
    cede__watch *watch = &descriptor->watch;
    unsigned interest = 0;
    int rc;

    for (int i = 0; i < DIRECTIONS; i++)
        interest |= descriptor->handles[i] != NULL ? event_of[i] : 0;
    if (interest == 0) {
        cede__loop_watch_remove(loop, watch);
        loop->readers->descriptors[watch->fd] = NULL;
        cede__free(descriptor);
        return 0;
    }
    watch->interest = interest;
    if (!watch->added)
        return cede__loop_watch_add(loop, watch);
    rc = cede__loop_watch_modify(loop, watch);
    if (rc != -ENOENT)
        return rc;
    cede__loop_watch_remove(loop, watch);
    return cede__loop_watch_add(loop, watch);
}

/* --- the verbs --- */

/* Takes the reference to `handle` when it returns 0. */
static int put(cede_loop *loop, int fd, int direction, cede_handle *handle)
{
    struct descriptor *descriptor = find(loop, fd);
    cede_handle *previous;
    int rc;

    /* The table is as long as the number is high: not for any number. */
    if (descriptor == NULL && !cede__sys_is_open(fd))
        return -EBADF;
    if (descriptor == NULL)
        descriptor = make(loop, fd);
    if (descriptor == NULL)
        return -ENOMEM;
    previous = descriptor->handles[direction];
    descriptor->handles[direction] = handle;
    rc = update(loop, descriptor);
    if (rc < 0) {
        descriptor->handles[direction] = previous;
        (void)update(loop, descriptor);
        return rc;
    }
    if (previous != NULL)
        cede__handle_retire(previous);
    return 0;
}

static void add(cede_loop *loop, int fd, int direction, cede_callback callback,
                void *argument, const cede_impl_call *call)
{
    cede_handle *handle;
    int rc;

    cede_check_alive(loop);
    cede__loop_check(loop);
    if (fd < 0)
        cede_raise(cede_ValueError, "Invalid file descriptor: %d", fd);
    handle = cede__handle_new(loop, callback, argument, call);
    handle->repeated = true;
    rc = put(loop, fd, direction, handle);
    if (rc == 0)
        return;
    cede_unref(handle);
    if (rc == -ENOMEM)
        cede_raise(cede_MemoryError);
    if (rc == -EEXIST)
        cede_raise(cede_RuntimeError, "File descriptor %d is used by a stream",
                   fd);
    cede_check(rc);
}

static bool take_away(cede_loop *loop, struct descriptor *descriptor,
                      int direction)
{
    cede_handle *handle = descriptor->handles[direction];

    if (handle == NULL)
        return false;
    descriptor->handles[direction] = NULL;
    cede__handle_retire(handle);
    /* An interest too wide does no harm: nobody is called for it. */
    (void)update(loop, descriptor);
    return true;
}

/* A handle that a report gave away may have been cancelled: nobody would read
   then, and the descriptor would stay ready. */
static void tell(struct descriptor *descriptor, int direction)
{
    cede_handle *handle = descriptor->handles[direction];

    if (handle->cancelled)
        take_away(handle->loop, descriptor, direction);
    else
        cede__handle_post(handle);
}

static void notify(cede__watch *watch, unsigned events)
{
    struct descriptor *descriptor =
        cede__list_entry(watch, struct descriptor, watch);
    unsigned wanted = watch->interest & events;

    for (int i = 0; i < DIRECTIONS; i++)
        if (wanted & event_of[i])
            tell(descriptor, i);
}

static bool drop(cede_loop *loop, int fd, int direction)
{
    struct descriptor *descriptor;

    cede_check_alive(loop);
    descriptor = find(loop, fd);
    if (descriptor == NULL)
        return false;
    cede__loop_check(loop);
    return take_away(loop, descriptor, direction);
}

void cede_impl_loop_add_reader(cede_loop *loop, int fd, cede_callback callback,
                               void *argument, const cede_impl_call *call)
{
    add(loop, fd, READER, callback, argument, call);
}

void (cede_loop_add_reader)(cede_loop *loop, int fd, cede_callback callback,
                            void *argument)
{
    add(loop, fd, READER, callback, argument, NULL);
}

bool cede_loop_remove_reader(cede_loop *loop, int fd)
{
    return drop(loop, fd, READER);
}

void cede_impl_loop_add_writer(cede_loop *loop, int fd, cede_callback callback,
                               void *argument, const cede_impl_call *call)
{
    add(loop, fd, WRITER, callback, argument, call);
}

void (cede_loop_add_writer)(cede_loop *loop, int fd, cede_callback callback,
                            void *argument)
{
    add(loop, fd, WRITER, callback, argument, NULL);
}

bool cede_loop_remove_writer(cede_loop *loop, int fd)
{
    return drop(loop, fd, WRITER);
}

void cede__readers_remove_all(cede_loop *loop)
{
    struct cede__readers *readers = loop->readers;

    if (readers == NULL)
        return;
    for (size_t fd = 0; fd < readers->capacity; fd++)
        for (int i = 0; i < DIRECTIONS; i++)
            if (readers->descriptors[fd] != NULL)
                take_away(loop, readers->descriptors[fd], i);
    cede__free(readers->descriptors);
    cede__free(readers);
    loop->readers = NULL;
}
