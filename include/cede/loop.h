/*
 * The event loop: callbacks, run one after another by one thread.
 *
 * A loop knows callbacks only; tasks are built on them. It can be used alone:
 *
 *     static void tick(void *arg)
 *     {
 *         cede_loop *loop = cede_get_running_loop();
 *         …
 *         cede_loop_call_later(loop, 1.0, tick, arg);
 *     }
 *
 *     cede_loop *loop = cede_loop_new();
 *     cede_loop_call_soon(loop, tick, NULL);
 *     cede_loop_run_forever(loop);
 *     cede_loop_close(loop);
 *     cede_unref(loop);
 *
 * One iteration: what is ready, then what I/O makes ready, then the timers
 * that are due, in this order; all of it is run, and what that makes ready
 * waits for the next iteration. While callbacks are ready, I/O and the clock
 * are looked at once per 64 callbacks.
 *
 * Threads: a loop belongs to the thread that runs it. Called by another thread
 * meanwhile, every function that does not say "any thread" raises RuntimeError
 * "Non-thread-safe operation invoked on an event loop other than the current
 * one", save for those that only tell what has been set. After a fork the
 * child's copy of a loop raises RuntimeError, save for cede_loop_close and
 * cede_unref. On a closed loop, what would schedule or run something raises
 * RuntimeError "Event loop is closed". Nothing else is raised than what is said
 * here or below. Nothing here suspends.
 *
 * Python counterpart: asyncio's event loop ("Event Loop" in the library
 * reference), PEP 3156. Time is a double of seconds of the loop's clock.
 */
#pragma once

#include "cede/clock.h"
#include "cede/context.h"
#include "cede/exception.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* References to a loop are counted atomically: other threads may hold some. */
typedef struct cede_loop cede_loop;

/* One scheduled callback. Its references belong to the loop's thread. */
typedef struct cede_handle cede_handle;

/*
 * A function the loop calls. It may raise: what is raised goes to the
 * exception handler, and the loop goes on (L09); SystemExit and
 * KeyboardInterrupt leave cede_loop_run_forever instead (L11). `argument` is
 * yours; the loop does not free it. It runs in a copy of the context of
 * whoever handed it to the loop; a reader's, a writer's or a signal's in the
 * same copy each time (C02).
 */
typedef void (*cede_callback)(void *argument);

/* --- loops --- */

/* All zero is the default. */
typedef struct cede_loop_options {
    const cede_clock *clock; /* copied; NULL: cede_monotonic_clock() */
    bool simulated; /* on a virtual clock of its own, which begins at 0 */
    /* "epoll", "poll"; NULL: what the environment variable CEDE_POLLER says,
       else the best there is. */
    const char *poller;
    /* Callbacks of one iteration run in an order drawn by lot, the same for
       the same seed; see cede_loop_new_with. */
    bool shuffle;
    uint64_t seed;
    int debug; /* 1: on, -1: off; 0: as CEDE_DEBUG says (cede/debug.h) */
} cede_loop_options;

/*
 * A new loop, with one reference. Last reference: a loop that was not closed
 * is closed with a warning (L30).
 *
 * Raises MemoryError, OSError (out of descriptors). Any thread. Python:
 * asyncio.new_event_loop.
 */
cede_loop *cede_loop_new(void) CEDE_IMPL_NEW;

/*
 * The same with options (borrowed; NULL: all zero). Raises also ValueError for
 * a poller that does not exist, and for a CEDE_SEED or CEDE_SHUFFLE that is no
 * number.
 *
 * With .shuffle, or CEDE_SHUFFLE=SEED in the environment, the callbacks and
 * task steps of one iteration run in an order drawn by lot, to find programs
 * that lean on call_soon's being FIFO without saying so. What is scheduled
 * meanwhile still waits for the next iteration, no timer comes before its
 * time, and queues of waiting tasks (locks and the like) stay first in, first
 * out; all other order among what is ready at once is given up, also that of
 * one thread's cede_loop_call_soon_threadsafe and of one future's callbacks.
 */
