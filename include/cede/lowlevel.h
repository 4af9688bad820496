/*
 * What waiting is made of: for those who build primitives of their own. All of
 * cede above its tasks is written with this header alone.
 *
 * Python counterpart: none in asyncio; trio.lowlevel. Everything here is for
 * the loop's thread only. Unless it says otherwise a call borrows what it is
 * given and neither raises nor suspends.
 *
 * The law: a wake-up never carries the thing. Items, bytes and locks stay in
 * their object until the woken task takes them, so that a cancelled operation
 * did not happen and nothing is lost. And no address on a task's stack may be
 * known to the kernel or to another task while it is suspended.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * Undoes what a parked task has registered, because it is cancelled: called by
 * whoever cancels, must neither raise nor suspend. True: the task runs again
 * and gets its CancelledError. False: it cannot be undone, the task stays
 * parked and gets the CancelledError when it is unparked.
 */
typedef bool (*cede_abort_function)(cede_task *task, void *argument);

/*
 * Suspends the current task until cede_unpark. `reason` (a literal) is shown
 * to people who ask what the task waits for. abort may be NULL: never undone.
 * Raises CancelledError if the task was cancelled, also when it was unparked
 * before (T19; then pass on what the wake-up promised), but not if that was by
 * cede_unpark_committed. A cancelled scope ends the wait too, but of a task
 * that has been unparked only the next one (Z08). GeneratorExit when the loop
 * is closed (T14). RuntimeError outside a task, and where the task must not
 * suspend.
 */
void cede_park(const char *reason, cede_abort_function abort, void *argument);

/*
 * Raises the RuntimeError that cede_park would raise here, because there is no
 * task or it must not suspend: for who has to know before it changes things.
 * And for who keeps cede_current_task to wake it: a clean-up that cede_unref
 * runs gets a task of its own where it first has to wait (A02), which is here,
 * in cede_wait_space or in cede_park; so ask which it is after this.
 */
void cede_check_suspend(void);

/*
 * cede_park, at the longest until `when`, in seconds of the loop's time
 * (INFINITY: for ever). False if that came first; what you have registered is
 * then still there. Raises also ValueError for NaN. It needs no memory.
 */
bool cede_park_until(double when, const char *reason, cede_abort_function abort,
                     void *argument);

/* Makes a parked task run in the next iteration. Does nothing to one that is
   not parked, or is on its way already; one in cede_sleep sleeps on. */
void cede_unpark(cede_task *task);

/*
 * The same for a task whose operation has happened already and cannot be taken
 * back, as when two tasks meet and a thing changes hands: cede_park returns
 * even if the task is cancelled before it runs, and that cancel is raised where
 * it suspends next (Z08). Only for a task that is still registered: its abort
 * has not been called.
 */
void cede_unpark_committed(cede_task *task);

/*
 * A place in the current task, zeroed when the task is made, for what it
 * registers with others while it is parked: unlike its stack others may know
 * it, and unlike the heap it is there. It belongs to whoever parks the task,
 * until cede_park has returned. Aligned for every type. Borrowed from the task.
 * Raises as cede_check_suspend. Does not suspend.
 */
enum { CEDE_WAIT_SPACE = 64 };
void *cede_wait_space(void);

/*
 * An always-ready operation calls this before it begins: after 128 of them in
 * a row without a suspension the task lets others run once (Z17). May suspend;
 * raises CancelledError, and that of a cancelled scope around the task at once:
 * there every operation of the library raises (Z01).
 */
void cede_consume_budget(void);

/*
 * Between begin and end the current task's waits are not ended by cancelled
 * scopes (cede/cancel_scope.h); cede_task_cancel still ends them. For waits
 * that put something right and would otherwise raise again and again, as when
 * a condition takes its lock again. They nest, cannot fail, and do nothing
 * outside a task; end what you began on every way out:
 *
 *     cede_shield_begin();
 *     cede_defer (cede_shield_end, NULL);
 */
void cede_shield_begin(void);
void cede_shield_end(void *unused);

/* --- queues of waiting tasks --- */

