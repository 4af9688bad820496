"""asyncio of CPython 3.11 as cede has decided to be, on a virtual clock.

The trace of a random program is compared with what CPython does. Where cede
follows a newer CPython (docs/decisions/0012), or differs on purpose, this
module changes asyncio, and nothing else does: one class or function for each
decision, which is named beside it. Everything else, the steps of tasks, the
order of what is ready, cancellation, futures, shield, wait, queues, is
CPython's own code. It runs on CPython 3.11 to 3.13: what the version at hand
has already is not replaced, so that the replacements can be compared with the
original (README.md says how).

    loop.install()          replaces the names in asyncio
    loop.run(coroutine)     asyncio.run
    loop.now()              the virtual time, seconds
"""

import asyncio
import collections.abc
import heapq
import sys

SINCE_3_12 = sys.version_info >= (3, 12)
SINCE_3_13 = sys.version_info >= (3, 13)


# --- the clock and the loop ---


class Timer(asyncio.TimerHandle):
    """Equal deadlines are first in, first out (decision 0006)."""

    __slots__ = ("number",)

    def __lt__(self, other):
        return (self._when, self.number) < (other._when, other.number)


class Waiting:
    """A selector without descriptors: waiting moves the clock. Where nothing
    can ever happen the run gives up (decision 0040)."""

    def __init__(self, loop):
        self.loop = loop

    def select(self, timeout):
        if timeout is None:
            raise RuntimeError("all tasks are asleep - deadlock!")
        if timeout > 0:
            self.loop.clock += timeout
        return ()


class Loop(asyncio.BaseEventLoop):
    """Its tasks are owned by it until it goes (T30)."""

    def __init__(self, task_class=None, future_class=None):
        super().__init__()
        self.future_class = future_class or Future
        self.clock = 0.0
        self.timers = 0
        self.tasks = []
        self._selector = Waiting(self)
        self._clock_resolution = 1e-9
        self.set_task_factory(task_class or Task)

    def time(self):
        return self.clock

    def create_future(self):
        return self.future_class(loop=self)

    def call_at(self, when, callback, *args, context=None):
        self._check_closed()
        timer = Timer(when, callback, args, self, context)
        timer.number = self.timers
        self.timers += 1
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass

    def default_exception_handler(self, context):
        """Reports of exceptions nobody asked for depend on when an object is
        collected: nobody compares them."""


def now():
    return asyncio.get_running_loop().time()