cede_loop *
cede_loop_new_with(const cede_loop_options *options) CEDE_IMPL_NEW;

/*
 * Closes the loop: ends its tasks, drops what is scheduled without running it,
 * removes signal handlers, readers and writers, and gives the descriptors back.
 *
 * A task that is not done is reported to the exception handler ("Task was
 * destroyed but it is pending!") and gets GeneratorExit where it waits, and
 * wherever its clean-up waits; the newest task first, so that what a task lent
 * to those it started is there until they have ended. A task that has not begun
 * is cancelled without having run. cede_run leaves none to be ended.
 *
 * Closing twice is fine. Raises RuntimeError "Cannot close a running event
 * loop". Python: loop.close, and the collector.
 */
void cede_loop_close(cede_loop *loop);

/* Any thread. Python: loop.is_closed. */
bool cede_loop_is_closed(const cede_loop *loop);

/* Any thread. Python: loop.is_running. */
bool cede_loop_is_running(const cede_loop *loop);

/*
 * The loop that this thread is running, borrowed. Raises RuntimeError "no
 * running event loop". Any thread. Python: asyncio.get_running_loop.
 */
cede_loop *cede_get_running_loop(void);

/* The same, borrowed; NULL if there is none. Never raises. Any thread. Python:
   asyncio._get_running_loop. */
cede_loop *cede_running_loop(void);

/* --- running --- */

/*
 * Runs iterations until cede_loop_stop; stopped beforehand, exactly one (L05).
 * Keeps a reference to the loop meanwhile.
 *
 * Raises RuntimeError when this loop or another is running in this thread
 * ("This event loop is already running", "Cannot run the event loop while
 * another loop is running"); the SystemExit or KeyboardInterrupt of a
 * callback, and then the callbacks behind it stay queued; OSError if waiting
 * for I/O fails. After each of these the loop can be run again. In the child
 * of a fork made by a callback it raises RuntimeError when that callback
 * returns. Python: loop.run_forever.
 */
void cede_loop_run_forever(cede_loop *loop);

/*
 * Ends cede_loop_run_forever after the current iteration: everything ready
 * now still runs, what it schedules waits for the next run (L04). To stop a
 * loop from another thread, send it there: cede_loop_call_soon_threadsafe.
 * Python: loop.stop.
 */
void cede_loop_stop(cede_loop *loop);

/*
 * Runs one iteration that waits at most `timeout` seconds for something to
 * do; negative or infinite: as long as it takes. For a loop that lives inside
 * another: wait until cede_loop_fd is readable or cede_loop_timeout has
 * passed, then call this with 0. A wait may end early with nothing done.
 * Returns false when cede_loop_stop was called, which is forgotten thereby.
 *
 * Raises as cede_loop_run_forever; ValueError if timeout is not a number.
 */
bool cede_loop_run_once(cede_loop *loop, double timeout);

/*
 * A descriptor that becomes readable when I/O, a signal or another thread
 * gives the loop something to do; timers do not show on it. The loop's own:
 * only wait for it. Raises NotImplementedError with a poller that has none
 * ("poll").
 */
int cede_loop_fd(cede_loop *loop);

/*
 * Seconds until the loop has something to do if no I/O comes: 0 if anything is
 * ready, INFINITY if there is no timer. Raises RuntimeError on a closed loop.
 * (libuv: uv_backend_timeout)
 */
double cede_loop_timeout(cede_loop *loop);

/* --- debug mode --- */

/*
 * Debug mode, off unless CEDE_DEBUG=1 is in the environment: a callback or a
 * task's step that takes too long is reported as a warning (L18), and reports
 * say where the handles, tasks and futures they name were created (L29). The
 * clock is read twice per callback. What is wrong in any mode, such as a call
 * from another thread, is refused without it. Python: loop.set_debug,
 * loop.get_debug.
 */
void cede_loop_set_debug(cede_loop *loop, bool enabled);
bool cede_loop_get_debug(const cede_loop *loop);

/*
 * What takes too long in debug mode, in seconds of the loop's clock; 0.1 in
 * the beginning. Raises ValueError if it is negative or not a number. Python:
 * loop.slow_callback_duration.
 */
