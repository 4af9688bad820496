/*
 * Events: tasks wait until something has happened.
 *
 * Python counterpart: asyncio.Event. Rules P04, P10, P13. An event belongs to
 * the loop of the first task that has to wait for it (P13, as cede/lock.h
 * says); all calls: one thread at a time, the loop's once it has one; what
 * wakes tasks raises RuntimeError in another. Unless it says otherwise a call
 * neither raises nor suspends.
 */
#pragma once

#include "cede/task.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* Something that has happened or not. */
typedef struct cede_event cede_event;

/* An event that is not set, one reference. Needs no loop. Raises MemoryError.
   Python: asyncio.Event(). */
cede_event *cede_event_new(void) CEDE_IMPL_NEW;

/*
 * Returns true when the event is set: at once if it is, else when somebody sets
 * it, even if it is cleared again before this task runs (P04). Borrows. Raises
 * CancelledError, which changes nothing for anybody else; RuntimeError outside
 * a task. Python: await event.wait().
 */
bool cede_event_wait(cede_event *event);

/* Sets it, and wakes all who wait. It stays set until it is cleared. Borrow;
   do not suspend. Python: event.set(), event.clear(). */
void cede_event_set(cede_event *event);
void cede_event_clear(cede_event *event);

/* Never raises. Python: event.is_set(). */
bool cede_event_is_set(const cede_event *event);

CEDE_IMPL_END