def run(coroutine):
    """As asyncio.run, but what is left is cancelled in the order of its
    creation."""
    loop = Loop()
    try:
        main = loop.create_task(coroutine)
        try:
            return loop.run_until_complete(main)
        finally:
            cancel_rest(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


def cancel_rest(loop):
    rest = [task for task in loop.tasks if not task.done()]
    for task in rest:
        task.cancel()
    if rest:
        loop.run_until_complete(
            gather_in(loop, rest, return_exceptions=True))


# --- where a wait ends ---


def end_wait(task):
    """What the task was resumed with is raised here."""
    task.waits = False
    failure, task.failure = task.failure, None
    if failure is not None:
        raise failure


class Awaited:
    """What ends a wait is raised by a raise statement where the task waits.

    CPython has the task throw it into the outermost of the coroutines that
    await each other. A throw goes to the innermost past those between, and on
    its way out each of them replaces the exception's context by what it is
    handling itself; what the inner ones were handling is lost. In cede await is
    a call, and what is raised below it has all of them in its contexts.
    """

    def __await__(self):
        if not self.done():
            task = asyncio.current_task()
            if task is self:
                # CPython says so an iteration later (T09).
                raise RuntimeError("Task cannot await on itself: "
                                   + task.get_name())
            self._asyncio_future_blocking = True
            task.waits = True
            yield self
            end_wait(task)
        return self.result()

    __iter__ = __await__


class Turn:
    """One iteration of the loop: sleep(0)."""

    def __await__(self):
        task = asyncio.current_task()
        task.waits = True
        yield
        end_wait(task)


real_sleep = asyncio.sleep


async def sleep(delay, result=None):
    if delay > 0:
        return await real_sleep(delay, result)
    await Turn()
    return result


class Gathering(Awaited, asyncio.tasks._GatheringFuture):
    pass


class Steps(collections.abc.Coroutine):
    """A task's coroutine, as the task drives it."""

    def __init__(self, task, coroutine):
        self.task = task
        self.coroutine = coroutine

    def send(self, value):
        return self.coroutine.send(value)

    def throw(self, failure):
        if not self.task.waits:
            return self.coroutine.throw(failure)
        self.task.failure = failure
        return self.coroutine.send(None)

    def close(self):
        self.coroutine.close()

    def __await__(self):
        return self.coroutine.__await__()

    def __getattr__(self, name):
        return getattr(self.coroutine, name)


# --- futures and tasks ---


class Future(Awaited, asyncio.Future):
    """A StopIteration becomes the cause of a RuntimeError (F04; 3.12). Setting
    what is set names the state, which CPython's C leaves out and its Python
    says in other words."""

    def check_pending(self):
        if self.done():
            raise asyncio.InvalidStateError(
                "invalid state: the future is " + self._state)

    def set_result(self, result):
        self.check_pending()
        super().set_result(result)

    def set_exception(self, exception):
        if isinstance(exception, type):
            exception = exception()
        if isinstance(exception, StopIteration):
            given = exception
            exception = RuntimeError("StopIteration interacts badly with "
                                     "generators and cannot be raised into a "
                                     "Future")
            exception.__cause__ = exception.__context__ = given
        self.check_pending()
        super().set_exception(exception)


class Task(Awaited, asyncio.tasks._PyTask):
    """The one written in Python, as the other cannot be changed; without the
    two differences that programs see: asyncio.Task steps while no exception is
    being handled outside, and says it otherwise when there is no result."""

    waits = False       # in an Awaited or a Turn, and for what to raise there
    failure = None

    def __init__(self, loop, coro, **options):
        super().__init__(coro, loop=loop, **options)
        self._coro = Steps(self, coro)
        loop.tasks.append(self)

    def result(self):
        if not self.done():
            raise asyncio.InvalidStateError("Result is not set.")
        return super().result()

    def _Task__wakeup(self, future):
        failure = None
        try:
            future.result()
        except BaseException as error:
            failure = error
        self._step_with(failure)

    def _step_with(self, failure):
        step = self._Task__step
        del self
        if failure is None:
            step()
        else:
            step(failure)

    def uncancel(self):
        """Back at 0, a cancel not delivered is dropped (D06; 3.13)."""
        left = super().uncancel()
        if left == 0:
            self._must_cancel = False
        return left


# --- gather, wait_for, as_completed ---


def gather_in(loop, children, return_exceptions):
    """Of children that are done it is done at once (3.12). Cancelled, and
    refused by the last of them, it has no message (decision 0036)."""
    futures = {}
    for child in children:
        if child not in futures:
            futures[child] = asyncio.ensure_future(child, loop=loop)
    places = [futures[child] for child in children]
    if not places:
        outer = loop.create_future()
        outer.set_result([])
        return outer
    outer = asyncio.tasks._GatheringFuture(places, loop=loop)
    left = len(futures)

    def outcome(future):
        if future.cancelled():
            return asyncio.CancelledError(future._cancel_message or "")
        return future.exception() or future.result()

    def child_done(future):
        nonlocal left
        left -= 1
        if outer.done():
            if not future.cancelled():
                future.exception()
        elif not return_exceptions and future.cancelled():
            outer.set_exception(future._make_cancelled_error())
        elif not return_exceptions and future.exception():
            outer.set_exception(future.exception())
        elif left == 0 and outer._cancel_requested:
            outer.set_exception(places[-1]._make_cancelled_error()
                                if places[-1].cancelled()
                                else asyncio.CancelledError())
        elif left == 0:
            outer.set_result([outcome(place) for place in places])

    ended = [future for future in futures.values() if future.done()]
    for future in futures.values():
        if not future.done():
            future.add_done_callback(child_done)
    for future in ended:
        child_done(future)
    return outer


def gather(*children, return_exceptions=False):
    return gather_in(asyncio.get_running_loop(), children, return_exceptions)


async def wait_for(awaitable, timeout):
    """What is awaited runs in this task, under a timeout (D09; 3.12)."""
    if timeout is None or timeout > 0:
        async with asyncio.timeout(timeout):
            return await awaitable
    future = asyncio.ensure_future(awaitable)
    if future.done():
        return future.result()
    await asyncio.tasks._cancel_and_wait(
        future, loop=asyncio.get_running_loop())
    try:
        return future.result()
    except asyncio.CancelledError as error:
        raise TimeoutError from error


class InOrder:
    """What TaskGroup and as_completed use of a set, in the order in which it
    was added: children are cancelled in the order of their creation."""

    def __init__(self, items=()):
        self.items = dict.fromkeys(items)

    def add(self, item):
        self.items[item] = None

    def discard(self, item):
        self.items.pop(item, None)

    def __iter__(self):
        return iter(list(self.items))

    def __len__(self):
        return len(self.items)


class AsCompleted:
    """Those that are done, as they end (D04; 3.13). One who is cancelled while
    it waits takes nothing, and has used up no turn (decision 0036)."""

    def __init__(self, futures, timeout=None):
        loop = asyncio.get_running_loop()
        self.todo = InOrder(asyncio.ensure_future(f) for f in futures)
        self.left = len(self.todo)
        self.come = asyncio.Queue()
        self.timer = None
        for future in self.todo:
            future.add_done_callback(self.ended)
        if self.left and timeout is not None:
            self.timer = loop.call_later(timeout, self.late)

    def ended(self, future):
        if future not in self.todo.items:
            return
        self.todo.discard(future)
        self.come.put_nowait(future)
        if not self.todo and self.timer:
            self.timer.cancel()

    def late(self):
        for future in self.todo:
            future.remove_done_callback(self.ended)
            self.come.put_nowait(None)
        self.todo = InOrder()

    def give_up(self):
        """As in cede when nobody refers to it any more."""
        if self.timer:
            self.timer.cancel()

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left == 0:
            raise StopAsyncIteration
        self.left -= 1
        return await self._next()

    def __iter__(self):
        return self

    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return self._next_result()

    async def _next_result(self):
        return (await self._next()).result()

    async def _next(self):
        try:
            future = await self.come.get()
        except BaseException:
            self.left += 1
            raise
        if future is None:
            raise TimeoutError
        return future


# --- timeouts and groups ---


def stand_before_cancelled(error):
    """Where a CancelledError stands in the contexts of an error, a TimeoutError
    stands before it (D10; 3.13)."""
    while error.__context__ is not None:
        if isinstance(error.__context__, asyncio.CancelledError):
            late = TimeoutError()
            late.__cause__ = late.__context__ = error.__context__
            error.__context__ = late
            return
        error = error.__context__


class Timeout(asyncio.Timeout):
    """Converts if no other cancel came while it was active, and tells what it
    has converted (W18, W20, D10; 3.13)."""

    async def __aenter__(self):
        if self._state.name != "CREATED":
            raise RuntimeError("Timeout has already been entered")
        task = asyncio.current_task()
        if task is not None:
            self.cancelling_before = task.cancelling()
        return await super().__aenter__()

    def reschedule(self, when):
        if self._state.name == "CREATED":
            raise RuntimeError("Timeout has not been entered")
        super().reschedule(when)

    async def __aexit__(self, cls, error, traceback):
        expired = self._state.name == "EXPIRING"
        task = self._task
        await super().__aexit__(None, None, None)
        if (not expired or error is None
                or task.cancelling() > self.cancelling_before):
            return None
        if isinstance(error, asyncio.CancelledError):
            raise TimeoutError from error
        stand_before_cancelled(error)
        if isinstance(error, ExceptionGroup):
            for member in error.exceptions:
                stand_before_cancelled(member)
        return None


def timeout(delay):
    if delay is None:
        return asyncio.Timeout(None)
    return asyncio.Timeout(now() + delay)


class TaskGroup(asyncio.TaskGroup):
    """Children are cancelled in the order of their creation, here and in
    3.13."""

    def __init__(self):
        super().__init__()
        self._tasks = InOrder()

    async def __aexit__(self, cls, error, traceback):
        """A GeneratorExit of the body alone comes out bare (K17)."""
        try:
            await super().__aexit__(cls, error, traceback)
        except BaseExceptionGroup as group:
            if (isinstance(error, GeneratorExit)
                    and group.exceptions == (error,)):
                return False
            raise
        return None


class TaskGroupOf311(TaskGroup):
    """What the group asked of its parent is taken back when its tasks have
    ended and not before; a cancel from outside stays one (K04, K10, K18, D05;
    3.12, 3.13)."""

    async def __aenter__(self):
        if self._entered:
            raise RuntimeError(f"TaskGroup {self!r} has already been entered")
        return await super().__aenter__()

    async def __aexit__(self, cls, error, traceback):
        self._exiting = True
        cancelled = None
        if error is not None:
            if self._is_base_error(error) and self._base_error is None:
                self._base_error = error
            if isinstance(error, asyncio.CancelledError):
                cancelled = error
            if not self._aborting:
                self._abort()
        while self._tasks:
            cancelled = await self._wait(cancelled)
        if self._base_error is not None:
            raise self._base_error
        if self._parent_cancel_requested and self._parent_task.uncancel() == 0:
            cancelled = None
        if cancelled is not None and not self._errors:
            raise cancelled
        return self._conclude(error)

    async def _wait(self, cancelled):
        self._on_completed_fut = self._loop.create_future()
        try:
            await self._on_completed_fut
        except asyncio.CancelledError as error:
            if not self._aborting:
                cancelled = error
                self._abort()
        self._on_completed_fut = None
        return cancelled

    def _conclude(self, error):
        if isinstance(error, GeneratorExit) and not self._errors:
            return False
        if error is not None and not isinstance(error, asyncio.CancelledError):
            self._errors.append(error)
        if not self._errors:
            return None
        if self._parent_task.cancelling():
            self._parent_task.uncancel()
            self._parent_task.cancel()
        errors, self._errors = self._errors, None
        raise BaseExceptionGroup(
            "unhandled errors in a TaskGroup", errors) from None

    def create_task(self, coro, **options):
        try:
            return super().create_task(coro, **options)
        except RuntimeError:
            coro.close()
            raise


# --- synchronisation (decision 0030) ---


def first_awake(waiters):
    """The first of those that are not cancelled: a task that is cancelled is
    out of the line at once."""
    for waiter in waiters or ():
        if not waiter.cancelled():
            return waiter
    return None


class Lock(asyncio.Lock):
    def _wake_up_first(self):
        waiter = first_awake(self._waiters)
        if waiter is not None and not waiter.done():
            waiter.set_result(True)


class Condition(asyncio.Condition):
    """A task that is cancelled passes the notification it had on to the next
    (D07), and raises the newest CancelledError (P06; 3.13)."""

    def __init__(self, lock=None):
        super().__init__(lock or Lock())

    async def wait(self):
        if not self.locked():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = self._get_loop().create_future()
        notified = False
        self.release()
        self._waiters.append(waiter)
        try:
            try:
                try:
                    await waiter
                finally:
                    self._waiters.remove(waiter)
                    notified = waiter.done() and not waiter.cancelled()
            finally:
                await self._acquire_again()
        except BaseException:
            if notified:
                self._notify(1)
            raise
        return True

    async def _acquire_again(self):
        newest = None
        while True:
            try:
                await self.acquire()
                break
            except asyncio.CancelledError as error:
                newest = error
        if newest is not None:
            raise newest

    def notify(self, n=1):
        if not self.locked():
            raise RuntimeError("cannot notify on un-acquired lock")
        self._notify(n)

    def _notify(self, n):
        asleep = [waiter for waiter in self._waiters if not waiter.done()]
        for waiter in asleep[:n]:
            waiter.set_result(False)


class Semaphore(asyncio.Semaphore):
    """Whoever leaves the line wakes as many as there are units for (3.13)."""

    async def acquire(self):
        try:
            return await super().acquire()
        finally:
            while self._value > 0 and self._wake_one():
                pass

    def _wake_one(self):
        before = self._value
        self._wake_up_next()
        return self._value < before


class BoundedSemaphore(Semaphore):
    """A unit that is promised to a task on its way is still in it."""

    def __init__(self, value=1):
        super().__init__(value)
        self.most = value

    def release(self):
        promised = sum(waiter.done() and not waiter.cancelled()
                       for waiter in self._waiters or ())
        if self._value + promised >= self.most:
            raise ValueError("BoundedSemaphore released too many times")
        super().release()


class QueueShutDown(Exception):
    pass


class Queue(asyncio.Queue):
    """With shutdown (Q08, D03; 3.13)."""

    shut = False

    async def put(self, item):
        """One who was woken by the end finds it here, as room or none."""
        while self.full():
            if self.shut:
                raise QueueShutDown
            await self._wait_in(self._putters, self.full)
        return self.put_nowait(item)

    async def get(self):
        while self.empty():
            if self.shut:
                raise QueueShutDown
            await self._wait_in(self._getters, self.empty)
        return self.get_nowait()

    async def _wait_in(self, line, idle):
        turn = self._get_loop().create_future()
        line.append(turn)
        try:
            await turn
        except BaseException:
            turn.cancel()
            if turn in line:
                line.remove(turn)
            if not idle() and not turn.cancelled():
                self._wakeup_next(line)
            raise

    def put_nowait(self, item):
        if self.shut:
            raise QueueShutDown
        super().put_nowait(item)

    def get_nowait(self):
        if self.shut and self.empty():
            raise QueueShutDown
        return super().get_nowait()

    def shutdown(self, immediate=False):
        self.shut = True
        while immediate and not self.empty():
            self._get()
            if self._unfinished_tasks > 0:
                self._unfinished_tasks -= 1
        if immediate and self._unfinished_tasks == 0:
            self._finished.set()
        for line in (self._getters, self._putters):
            while line:
                self._wakeup_next(line)


class LifoQueue(asyncio.LifoQueue, Queue):
    pass


class PriorityQueue(asyncio.PriorityQueue, Queue):
    pass


# --- installing ---


def install():
    asyncio.tasks._GatheringFuture = Gathering
    names = {"sleep": sleep, "TaskGroup": TaskGroup, "Lock": Lock,
             "Condition": Condition, "BoundedSemaphore": BoundedSemaphore,
             "as_completed": AsCompleted}
    if not SINCE_3_12:
        names.update(gather=gather, wait_for=wait_for)
    if not SINCE_3_13:
        names.update(
            TaskGroup=TaskGroupOf311, Timeout=Timeout, timeout=timeout,
            Semaphore=Semaphore, Queue=Queue, LifoQueue=LifoQueue,
            PriorityQueue=PriorityQueue, QueueShutDown=QueueShutDown)
    for name, thing in names.items():
        setattr(asyncio, name, thing)
