/*
 * buffer.c - bytes that have arrived and were not read yet (see buffer.h)
 */
#include "net/buffer.h"

#include <string.h>

#include "base/memory.h"
#include "cede/impl/platform.h"

/* More than this many unused buffers (1 MiB) go back to the allocator. */
enum { COMMON = CEDE__BUFFER_CAPACITY, MOST_STORED = (1 << 20) / COMMON };

struct store {
    cede__buffer *first;
    unsigned count;
    size_t users;
};

static CEDE_IMPL_THREAD_LOCAL struct store store;

void cede__buffers_enter(void)
{
    store.users++;
}

void cede__buffers_leave(void)
{
    if (--store.users > 0)
        return;
    while (store.first) {
        cede__buffer *buffer = store.first;

        store.first = buffer->next;
        cede__free(buffer);
    }
    store.count = 0;
}

/* NULL: no memory. */
static cede__buffer *new_buffer(size_t capacity)
{
    cede__buffer *buffer = cede__malloc(sizeof *buffer + capacity);

    if (buffer)
        *buffer = (cede__buffer){.capacity = capacity};
    return buffer;
}

cede__buffer *cede__buffer_take(void)
{
    cede__buffer *buffer = store.first;

    if (!buffer)
        return new_buffer(COMMON);
    store.first = buffer->next;
    store.count--;
    buffer->start = buffer->end = 0;
    return buffer;
}

void cede__buffer_give(cede__buffer *buffer)
{
    if (!buffer)
        return;
    if (buffer->capacity != COMMON || store.count >= MOST_STORED) {
        cede__free(buffer);
        return;
    }
    buffer->next = store.first;
    store.first = buffer;
    store.count++;
}

static void to_front(cede__buffer *buffer)
{
    size_t held = cede__buffer_size(buffer);

    memmove(buffer->bytes, buffer->bytes + buffer->start, held);
    buffer->start = 0;
    buffer->end = held;
}

/* False: no memory, nothing has changed. */
static bool grow(cede__buffer **buffer, size_t capacity)
{
    cede__buffer *bigger =
        cede__realloc(*buffer, sizeof(cede__buffer) + capacity);

    if (!bigger)
        return false;
    bigger->capacity = capacity;
    *buffer = bigger;
    return true;
}

size_t cede__buffer_room(cede__buffer **buffer, size_t most)
{
    size_t held = cede__buffer_size(*buffer);
    size_t room;

    if (!*buffer)
        *buffer = cede__buffer_take();
    if (!*buffer)
        return 0;
    /* Rarely and little: what is held is the start of one message. */
    if ((*buffer)->start > 0 &&
        (*buffer)->capacity - (*buffer)->end < (*buffer)->capacity / 2)
        to_front(*buffer);
    if (held == (*buffer)->capacity) {
        size_t wanted = held > most / 2 ? most : 2 * held;

        if (!grow(buffer, wanted))
            return 0;
    }
    room = (*buffer)->capacity - (*buffer)->end;
    return room < most - held ? room : most - held;
}

bool cede__buffer_unread(cede__buffer **buffer, const void *bytes, size_t size)
{
    size_t held = cede__buffer_size(*buffer);
    size_t capacity = size + held > COMMON ? size + held : COMMON;
    cede__buffer *whole =
        capacity == COMMON ? cede__buffer_take() : new_buffer(capacity);

    if (!whole)
        return false;
    memcpy(whole->bytes, bytes, size);
    if (held > 0)
        memcpy(whole->bytes + size, (*buffer)->bytes + (*buffer)->start, held);
    whole->end = size + held;
    cede__buffer_give(*buffer);
    *buffer = whole;
    return true;
}
