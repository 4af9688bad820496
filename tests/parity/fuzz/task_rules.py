"""Which rules about tasks a program provoked, seen while CPython ran it: T
(tasks), W (waiting), K (groups). What each rule says stands beside it,
shortened; the keys are as in rules.py. README.md lists the rules that no
program can provoke, and why.

What a task, a timeout or a group goes through is seen by classes derived from
them, which change nothing.
"""

import asyncio

import loop

loop.install()

KEYS = """
T01 T02 T03 T04 T05 T06-delivered T06-lost T07 T08 T09 T10 T11 T12 T12-dropped
T13 T17-name T17-refused T18-future T18-task T19 T20 T21 T22 T23 T23-cancelled
T24 T26-coroutine T26-same T27 T29-none T29-task
W01 W02 W02-empty W03 W04 W05 W07-completed W07-exception W07-timeout W08 W09
W10 W11-raised W11-returned W12-done W12-late W12-none W13 W14 W14-done
W15-cancelled W15-raised W16-order W16-raised W16-timeout W17 W17-none W18-inner
W18-outer W19 W20-other W20-swallowed W21-negative W21-zero W22 W22-again
W22-refused W23 W24 W26 W27 W28
K01 K02 K02-body K03 K04-alone K04-errors K05 K06-aborting K06-again K06-before
K06-finished K07 K08 K09-body K09-cancelled K10 K11 K12 K14 K15 K17 K18
""".split()

# Counted too, without a number that they have to reach: P (locks and the like),
# Q (queues), F (futures).
MORE = """
P01 P02 P03 P04 P05 P06 P08 P10 Q01-empty Q01-full Q01-waits Q02 Q08-get Q08-put
F02 F03 F04 F06 F07 F08 F11
""".split()


def chain(exception):
    """The exception and its contexts."""
    seen = []
    while exception is not None and not any(exception is s for s in seen):
        seen.append(exception)
        exception = exception.__context__
    return seen


def is_cancel(exception):
    return isinstance(exception, asyncio.CancelledError)


class Future(loop.Future):
    shielded = None     # what it shields

    def cancel(self, msg=None):
        # W14: the inner one of a shield goes on; W24: under a timeout, too.
        if self.shielded is not None and not self.done():
            run = self._loop.run
            run.watch("W14", not self.shielded.done())
            run.watch("W24", run.expiring and not self.shielded.done())
        return super().cancel(msg)


class Task(loop.Task):
    begun = False
    asked = 0           # cancels that it took
    asked_itself = False
    pending = False     # one that it has not seen yet
    delivered = 0       # those that it has seen
    received = False    # a CancelledError was raised where it waited
    passed_to = None    # the task it awaited that was cancelled in its place
    awaits = 0          # of it
    in_wait_for = 0
    in_group = None     # the group whose block it is leaving
    group_passed = False
    message = None

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.timeouts = []

    def cancel(self, msg=None):
        self.look_at_cancel(msg)
        try:
            return super().cancel(msg)
        except RecursionError:
            # Tasks that wait for each other in a circle are cancelled without
            # end in CPython, and once in cede.
            self._loop.run.stop_comparing()
            raise

    def look_at_cancel(self, msg):
        see, waiter = self._loop.run.watch, self._fut_waiter
        # T27: a task that is done is not cancelled.
        see("T27", self.done())
        if self.done():
            return
        # T05: two before the first is delivered are one error.
        see("T05", self.pending)
        # T10: it goes down to the task that is awaited.
        if isinstance(waiter, Task) and not waiter.done():
            see("T10")
            self.passed_to = waiter
        # T19, W23: it wins over a result that has come already.
        if waiter is not None and waiter.done() and not waiter.cancelled():
            see("T19")
            see("W23", self.in_wait_for)
        # T23: a sleep can be cancelled.
        see("T23-cancelled", isinstance(waiter, Future) and
            not waiter.done() and self._loop.run.sleeping.get(self))
        # K15: cancelled again while its group waits for its tasks.
        if self.in_group is not None:
            self.in_group.cancels += 1
            see("K15", self.in_group.cancels
                - self.in_group._parent_cancel_requested > 1)
        self.asked += 1
        self.pending = True
        self.message = msg
        self.asked_itself |= self is asyncio.current_task()

    def _Task__step(self, exc=None):
        see, first = self._loop.run.watch, not self.begun
        cancel = self._must_cancel or is_cancel(exc)
        waiter = self._fut_waiter
        self.begun = True
        if cancel:
            self.received = True
            if self.pending:
                self.delivered += 1
                self.pending = False
                # T03: an iteration later, where it waits.
                see("T03", not first)
                see("T06-delivered", self.asked_itself)
        # T11: what it awaited refused; it goes on uncancelled.
        inner, self.passed_to = self.passed_to, None
        see("T11", inner is not None and inner.done() and not cancel)
        # T18: who awaits runs an iteration after the end.
        see("T18-task", isinstance(waiter, Task) and
            self is not self._loop.run.root)
        see("T18-future", waiter is not None and not isinstance(waiter, Task))
        try:
            super()._Task__step(exc)
        finally:
            if self.done():
                self.look_at_end(see, first)
            else:
                # T07: waiting works after a cancellation.
                see("T07", self.delivered and not cancel)

    def look_at_end(self, see, first):
        if self.cancelled():
            # T02: cancelled before it began: the body never runs.
            see("T02", first and self.asked)
            # T06: it cancelled itself and returned: the value is lost.
            see("T06-lost", self.asked_itself and not self.received)
            # T13: it raised a CancelledError of its own.
            see("T13", not self.asked and not self.received)
            return
        error = self._exception
        # T04: a cancel that was swallowed.
        see("T04", self.delivered and error is None)
        # T20: leaves the loop at once.
        see("T20", isinstance(error, (SystemExit, KeyboardInterrupt)))
        # T22: raised in place of the cancellation.
        see("T22", self.delivered and error is not None and
            any(is_cancel(each) for each in chain(error)[1:]))

    def uncancel(self):
        # T12: counts down; at 0 an undelivered one is dropped.
        see, before = self._loop.run.watch, self.cancelling()
        see("T12", before > 0)
        see("T12-dropped", before == 1 and self._must_cancel)
        if before == 1 and self._must_cancel:
            self.pending = False
        return super().uncancel()


