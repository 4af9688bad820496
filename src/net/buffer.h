/*
 * buffer.h - bytes that have arrived and were not read yet
 *
 * Knows: one stretch of bytes that grows at its end and shrinks at its start,
 * and the thread's store of buffers nobody uses. Does not know: streams.
 *
 * Invariants: bytes[start .. end) are held, end <= capacity. Buffers of the
 * common size go back to the thread's store, last in first out, so that the
 * next one to receive finds memory that is warm; bigger ones are freed. The
 * store is emptied when its last user leaves, so that a thread without
 * streams holds no memory. Nothing here raises.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct cede__buffer {
    struct cede__buffer *next; /* in the store */
    size_t capacity;
    size_t start, end;
    char bytes[];
} cede__buffer;

/* The common capacity: what many requests fit into whole, with room to spare
   for a read that is to find out that there is no more. */
enum { CEDE__BUFFER_CAPACITY = 32768 };

/* Whoever may take buffers says so first, and says when that is over. */
void cede__buffers_enter(void);
void cede__buffers_leave(void);

/* An empty buffer of the common size, or NULL. */
cede__buffer *cede__buffer_take(void);

/* NULL is allowed. */
void cede__buffer_give(cede__buffer *buffer);

/* NULL holds nothing. */
static inline size_t cede__buffer_size(const cede__buffer *buffer)
{
    return buffer ? buffer->end - buffer->start : 0;
}

/*
 * Makes room behind what is held, which stays below `most` bytes in all: takes
 * a buffer if there is none, moves the bytes to the front, or grows. Returns
 * how much may be put at bytes[end], 0 if there is no memory. Pointers into
 * the buffer are void thereafter.
 */
size_t cede__buffer_room(cede__buffer **buffer, size_t most);

/* Puts bytes before what is held. False: no memory, nothing has changed. */
bool cede__buffer_unread(cede__buffer **buffer, const void *bytes, size_t size);