/* First in, first out. Part of your object; its fields are the runtime's. */
typedef struct cede_wait_queue {
    struct cede_wait_queue *previous, *next;
} cede_wait_queue;

/* Makes it empty, which it must be once before it is used. Does nobody wait? */
void cede_wait_queue_init(cede_wait_queue *queue);
bool cede_wait_queue_empty(const cede_wait_queue *queue);

/*
 * Suspends the current task at the end of the queue. Raises CancelledError; a
 * task that is cancelled after it was woken wakes the next one in its place
 * (P02, Q03).
 */
void cede_wait_queue_park(cede_wait_queue *queue, const char *reason);

/*
 * The same for objects that have a rule of their own for wake-ups that came in
 * vain: *ret_woken says, also when this raises, whether the task had been
 * woken; if it was, nobody has been woken in its place. It never returns
 * unwoken: a cede_unpark from elsewhere does not end the wait. ret_woken may be
 * on the caller's stack: only the caller's own task writes it.
 */
void cede_wait_queue_park_keep(cede_wait_queue *queue, const char *reason,
                               bool *ret_woken);

/* Wakes the first task: true; false if nobody waits. */
bool cede_wait_queue_wake(cede_wait_queue *queue);

/* How many tasks stand in it, those not counted that are woken already. Counts
   one by one: for people who look. */
size_t cede_wait_queue_length(const cede_wait_queue *queue);

/*
 * For calls that may wake tasks of this loop, before they change anything:
 * raises RuntimeError if another thread runs the loop. A closed loop is all
 * right: its tasks wait for nothing any more.
 */
void cede_check_thread(const cede_loop *loop);

/* --- notices: hearing of several things at once --- */

/*
 * Part of a block of yours on the heap, never of a stack. tell is called once,
 * in the loop's thread, when what you asked for has come: it unparks a task or
 * notes something; it must neither raise nor suspend nor run code of users. It
 * may free the block, and take back any other notice.
 */
typedef struct cede_notice {
    void (*tell)(struct cede_notice *notice);
    void *impl[5]; /* the runtime's; all zero: asked for nothing */
} cede_notice;

/*
 * Asks for the end of a future or task, which is neither cancelled nor read
 * thereby. False: it is done already, and nothing will be told. Borrows: keep
 * a reference until you were told or have taken the notice back. Raises
 * TypeError for what is no future, RuntimeError if its loop is not the running
 * one.
 */
bool cede_future_watch(void *future, cede_notice *notice);

/* Takes it back. Does nothing to one that was told, or that asked for nothing.
   Never raises. */
void cede_notice_cancel(cede_notice *notice);

/* --- descriptors --- */

/*
 * A descriptor as tasks wait for it: registered with the poller once, by edge,
 * when somebody first has to wait.
 */
typedef struct cede_descriptor cede_descriptor;

/* What a descriptor may be waited for. */
enum cede_descriptor_events {
    CEDE_READABLE = 1 << 0,
    CEDE_WRITABLE = 1 << 1,
};

/* For a non-blocking descriptor, which stays yours; of the running loop. One
   reference. Raises MemoryError; RuntimeError without a running loop. */
cede_descriptor *cede_descriptor_new(int fd) CEDE_IMPL_NEW;

/*
 * Suspend until a call that said EAGAIN may be tried again. Make the call
 * first: only EAGAIN may be waited for, or what is exhausted (below). Return
 * also when the descriptor is closed meanwhile. One reader and one writer at a
 * time, of the loop it was made on: RuntimeError. Raise CancelledError, OSError
 * if the poller refuses the descriptor.
 */
void cede_descriptor_wait_readable(cede_descriptor *descriptor);
void cede_descriptor_wait_writable(cede_descriptor *descriptor);