def awaiting(see, thing):
    """Somebody is about to await it."""
    if asyncio.iscoroutine(thing):
        # T24: a coroutine is awaited once.
        see("T24", thing.cr_frame is None)
        return
    if isinstance(thing, Future):
        # F06: one that is done at once; F07: several who wait; F11: the
        # message of its cancel.
        see("F06", thing.done())
        see("F07", not thing.done() and len(thing._callbacks or ()) > 0)
        see("F11", thing.cancelled() and thing._cancel_message)
    if not isinstance(thing, Task):
        return
    see("F06", thing.done())
    # T09: not itself.
    see("T09", thing is asyncio.current_task())
    # T08: each await raises the same exception; T21: a CancelledError is
    # given out once, then there are new ones.
    if thing.cancelled():
        see("T21", thing.awaits and thing.message)
    elif thing.done():
        see("T08", thing.awaits and thing._exception is not None)
    thing.awaits += 1


# --- waiting ------------------------------------------------------------------


def gathered(see, outer, things, error):
    """What `await gather` raised, or None."""
    # W05: what stands there twice runs once.
    see("W05", len(set(map(id, things))) < len(things))
    see("W02-empty", not things)
    if is_cancel(error):
        # W03: a child's; W04: its own comes when all are done.
        see("W03", not outer._cancel_requested and not outer.cancelled())
        see("W04", outer._cancel_requested)
    else:
        # W01: the first exception at once, the others go on.
        see("W01", error is not None and
            any(not asyncio.isfuture(each) or not each.done()
                for each in things))


def gathered_all(see, outer, results, error):
    see("W02", any(isinstance(each, BaseException) for each in results or ()))
    see("W02-empty", results == [])
    see("W04", is_cancel(error) and outer._cancel_requested)


def waited(see, mode, things, done, timed_out):
    pending = len(set(things)) - len(done)
    # W07: as many as the mode wants; a timeout is no error.
    see("W07-timeout", timed_out and pending)
    see("W07-completed", mode == "first_completed" and pending and done)
    see("W07-exception", mode == "first_exception" and
        any(each.cancelled() for each in done))


def waited_for(see, thing, limit, late, error):
    """The end of wait_for: `late` if its time was over."""
    task = thing if isinstance(thing, Task) else None
    timed_out = isinstance(error, TimeoutError) and is_cancel(error.__cause__)
    if limit is not None and limit <= 0:
        # W12: what is done is given; anything else is late.
        see("W12-done", error is None)
        see("W12-late", timed_out)
        return
    see("W12-none", limit is None)
    # W10: what is awaited has been cancelled and is done.
    see("W10", timed_out and task and task.done())
    # W11: it refused, and its result or exception is given.
    see("W11-returned", late and task and task.delivered and error is None)
    see("W11-raised", late and task and task.delivered and
        error is not None and error is task._exception)
    # W13: cancelling who waits cancels what it waits for.
    see("W13", is_cancel(error) and task and task.delivered)


def looked_at_end(see, run):
    """When a program is over: what has become of its shields."""
    for handle in run.handles:
        outer = handle.object
        inner = getattr(outer, "shielded", None)
        if inner is None or not outer.done() or not inner.done():
            continue
        # W15: the end of the inner one is that of the shield.
        see("W15-cancelled", outer.cancelled() and inner.cancelled())
        see("W15-raised", not outer.cancelled() and outer._exception)


