/*
 * stream.h - one connection, as the files of this room see it
 *
 * Knows: a socket, what has arrived on it, and who reads and writes. Does not
 * know: how the connection came about, nor servers.
 *
 * Invariants: fd is -1 before the stream has a socket and after it is closed.
 * The descriptor is made when somebody first has to wait. A task that waits
 * for data leaves no drained buffer behind. Errors of the socket are kept, and
 * each direction has its own: what the other side sent before it broke the
 * connection can still be read. Whoever waits holds a reference.
 */
#pragma once

#include "cede/debug.h"
#include "cede/lowlevel.h"
#include "cede/stream.h"
#include "net/address.h"
#include "net/buffer.h"

struct cede_stream {
    cede_object head;
    cede_descriptor *descriptor;
    cede__buffer *buffer; /* or NULL, which an idle stream has */
    int fd;
    uint32_t limit;
    int read_error;  /* errno; 0: none */
    int write_error; /* errno; 0: none */
    bool ended;      /* the other side has sent its end */
    bool reading;    /* a task is inside a read that waits */
    bool writing;    /* a task is inside a write that waits */
    bool eof_written;
    bool torn; /* a write was given up with part of its data sent */
    unsigned queued; /* writers in the queue, and those woken from it that have
                        not run: who comes later goes behind them */
    cede_wait_queue writers;
    cede_wait_queue closers; /* tasks in wait_closed */
    cede__address peer;
    char *peername; /* made when asked for */
    char *sockname;
};

/* A stream without a socket, one reference. Raises MemoryError. */
cede_stream *cede__stream_new(void);

/* Gives it its socket, which is non-blocking, and which it closes. */
void cede__stream_open(cede_stream *stream, int fd, const cede__address *peer);

/* What to wait with, borrowed. Raises MemoryError. */
cede_descriptor *cede__stream_descriptor(cede_stream *stream);

static inline bool cede__stream_closed(const cede_stream *stream)
{
    return stream->fd < 0;
}