/*
 * Spare the call that would say EAGAIN. Of a TCP socket or a pipe, say at once
 * that it is exhausted when a call has got, or was rid of, some but less than
 * it asked for: there is no more. As long as is_exhausted is true nothing has
 * been reported since, and you may wait in place of the next call:
 *
 *     while (cede_descriptor_is_exhausted(descriptor, CEDE_READABLE))
 *         cede_descriptor_wait_readable(descriptor);
 *     got = recv(fd, buffer, size, 0);
 *     if (got > 0 && (size_t)got < size)
 *         cede_descriptor_exhausted(descriptor, CEDE_READABLE);
 *
 * Not of anything else: a Unix socket stops short behind what carries
 * descriptors, a terminal behind each line, a pipe of packets (O_DIRECT) behind
 * each packet. Where a short call proves too little, is_exhausted stays false:
 * before the first wait, after the other side's end, an error or urgent data
 * was reported, and once closed. `events` is one event or both: is_exhausted
 * asks whether one of them is. Neither suspends nor raises.
 */
void cede_descriptor_exhausted(cede_descriptor *descriptor, unsigned events);
bool cede_descriptor_is_exhausted(const cede_descriptor *descriptor,
                                  unsigned events);

/*
 * Asks the kernel whether a call would have something to do now: whether one
 * of these events is there. A closed descriptor's is. Does not suspend. Raises
 * OSError.
 */
bool cede_descriptor_ready(cede_descriptor *descriptor, unsigned events);

/*
 * Asks to be told of the next change to one of these events, or of the closing:
 * first look that it is not ready. Any number may watch, beside the one who
 * waits. False: it is always ready, or closed. Borrows as cede_future_watch.
 * Does not suspend. Raises RuntimeError if its loop is not the running one,
 * OSError if the poller refuses the descriptor.
 */
bool cede_descriptor_watch(cede_descriptor *descriptor, unsigned events,
                           cede_notice *notice);

/* Wakes whoever waits and forgets the descriptor; call before close(2). Twice
   is fine. Never raises. */
void cede_descriptor_close(cede_descriptor *descriptor);

/* --- other threads --- */

/*
 * A call that another thread will ask a loop for: all it needs is made
 * beforehand, so that asking cannot fail. References are counted atomically.
 *
 * The callback is called in the loop's thread, once at most, in the context
 * that was current when the call was made: with true in the iteration after it
 * was posted, with false when the loop is closed and it will not be. Then it
 * gives up what it holds; it must not suspend, and with false not raise. What
 * it raises goes to the loop's exception handler.
 */
typedef struct cede_remote_call cede_remote_call;

/* One reference. `argument` is yours. Raises MemoryError, TypeError for NULL.
   Any thread. */
cede_remote_call *cede_remote_call_new(cede_loop *loop,
                                       void (*callback)(void *argument,
                                                        bool posted),
                                       void *argument) CEDE_IMPL_NEW;

/*
 * The loop is told of a call that has not been posted: closing the loop calls
 * its callback with false. (cede_loop_hold tells it to wait.) Loop's thread.
 * Raises MemoryError, RuntimeError if the loop is closed.
 */
void cede_remote_call_expect(cede_remote_call *call);

/*
 * Asks for the call; again does nothing. False: the loop is closed (or the
 * parent process's), and the callback will not be called for this. Takes no
 * reference. Never raises. Any thread.
 */
bool cede_remote_call_post(cede_remote_call *call);

/* The callback will not be called any more. Never raises. Loop's thread. */
void cede_remote_call_cancel(cede_remote_call *call);

/* --- what you keep with a loop --- */

/*
 * One object for each key (the address of something of yours), owned by the
 * loop until it is closed: after its tasks have ended, and after the remote
 * calls it expects have been called. The loop's thread.
 *
 * attach takes your reference. shutdown(loop, object, timeout), unless it is
 * NULL, is called by cede_run before it closes the loop, when all tasks are
 * done, and may run the loop; the timeout is what it should take at most, in
 * seconds of the loop's clock. Raises MemoryError, and then gives the object
 * up; RuntimeError if the loop is closed or has one with this key.
 */
typedef void (*cede_loop_shutdown)(cede_loop *loop, void *object,
                                   double timeout);
void cede_loop_attach(cede_loop *loop, const void *key, void *object,
                      cede_loop_shutdown shutdown);

/* The object attached, borrowed, or NULL. Raises RuntimeError in another
   thread than the loop's. */
void *cede_loop_attached(const cede_loop *loop, const void *key);

CEDE_IMPL_END
