/*
 * Streams: TCP connections over IPv4 and IPv6.
 *
 *     cede_with (peer, cede_open_connection("localhost", 7777)) {
 *         size_t size;
 *
 *         cede_stream_write(peer, "ping\n", 5);
 *         const char *line = cede_stream_readline(peer, &size);
 *         …
 *     } cede_end
 *
 * One object reads and writes: it is asyncio's StreamReader and StreamWriter
 * in one, with their names ("Streams" in the library reference, PEP 3156).
 * Rules N01-N05. Every call makes its system call at once and suspends only
 * when that would block, or to let others run after many calls in a row that
 * did not (Z17): a peer that is always ready keeps neither other tasks nor a
 * deadline around the call from their turn. So a loop of reads or writes needs
 * no cede_sleep(0), and each of them is a place where others may run. What has
 * arrived and was not read stays in the stream or in the kernel: a read that is
 * cancelled did not happen. An idle connection owns no buffer.
 *
 * One task may read and others write at the same time. All calls: the thread
 * of the loop the stream was made on. Unless it says otherwise a call neither
 * raises nor suspends; what suspends raises CancelledError, and RuntimeError
 * where it would have to wait outside a task.
 */
#pragma once

#include "cede/try.h"
#include "cede/value.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* Its last reference closes it. As a context manager it is closed at the end
   of the block. */
typedef struct cede_stream cede_stream;

/* The read limit of a new stream in bytes: asyncio's 64 KiB. */
enum { CEDE_STREAM_LIMIT = 65536 };

/*
 * Connects to host (a numeric IPv4 or IPv6 address, without brackets, or a
 * name) and port, and returns one reference. A name is looked up by a thread
 * of its own (getaddrinfo, so /etc/hosts and "localhost" count), and its
 * addresses are tried one after another. Small writes are sent at once
 * (TCP_NODELAY). Suspends; when cancelled the socket is closed, and a lookup
 * under way ends by itself.
 *
 * Raises OverflowError for a port that is not 0-65535, ValueError for no host;
 * gaierror "[Errno -2] Name or service not known" and its like;
 * ConnectionRefusedError "[Errno 111] Connect call failed ('127.0.0.1', 1)"
 * and other OSErrors; if several addresses fail in different ways OSError
 * "Multiple exceptions: …". MemoryError. Python: asyncio.open_connection.
 */
cede_stream *cede_open_connection(const char *host, int port)
    CEDE_IMPL_NEW;

/*
 * Sets the read limit: how many bytes readuntil and readline search for a
 * separator. The stream's buffer never holds more than twice as much, but for
 * what readexactly and read_all ask for. Raises ValueError for 0 and for more
 * than 1 GiB. Never suspends. Python: the argument `limit`.
 */
void cede_stream_set_limit(cede_stream *stream, size_t limit);

/* --- reading --- */

/*
 * All of these suspend until there is something to return. They raise
 * RuntimeError "read() called while another coroutine is already waiting for
 * incoming data"; ConnectionResetError and other OSErrors, and then each later
 * read raises the same (N01). Cancelled, they leave every byte in the stream;
 * only if there is no memory to keep what a big readexactly had got does the
 * stream break: later reads raise MemoryError. On a closed stream they return
 * what was in its buffer and then the end.
 *
 * A view is no string of C's: no NUL stands behind it, but what came next. Print
 * it by "%.*s" with its size, compare it by memcmp, or make a string of it by
 * cede_str_copy_n.
 */

/*
 * Stores up to `size` bytes, as many as have arrived but at least one, in
 * buffer, and returns how many; 0 at the end of the stream. They are received
 * into your buffer, not copied. Python: StreamReader.read(n).
 */
size_t cede_stream_read(cede_stream *stream, void *buffer, size_t size);

/*
 * Stores exactly `size` bytes in buffer. If the stream ends before: raises
 * IncompleteReadError with the bytes there were, and they are gone from the
 * stream. ValueError for a size that was negative. Python:
 * StreamReader.readexactly.
 */
void cede_stream_readexactly(cede_stream *stream, void *buffer, size_t size);

/*
 * A view of everything up to and including the separator, its length in
 * *size. The view is the stream's and valid until the next read call on it.
 * If the stream ends before: raises IncompleteReadError with the bytes there
 * were, and they are gone. If there are more than the limit before the
 * separator: LimitOverrunError, and nothing leaves the stream. To go on behind
 * the piece that is too long, read as many bytes away as its
 * cede_exception_consumed says (they have arrived), and call again until there
 * is no exception: what that returns is the rest of it, maybe the separator
 * alone; the call after that returns the next piece. ValueError for an empty
 * separator. Python: StreamReader.readuntil.
 */
const char *cede_stream_readuntil(cede_stream *stream, const void *separator,
                                  size_t separator_size, size_t *size);

/*
 * A view of the next line with its "\n", its length in *size; the last line
 * may lack it; NULL and 0 at the end of the stream. The view is valid until
 * the next read call.
 *
 * A line beyond the limit raises ValueError. If its end was seen ("Separator is
 * found, but chunk is longer than limit"), the line is gone and the next call
 * returns the next one. If not ("Separator is not found, and chunk exceed the
 * limit"), only the bytes looked at are gone, and the next call returns the
 * rest of the same line, or raises again. The message alone tells these apart:
 * who wants to go on after a line that was too long calls readuntil with "\n",
 * as above. Python: StreamReader.readline.
 */