class Timeout(asyncio.Timeout):
    run = None
    limit = 0
    passed = False      # a CancelledError went through an inner one

    async def __aenter__(self):
        task = asyncio.current_task()
        state = self._state.name
        # W22: not entered twice.
        self.run.watch("W22-again", state != "CREATED")
        await super().__aenter__()
        # W27: in the finally clause of one that has expired.
        self.run.watch("W27", any(each._state.name == "EXPIRING"
                                  for each in task.timeouts))
        task.timeouts.append(self)
        return self

    def _on_timeout(self):
        self.run.expiring = True
        super()._on_timeout()
        self.run.expiring = False

    async def __aexit__(self, cls, error, traceback):
        see, task = self.run.watch, self._task
        task.timeouts.remove(self)
        expired = self._state.name == "EXPIRING"
        if not expired and is_cancel(error):
            for outer in task.timeouts:
                outer.passed |= outer._state.name == "EXPIRING"
        see("W17-none", self._when is None and error is None)
        # W20: the body swallowed the CancelledError, or raised another one.
        see("W20-swallowed", expired and error is None)
        see("W20-other", expired and error and not is_cancel(error))
        # W21: 0 and less, without a wait long enough.
        see("W21-zero", self.limit == 0 and not error and not expired)
        see("W21-negative", self.limit is not None and self.limit < 0 and
            expired)
        try:
            result = await super().__aexit__(cls, error, traceback)
        except TimeoutError:
            # W17: its own CancelledError becomes a TimeoutError.
            see("W17")
            # W18: nested ones.
            see("W18-inner", task.timeouts)
            see("W18-outer", self.passed)
            # K11: what was in it was a group.
            see("K11", task.group_passed)
            task.group_passed = False
            raise
        # W19: a cancel from outside wins.
        see("W19", expired and is_cancel(error))
        return result


# --- groups -------------------------------------------------------------------


class TaskGroup(asyncio.TaskGroup):
    run = None

    def __init__(self):
        super().__init__()
        self.children = []
        self.cancels = 0        # of its parent, while it waits

    async def __aenter__(self):
        self.run.watch("K06-again", self._entered)
        return await super().__aenter__()

    def create_task(self, coro, **options):
        see = self.run.watch
        exiting = self._exiting
        see("K06-before", not self._entered)
        see("K06-finished", exiting and not self._tasks)
        see("K06-aborting", self._aborting and self._tasks)
        task = super().create_task(coro, **options)
        # K08: a child may spawn while the group is waiting.
        see("K08", exiting)
        task.of_group = True
        self.children.append(task)
        return task

    async def __aexit__(self, cls, error, traceback):
        see, task = self.run.watch, self._parent_task
        waits = bool(self._tasks)
        before = task.cancelling() - self._parent_cancel_requested
        # K12: waits for all, though the body has returned.
        see("K12", waits and error is None)
        # K09: children that had not begun never run.
        unbegun = [each for each in self.children if not each.begun]
        task.in_group, outer = self, task.in_group
        result = raised = None
        try:
            result = await super().__aexit__(cls, error, traceback)
            return result
        except BaseException as e:
            raised = e
            raise
        finally:
            task.in_group = outer
            self.look_at_end(see, task, error, raised, before, unbegun)

    def look_at_end(self, see, task, error, raised, before, unbegun):
        failed = [each for each in self.children
                  if not each.cancelled() and each._exception]
        outside = before > 0
        see("K09-body", error is not None and not is_cancel(error) and
            any(each.cancelled() and each.begun for each in unbegun))
        # K09: its own CancelledError comes out bare.
        see("K09-cancelled", is_cancel(error) and raised is error or
            is_cancel(error) and is_cancel(raised) and not task.asked)
        # K03: a cancelled child is no error.
        see("K03", raised is None and not self._aborting and
            any(each.cancelled() for each in self.children))
        # K05: SystemExit and KeyboardInterrupt come out bare.
        see("K05", isinstance(raised, (SystemExit, KeyboardInterrupt)))
        see("K17", isinstance(error, GeneratorExit) and not failed)
        if is_cancel(raised):
            # K04: cancelled from outside, without errors.
            see("K04-alone", outside or task.asked)
            task.group_passed = True
        if not isinstance(raised, BaseExceptionGroup):
            return
        # K01: an error cancels the others; all are waited for.
        see("K01", failed and any(each.cancelled() for each in self.children))
        # K02: all errors, the body's own last.
        see("K02", len(failed) > 1)
        see("K02-body", failed and error in raised.exceptions)
        # K04: errors go before a cancel from outside.
        see("K04-errors", failed and outside)
        # K07: groups in groups.
        see("K07", any(isinstance(each, BaseExceptionGroup)
                       for each in raised.exceptions))
        # K10: nothing is left of what the group asked for.
        see("K10", self._parent_cancel_requested and task.cancelling() == 0)
        # K18: a cancel that the body made another exception of.
        see("K18", outside and not failed and error is not None)