void cede_loop_set_slow_callback_duration(cede_loop *loop, double seconds);
double cede_loop_get_slow_callback_duration(const cede_loop *loop);

/* --- callbacks --- */

/*
 * What schedules a callback is also a macro of the same name, which notes the
 * place and the callback's name for reports (L29). The functions are for other
 * languages, and for who needs their address.
 */
typedef struct cede_impl_call {
    cede_location where;
    const char *callback;
} cede_impl_call;

#define CEDE_IMPL_CALL(callback)                                               \
    (__extension__({                                                           \
        static const cede_impl_call cede_impl_call_ = {                        \
            {__FILE__, __func__, __LINE__, cede_impl_inside}, callback};       \
        &cede_impl_call_;                                                      \
    }))

/*
 * Calls callback(argument) in the next iteration, after what was scheduled
 * before it (L01). loop NULL, here and in call_later, call_at and time: the
 * running one, RuntimeError if there is none. The handle is borrowed from the
 * loop: use it until the callback has been called or the loop is closed, or
 * keep it with cede_ref; after cede_handle_cancel it is valid until the next
 * iteration.
 *
 * Raises MemoryError; TypeError if callback is NULL. Python: loop.call_soon.
 */
cede_handle *cede_loop_call_soon(cede_loop *loop, cede_callback callback,
                                 void *argument);
#define cede_loop_call_soon(loop, ...)                                         \
    cede_impl_loop_call_soon((loop), CEDE_IMPL_CALLBACK_OF(__VA_ARGS__),       \
                             CEDE_IMPL_CALL(CEDE_IMPL_NAME(__VA_ARGS__)))
cede_handle *cede_impl_loop_call_soon(cede_loop *loop, cede_callback callback,
                                      void *argument,
                                      const cede_impl_call *call);

/*
 * The same from any thread, and it wakes the loop up. A wake-up is never lost
 * and calls of one thread are run in their order (L12). There is no handle,
 * for the callback may have run by the time the caller could look at it. The
 * calling thread holds a reference to the loop, or knows somebody who does.
 *
 * Raises MemoryError; RuntimeError "Event loop is closed", and then the
 * callback will not run; `argument` is the caller's to free. Once accepted, a
 * callback is called unless the loop is closed first. Python:
 * loop.call_soon_threadsafe.
 */
void cede_loop_call_soon_threadsafe(cede_loop *loop, cede_callback callback,
                                    void *argument);
#define cede_loop_call_soon_threadsafe(loop, ...)                              \
    cede_impl_loop_call_soon_threadsafe((loop),                                \
                                        CEDE_IMPL_CALLBACK_OF(__VA_ARGS__),    \
                                        CEDE_IMPL_CALL(CEDE_IMPL_NAME(__VA_ARGS__)))
void cede_impl_loop_call_soon_threadsafe(cede_loop *loop,
                                         cede_callback callback,
                                         void *argument,
                                         const cede_impl_call *call);

/*
 * A thread is at work for the loop and is going to post what comes of it
 * (cede_loop_call_soon_threadsafe): until it has, and calls cede_loop_release,
 * a run whose tasks all wait does not take them for asleep for ever
 * (cede/inspect.h). In pairs, as often as you like; by any thread that has a
 * reference to the loop. Never raise.
 */
void cede_loop_hold(cede_loop *loop);
void cede_loop_release(cede_loop *loop);

/*
 * Calls callback(argument) `delay` seconds from now, or a little later: the
 * same as cede_loop_call_at(cede_loop_time(loop) + delay). A delay of 0 or
 * less fires in the next iteration, after what was ready (L02); an infinite
 * one never. Equal deadlines are kept in the order of the calls (L14). The
 * handle is borrowed: as of cede_loop_call_soon.
 *
 * Raises MemoryError; TypeError if callback is NULL; ValueError if delay is
 * not a number. Python: loop.call_later.
 */
cede_handle *cede_loop_call_later(cede_loop *loop, double delay,
                                  cede_callback callback, void *argument);
