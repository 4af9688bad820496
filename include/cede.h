/*
 * cede: asyncio for C. This header is the door: it includes all the others.
 *
 * cede/value.h      values                cede/task.h       tasks, sleep
 * cede/exception.h  exceptions            cede/gather.h     gather
 * cede/try.h        try, raise, defer     cede/timeout.h    timeouts
 * cede/generator.h  generators            cede/run.h        running a program
 * cede/iterator.h   cede_for, next        cede/stream.h     TCP connections
 * cede/loop.h       the event loop        cede/server.h     TCP servers
 * cede/future.h     futures, await        cede/lowlevel.h   your own primitives
 * cede/context.h    context variables     cede/print.h      print, str, repr
 * cede/tuple.h      tuples                cede/list.h       lists
 * cede/range.h      ranges                cede/itertools.h  map, zip, chain …
 * cede/array.h      C arrays, characters  cede/debug.h      who owns what
 * cede/task_group.h task groups           cede/cancel_scope.h  cancel scopes
 * cede/nursery.h    nurseries
 * cede/wait.h       wait, wait_for        cede/shield.h     shield
 * cede/as_completed.h  many, as they end  cede/inspect.h  what tasks wait for
 * cede/lock.h       locks                 cede/queue.h      queues
 * cede/event.h      events                cede/condition.h  conditions
 * cede/semaphore.h  semaphores            cede/barrier.h    barriers
 * cede/staggered.h  one way after the other
 * cede/async_generator.h                  generators that await
 * cede/channel.h    channels              cede/select.h     one of several
 * cede/runner.h     several programs      cede/log.h        reports, warnings
 * cede/executor.h   pools of threads      cede/thread.h     threads and a loop
 * cede/concurrent_future.h                results of other threads
 * cede/capacity_limiter.h                 so many at a time
 */
#pragma once

#include "cede/array.h"
#include "cede/as_completed.h"
#include "cede/async_generator.h"
#include "cede/barrier.h"
#include "cede/cancel_scope.h"
#include "cede/capacity_limiter.h"
#include "cede/channel.h"
#include "cede/clock.h"
#include "cede/concurrent_future.h"
#include "cede/condition.h"
#include "cede/context.h"
#include "cede/contextlib.h"
#include "cede/coroutine.h"
#include "cede/debug.h"
#include "cede/event.h"
#include "cede/exception.h"
#include "cede/executor.h"
#include "cede/future.h"
#include "cede/gather.h"
#include "cede/generator.h"
#include "cede/group.h"
#include "cede/inspect.h"
#include "cede/iterator.h"
#include "cede/itertools.h"
#include "cede/list.h"
#include "cede/lock.h"
#include "cede/log.h"
#include "cede/loop.h"
#include "cede/lowlevel.h"
#include "cede/memory.h"
#include "cede/nursery.h"
#include "cede/object.h"
#include "cede/operator.h"
#include "cede/print.h"
#include "cede/queue.h"
#include "cede/range.h"
#include "cede/run.h"
#include "cede/runner.h"
#include "cede/select.h"
#include "cede/semaphore.h"
#include "cede/server.h"
#include "cede/shield.h"
#include "cede/stack.h"
#include "cede/staggered.h"
#include "cede/stream.h"
#include "cede/task.h"
#include "cede/task_group.h"
#include "cede/thread.h"
#include "cede/timeout.h"
#include "cede/traceback.h"
#include "cede/try.h"
#include "cede/tuple.h"
#include "cede/value.h"
#include "cede/version.h"
#include "cede/wait.h"