const char *cede_stream_readline(cede_stream *stream, size_t *size);

/*
 * Lends a view of what has arrived, its length in *size; NULL and 0 at the end
 * of the stream. The view is valid until the next read call; the bytes count
 * as read. The way to read that copies nothing and needs no buffer of yours.
 * Python has none: the nearest is StreamReader.read(n), which copies.
 */
const void *cede_stream_next(cede_stream *stream, size_t *size);

/*
 * Everything up to the end of the stream as a string value with a reference of
 * your own (cede_value_str_size has its length). It may hold NUL. Cancelled,
 * everything that had arrived stays in the stream. MemoryError. Python:
 * StreamReader.read().
 */
cede_value cede_stream_read_all(cede_stream *stream) CEDE_IMPL_USE_RESULT;

/*
 * Has the other side ended and has everything been read? Asks the kernel if
 * the stream does not know. Never suspends, never raises. Python:
 * StreamReader.at_eof.
 */
bool cede_stream_at_eof(cede_stream *stream);

/* --- writing --- */

/*
 * Writes all of data: returns when the kernel has taken the last byte. While
 * the other side is slow the task waits; data must stay as it is until then.
 * Tasks that write at the same time take turns in the order they came, and no
 * write is broken into by another. Python: StreamWriter.write and drain.
 *
 * Cancelled before anything was sent, it did not happen. Cancelled later, the
 * other side has a part that nothing can take back: each later write raises
 * RuntimeError, and all that is left is to close the stream.
 *
 * Raises RuntimeError "Cannot call write() after write_eof()";
 * ConnectionResetError "Connection lost" on a stream that is closed, also if
 * that happens meanwhile; BrokenPipeError, ConnectionResetError and other
 * OSErrors, and then each later write raises the same. What the other side
 * sent before can still be read. No SIGPIPE.
 */
void cede_stream_write(cede_stream *stream, const void *data, size_t size);

/*
 * cede_stream_printf(stream, format, …): writes text made as printf makes it,
 * of any length, in one piece; borrows what it is given. Raises and suspends
 * as cede_stream_write, and raises as cede_str_format; then nothing was
 * written. Python: writer.write(f"…".encode()).
 */
#define cede_stream_printf(stream, ...)                                        \
    cede_impl_stream_write_text((stream), cede_str_format(__VA_ARGS__))
void cede_impl_stream_write_text(cede_stream *stream, cede_value taken);

/*
 * Ends this side: once the writes before it are through, the other side reads
 * the end; reading goes on. Nothing happens the second time, and on a closed
 * stream. Suspends only for writes of other tasks; cancelled, it did not
 * happen. Raises as write does. Python: StreamWriter.write_eof.
 */
void cede_stream_write_eof(cede_stream *stream);

/* --- ending --- */

/*
 * Closes the connection, at once. A task that reads sees the end; tasks that
 * write get ConnectionResetError "Connection lost". Twice is fine. Never
 * suspends, never raises. Python: StreamWriter.close.
 */
void cede_stream_close(cede_stream *stream);

/* Has it been closed? Python: StreamWriter.is_closing. */
bool cede_stream_is_closing(const cede_stream *stream);

/*
 * Suspends until the stream is closed by whoever closes it; of a closed stream
 * it returns at once. Python: StreamWriter.wait_closed.
 */
void cede_stream_wait_closed(cede_stream *stream);

/* --- who is there --- */

/*
 * The address of the other side, and of this side: "127.0.0.1:5000",
 * "[::1]:5000". Borrowed from the stream. That of this side is "" once the
 * stream is closed, unless it was asked for before. Raises MemoryError. Never
 * suspends. Python: StreamWriter.get_extra_info("peername"), ("sockname").
 */
const char *cede_stream_peername(cede_stream *stream);
const char *cede_stream_sockname(cede_stream *stream);

/* Their ports; of this side 0 once the stream is closed. Never raise, never
   suspend. Python: get_extra_info("peername")[1] and ("sockname")[1]. */
int cede_stream_peer_port(const cede_stream *stream);
int cede_stream_sock_port(const cede_stream *stream);

/*
 * Are small writes sent at once (true, as it is in the beginning) or collected
 * by the kernel until an acknowledgement comes? Raises OSError;
 * ConnectionResetError "Connection lost" on a closed stream. Never suspends.
 * Python: setsockopt(IPPROTO_TCP, TCP_NODELAY, …) of the transport's socket.
 */
void cede_stream_set_nodelay(cede_stream *stream, bool nodelay);

/*
 * The socket, -1 once the stream is closed; for what the stream has no name
 * for: getsockopt, setsockopt, SIOCOUTQ. It is borrowed and stays the stream's,
 * which closes it: after that the kernel gives the number to others, so ask
 * again for each use, and dup what is to live longer. It is non-blocking and
 * stays so. Do not read from it, write to it, shut it down, or watch it
 * (cede_loop_add_reader, cede_descriptor_new): the stream believes that only it
 * does. Never raises, never suspends. Python:
 * get_extra_info("socket").fileno().
 */
int cede_stream_fileno(const cede_stream *stream);

CEDE_IMPL_END