#define cede_loop_call_later(loop, delay, ...)                                 \
    cede_impl_loop_call_later((loop), (delay),                                 \
                              CEDE_IMPL_CALLBACK_OF(__VA_ARGS__),              \
                              CEDE_IMPL_CALL(CEDE_IMPL_NAME(__VA_ARGS__)))
cede_handle *cede_impl_loop_call_later(cede_loop *loop, double delay,
                                       cede_callback callback, void *argument,
                                       const cede_impl_call *call);

/* The same at a time of the loop's clock, in seconds; the handle is borrowed.
   Raises as cede_loop_call_later. Python: loop.call_at. */
cede_handle *cede_loop_call_at(cede_loop *loop, double when,
                               cede_callback callback, void *argument);
#define cede_loop_call_at(loop, when, ...)                                     \
    cede_impl_loop_call_at((loop), (when), CEDE_IMPL_CALLBACK_OF(__VA_ARGS__), \
                           CEDE_IMPL_CALL(CEDE_IMPL_NAME(__VA_ARGS__)))
cede_handle *cede_impl_loop_call_at(cede_loop *loop, double when,
                                    cede_callback callback, void *argument,
                                    const cede_impl_call *call);

/* Seconds of the loop's clock, which never goes back. loop NULL: the running
   one. Raises RuntimeError if there is none. Python: loop.time. */
double cede_loop_time(cede_loop *loop);

/*
 * The callback will not be called, unless it has been; again does nothing
 * (L03). A timer's slot is free at once (L21). Never raises but for the wrong
 * thread. Python: Handle.cancel.
 */
void cede_handle_cancel(cede_handle *handle);

/* Has it been cancelled? Python: Handle.cancelled. */
bool cede_handle_cancelled(const cede_handle *handle);

/*
 * Has the callback run in this context (borrowed) itself, in place of a copy of
 * the one that was current when it was scheduled (C02). Raises TypeError if it
 * is no context; RuntimeError in the callback itself. Python: call_soon(…,
 * context=context) and its siblings.
 */
void cede_handle_set_context(cede_handle *handle, cede_context *context);

/*
 * When the callback of cede_loop_call_at or cede_loop_call_later is due, in
 * seconds of the loop's clock; of others 0. Python: TimerHandle.when.
 */
double cede_handle_when(const cede_handle *handle);

/* --- descriptors --- */

/*
 * Calls callback(argument) in each iteration in which `fd` is readable (has
 * data, a connection to accept, an end or an error), in place of the reader
 * the descriptor had (L19). Borrows fd: remove the reader before you close
 * it. A callback that leaves data unread is called again.
 *
 * Raises MemoryError, TypeError if callback is NULL; OSError (PermissionError
 * for a file that is always ready); RuntimeError when a stream uses the
 * descriptor. Python: loop.add_reader.
 */
void cede_loop_add_reader(cede_loop *loop, int fd, cede_callback callback,
                          void *argument);
#define cede_loop_add_reader(loop, fd, ...)                                    \
    cede_impl_loop_add_reader((loop), (fd),                                    \
                              CEDE_IMPL_CALLBACK_OF(__VA_ARGS__),              \
                              CEDE_IMPL_CALL(CEDE_IMPL_NAME(__VA_ARGS__)))
void cede_impl_loop_add_reader(cede_loop *loop, int fd, cede_callback callback,
                               void *argument, const cede_impl_call *call);

/*
 * No more. A callback queued by this iteration is not called any more. Was
 * there one? On a closed loop false. Python: loop.remove_reader.
 */
bool cede_loop_remove_reader(cede_loop *loop, int fd);

/* The same for a descriptor that takes data, or whose connection is made or
   refused. Raise as those of readers. Python: loop.add_writer,
   loop.remove_writer. */
void cede_loop_add_writer(cede_loop *loop, int fd, cede_callback callback,
                          void *argument);
#define cede_loop_add_writer(loop, fd, ...)                                    \
    cede_impl_loop_add_writer((loop), (fd),                                    \
                              CEDE_IMPL_CALLBACK_OF(__VA_ARGS__),              \
                              CEDE_IMPL_CALL(CEDE_IMPL_NAME(__VA_ARGS__)))
