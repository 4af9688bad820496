/*
 * signal.h - signals that end as callbacks of a loop
 *
 * Knows: one table per process that says which loop gets which signal. The
 * handler installed with the system only leaves a mark and makes the loop's
 * event descriptor readable; everything else happens in the loop (L16).
 *
 * Invariants: a disposition is changed only for a signal somebody asked for
 * and put back when he no longer does. Handlers are added and removed by the
 * main thread, as in Python; the system may run them on any.
 */
#pragma once

struct cede_loop;

/* Queues the callbacks of the signals that have arrived for this loop. */
void cede__signals_dispatch(struct cede_loop *loop);

/*
 * The loop's handler of a signal lets no task go on: whoever waits for nothing
 * else waits for ever. So is an interrupt that ends the run, a report asked
 * for. Until the handler is replaced or removed; nothing if there is none.
 */
void cede__signal_set_aside(struct cede_loop *loop, int number);

/* Removes the loop's handler of a signal if it calls this function with this
   argument; main thread only, else it does nothing. Raises nothing. */
void cede__signal_remove_own(struct cede_loop *loop, int number,
                             void (*callback)(void *argument), void *argument);

/* Removes every handler of a loop. */
void cede__signals_remove_all(struct cede_loop *loop);

/* In a child: its signals must not wake the parent's loops. */
void cede__signals_forked(void);