void cede_impl_loop_add_writer(cede_loop *loop, int fd, cede_callback callback,
                               void *argument, const cede_impl_call *call);
bool cede_loop_remove_writer(cede_loop *loop, int fd);

/* --- signals --- */

/*
 * Calls callback(argument), as a callback of the loop and so free to do
 * anything, when signal `number` arrives (L16); several arrivals may become
 * one call. Replaces this loop's handler for the signal. What the process did
 * with the signal before is put back by the removal or by closing the loop.
 *
 * Raises ValueError for a number that is no signal; RuntimeError for one that
 * cannot be caught, one that another loop handles, or off the main thread;
 * MemoryError. Main thread only. Python: loop.add_signal_handler.
 */
void cede_loop_add_signal_handler(cede_loop *loop, int number,
                                  cede_callback callback, void *argument);
#define cede_loop_add_signal_handler(loop, number, ...)                        \
    cede_impl_loop_add_signal_handler((loop), (number),                        \
                                      CEDE_IMPL_CALLBACK_OF(__VA_ARGS__),      \
                                      CEDE_IMPL_CALL(CEDE_IMPL_NAME(__VA_ARGS__)))
void cede_impl_loop_add_signal_handler(cede_loop *loop, int number,
                                       cede_callback callback, void *argument,
                                       const cede_impl_call *call);

/*
 * No more; a signal that has arrived and not been called for is forgotten.
 * Was there a handler? Raises ValueError for a number that is no signal; off
 * the main thread RuntimeError. Python: loop.remove_signal_handler.
 */
bool cede_loop_remove_signal_handler(cede_loop *loop, int number);

/* --- chance --- */

/*
 * The next number of the loop's source of chance, evenly spread over 64 bits.
 * Every loop begins with the same numbers, so that a run on the virtual clock
 * can be repeated: those of the seed that the environment variable CEDE_SEED
 * gives, else of 0. Fair, but no secret: not for keys. set_seed begins anew.
 * Raise RuntimeError on a closed loop. Never suspend. Python:
 * random.getrandbits(64), random.seed.
 */
uint64_t cede_loop_random(cede_loop *loop);
void cede_loop_set_seed(cede_loop *loop, uint64_t seed);

/* --- what nobody caught --- */

struct cede_future;
struct cede_task;

/* What is known of an error nobody caught; all but the message may be NULL.
   Everything is borrowed for the time of the call. */
typedef struct cede_exception_handler_context {
    const char *message;
    cede_exception *exception;
    cede_handle *handle;
    struct cede_future *future;
    struct cede_task *task;
    /* What the handler that failed had been called with (L10). */
    const struct cede_exception_handler_context *context;
} cede_exception_handler_context;

/*
 * What it raises is reported by the default handler together with the context
 * (L10); SystemExit and KeyboardInterrupt leave cede_loop_run_forever.
 */
typedef void (*cede_exception_handler)(
    cede_loop *loop, const cede_exception_handler_context *context,
    void *argument);

/*
 * Sets who is told of exceptions nobody caught; NULL is the default handler.
 * `argument` is yours. Python: loop.set_exception_handler.
 */
void cede_loop_set_exception_handler(cede_loop *loop,
                                     cede_exception_handler handler,
                                     void *argument);

/* The handler set, or NULL. Python: loop.get_exception_handler. */
cede_exception_handler cede_loop_get_exception_handler(const cede_loop *loop);

/*
 * Tells the exception handler. Raises only the SystemExit or KeyboardInterrupt
 * of a handler of yours. Python: loop.call_exception_handler.
 */
void cede_loop_call_exception_handler(
    cede_loop *loop, const cede_exception_handler_context *context);

/*
 * Reports the message, what the context names, and the exception with its
 * traceback as an error (cede/log.h: to stderr). Never raises. Python:
 * loop.default_exception_handler.
 */
void cede_loop_default_exception_handler(
    cede_loop *loop, const cede_exception_handler_context *context);

CEDE_IMPL_END
