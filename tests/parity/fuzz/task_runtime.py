"""What a program about tasks does while CPython runs it.

The names of asyncio are those of loop.py. A method that returns something to
be awaited has said in the trace what is about to be awaited.
"""

import asyncio
import contextlib
import gc
import warnings

import loop
import runtime
import task_rules
from things import Activation, CLASSES

warnings.simplefilter("ignore")     # coroutines never awaited (T31)
gc.freeze()
CLASSES["QueueShutDown"] = asyncio.QueueShutDown
asyncio.QueueShutDown.__module__ = "builtins"

MODES = {"first_completed": asyncio.FIRST_COMPLETED,
         "first_exception": asyncio.FIRST_EXCEPTION,
         "all_completed": asyncio.ALL_COMPLETED}
FUTURES = ("task", "future", "outcome")
LOCKABLE = ("lock", "semaphore", "condition")
MANAGERS = LOCKABLE + ("group", "timeout")


class Callback:
    """Equal to every other: remove_callback takes all back (F03)."""

    def __init__(self, run, function, argument):
        self.run = run
        self.function = function
        self.argument = argument

    def __call__(self, future):
        function = self.function
        function.code(Activation(function, function.name, None, 0),
                      self.argument)

    def __eq__(self, other):
        return isinstance(other, Callback)

    __hash__ = None


class Each:
    """as_completed, giving handles."""

    def __init__(self, run, futures):
        self.run = run
        self.futures = futures
        self.given = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.futures.give_up()

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            future = await self.futures.__anext__()
        except TimeoutError:
            # W16: raised for those that are left, which go on.
            self.run.watch("W16-timeout")
            raise
        # W16: in the order of their ends; W26: themselves.
        self.given += 1
        self.run.watch("W16-order", self.given > 1)
        self.run.watch("W16-raised", not future.cancelled()
                       and future.exception())
        self.run.watch("W26")
        return self.run.handle_of(future)


class TaskRun(runtime.Run):
    def __init__(self):
        super().__init__()
        self.loop = loop.Loop(task_rules.Task, task_rules.Future)
        self.loop.run = self
        self.root = None             # the task that waits for main
        self.sleeping = {}           # tasks
        self.expiring = False        # a timeout is
        self.loop.set_exception_handler(self.hear)

    def say(self, name, text):
        if self.steps > 0:
            self.lines.append("%g %s: %s" % (self.loop.clock, name, text))

    def says(self, me, text):
        self.say(me.name, text)

    # ---- things --------------------------------------------------------------

    def noun(self, handle, *nouns):
        """The object of a thing that is one of these."""
        thing = self.thing(handle, False)
        if handle.noun not in nouns:
            raise TypeError("%s is something else" % handle.name)
        return thing

    def new_noun(self, noun, name):
        handle = self.handle(name)
        handle.noun = noun
        return handle

    def handle_of(self, thing):
        """Who stands for it; the task of a coroutine may have no name yet."""
        for handle in self.handles:
            if handle.object is thing:
                return handle
        handle = self.new_noun("task", "wrapped")
        handle.object = thing
        return handle

    def name_object(self, handle, thing):
        for first in self.handles:
            if first.object is thing:
                return first
        handle.object = thing
        return handle

    def row(self, handles):
        return [self.thing(handle, False) for handle in handles]

    def say_row(self, me, what, handles):
        self.says(me, " ".join([what] + [each.name for each in handles]))

    def seconds(self, value):
        if type(value) is not int:
            raise TypeError("not a number of seconds")
        return value

    def seconds_or_none(self, value):
        return None if value is None else self.seconds(value)

    def check_kind(self, function, kind):
        if function.kind != kind:
            raise TypeError("%s is of another kind" % function.name)

    # ---- making --------------------------------------------------------------

    def new_coroutine(self, noun, function, argument):
        self.check_kind(function, "async")
        handle = self.new_noun(noun, function.name)
        activation = Activation(function, handle.name, handle, 0)
        return handle, function.code(activation, argument)

    def task(self, me, function, argument):
        handle, coroutine = self.new_coroutine("task", function, argument)
        handle.object = asyncio.create_task(coroutine, name=handle.name)
        # T01: tasks begin later, in the order of their creation.
        self.watch("T01", sum(not each.begun for each in self.loop.tasks) > 1)
        return handle

    def coroutine(self, me, function, argument):
        handle, coroutine = self.new_coroutine("coroutine", function, argument)
        handle.object = coroutine
        return handle

    def group_task(self, me, group, function, argument):
        group = self.noun(group, "group")
        handle, coroutine = self.new_coroutine("task", function, argument)
        handle.object = group.create_task(coroutine, name=handle.name)
        return handle

    def future(self, me):
        handle = self.new_noun("future", "future")
        handle.object = self.loop.create_future()
        return handle

    def shield(self, me, handle):
        inner = self.thing(handle, False)
        new = self.new_noun("outcome", "shield")
        outer = asyncio.shield(inner)
        # W14: what is done is returned as it is.
        self.watch("W14-done", outer is inner)
        if outer is not inner and asyncio.isfuture(inner):
            outer.shielded = inner
        return self.name_object(new, outer)

    def ensure(self, me, handle):
        thing = self.thing(handle, False)
        new = self.new_noun("outcome", "ensure")
        future = asyncio.ensure_future(thing)
        # T26: a future as it is, of a coroutine a task.
        self.watch("T26-same", future is thing)
        self.watch("T26-coroutine", asyncio.iscoroutine(thing))
        return self.name_object(new, future)

    # ---- awaiting ------------------------------------------------------------

    def awaits(self, me, handle):
        thing = self.thing(handle, False)
        self.says(me, "await " + handle.name)
        task_rules.awaiting(self.watch, thing)
        return thing

    def invoke(self, me, function, argument):
        self.check_kind(function, "async")
        if me.depth == runtime.MOST_CALLS:
            raise RecursionError("too many calls")
        return function.code(Activation(function, me.name, me.handle,
                                        me.depth + 1), argument)

    async def sleep(self, me, time):
        time = self.seconds(time)
        self.says(me, "sleep")
        task = asyncio.current_task()
        # T23: one iteration.
        self.watch("T23", time <= 0)
        self.sleeping[task] = time > 0
        try:
            await asyncio.sleep(time)
        finally:
            self.sleeping[task] = False

    def busy(self, me, time):
        if time > 0:
            self.loop.clock += time
        self.says(me, "busy")
        # W28: a timeout whose time is over while its task is busy.
        self.watch("W28", any(
            each.when() is not None and each.when() <= self.loop.clock
            for each in getattr(asyncio.current_task(), "timeouts", ())))

    # ---- cancelling, asking --------------------------------------------------

    def cancel(self, me, handle, message):
        future = self.noun(handle, *FUTURES)
        return future.cancel(message if isinstance(message, str) else None)

    def cancelling(self, me, handle):
        return self.noun(handle, "task").cancelling()

    def uncancel(self, me, handle):
        return self.noun(handle, "task").uncancel()

    def result(self, me, handle):
        return self.noun(handle, *FUTURES).result()

    def failure_of(self, me, handle):
        return self.noun(handle, *FUTURES).exception()

    def status(self, me, handle):
        future = self.noun(handle, *FUTURES)
        return ("cancelled" if future.cancelled()
                else "finished" if future.done() else "pending")

    def tasks(self, me):
        return sum(not task.done() for task in self.loop.tasks)

    def current(self, me):
        task = asyncio.current_task(self.loop)
        # T29: none in a callback.
        self.watch("T29-task" if task else "T29-none")
        return next((handle for handle in self.handles
                     if task and handle.object is task), None)

    def get_name(self, me, handle):
        task = self.noun(handle, "task")
        # T17: names; K14: of a group's tasks.
        self.watch("T17-name")
        self.watch("K14", getattr(task, "of_group", False))
        return task.get_name()

    # ---- futures -------------------------------------------------------------

    def set_result(self, me, handle, value):
        future = self.noun(handle, "future", "task")
        # T17: a task's result is its own affair.
        self.watch("T17-refused", handle.noun == "task")
        # F02: once.
        self.watch("F02", future.done())
        future.set_result(value)
        self.says(me, "result set")

    def set_exception(self, me, handle, what, value):
        future = self.noun(handle, "future", "task")
        exception = self.exception(what, value)
        # F04: a StopIteration becomes a RuntimeError.
        self.watch("F04", isinstance(exception, StopIteration))
        future.set_exception(exception)
        self.says(me, "exception set")

    def callback(self, me, handle, function):
        future = self.noun(handle, *FUTURES)
        self.check_kind(function, "fun")
        self.handle("callback")
        future.add_done_callback(Callback(self, function, handle))
        self.says(me, "callback added")

    def remove_callback(self, me, handle):
        future = self.noun(handle, *FUTURES)
        count = future.remove_done_callback(Callback(self, None, None))
        # F03: all that are equal.
        self.watch("F03", count)
        return count

    # ---- waiting for many ----------------------------------------------------

    async def gather(self, me, *handles):
        return await self.gather_things(me, handles, False)

    async def gather_all(self, me, *handles):
        return await self.gather_things(me, handles, True)

    async def gather_things(self, me, handles, return_exceptions):
        things = self.row(handles)
        self.say_row(me, "gather", handles)
        outer = asyncio.gather(*things, return_exceptions=return_exceptions)
        results = error = None
        try:
            results = await outer
            return results
        except BaseException as e:
            error = e
            raise
        finally:
            if return_exceptions:
                task_rules.gathered_all(self.watch, outer, results, error)
            else:
                task_rules.gathered(self.watch, outer, things, error)
            error = None

    def gathering(self, me, return_exceptions, *handles):
        things = self.row(handles)
        handle = self.new_noun("outcome", "gathering")
        return self.name_object(handle, asyncio.gather(
            *things, return_exceptions=return_exceptions))

    async def wait(self, me, mode, limit, *handles):
        limit = self.seconds_or_none(limit)
        things = self.row(handles)
        self.say_row(me, "wait", handles)
        if mode not in MODES:
            raise ValueError("Invalid return_when value: " + mode)
        until = None if limit is None else self.loop.clock + limit
        try:
            done, _ = await asyncio.wait(things, timeout=limit,
                                         return_when=MODES[mode])
        except asyncio.CancelledError:
            # W09: nothing happens to what was waited for.
            self.watch("W09", any(not each.done() for each in things))
            raise
        except (TypeError, ValueError):
            self.watch("W08")
            raise
        task_rules.waited(self.watch, mode, things, done,
                          until is not None and self.loop.clock >= until)
        ended = [handle for handle, thing in zip(handles, things)
                 if thing in done]
        self.say_row(me, "done", ended)
        self.say_row(me, "pending", [handle for handle in handles
                                     if handle not in ended])
        return len(ended)

    async def wait_for(self, me, limit, handle):
        limit = self.seconds_or_none(limit)
        thing = self.thing(handle, False)
        self.says(me, "wait_for " + handle.name)
        task_rules.awaiting(self.watch, thing)
        until = None if limit is None else self.loop.clock + limit
        task, error = asyncio.current_task(), None
        task.in_wait_for += 1
        try:
            return await asyncio.wait_for(thing, limit)
        except BaseException as e:
            error = e
            raise
        finally:
            task.in_wait_for -= 1
            late = until is not None and self.loop.clock >= until
            task_rules.waited_for(self.watch, thing, limit, late, error)
            error = None

    def each(self, me, limit, *handles):
        limit = self.seconds_or_none(limit)
        things = self.row(handles)
        self.say_row(me, "each", handles)
        return Each(self, asyncio.as_completed(things, timeout=limit))

    # ---- synchronisation -----------------------------------------------------

    def make_object(self, me, name, class_name, *arguments):
        noun = {"bounded": "semaphore", "lifo": "queue",
                "priority": "queue"}.get(name, name)
        handle = self.new_noun(noun, name)
        handle.object = getattr(asyncio, class_name)(*arguments)
        return handle

    def condition(self, me, lock):
        if lock is not None:
            lock = self.noun(lock, "lock")
        return self.make_object(me, "condition", "Condition", lock)

    async def acquire(self, me, handle):
        thing = self.noun(handle, *LOCKABLE)
        self.says(me, "acquire " + handle.name)
        # P01: nobody goes ahead of who was woken.
        self.watch("P01", handle.noun == "lock" and thing._waiters
                   and not thing.locked())
        try:
            return await thing.acquire()
        except asyncio.CancelledError:
            self.watch("P02")
            raise

    def release(self, me, handle):
        thing = self.noun(handle, *LOCKABLE)
        try:
            thing.release()
        except (RuntimeError, ValueError):
            # P03, P08: what nobody has; more than there were.
            self.watch("P08" if handle.noun == "semaphore" else "P03")
            raise
        self.says(me, "released")

    def locked(self, me, handle):
        return self.noun(handle, *LOCKABLE).locked()

    async def wait_notified(self, me, handle):
        condition = self.noun(handle, "condition")
        self.says(me, "wait_notified")
        try:
            return await condition.wait()
        except RuntimeError:
            # P05: the lock is needed.
            self.watch("P05")
            raise
        except asyncio.CancelledError:
            # P06: the lock is held when it is raised.
            self.watch("P06", condition.locked())
            raise

    def notify(self, me, handle, count):
        self.noun(handle, "condition").notify(count)
        self.says(me, "notified")

    def notify_all(self, me, handle):
        self.noun(handle, "condition").notify_all()
        self.says(me, "notified")

    async def wait_set(self, me, handle):
        event = self.noun(handle, "event")
        self.says(me, "wait_set")
        # P10: at once; P04: though it has been cleared.
        self.watch("P10", event.is_set())
        result = await event.wait()
        self.watch("P04", not event.is_set())
        return result

    def set_event(self, me, handle):
        self.noun(handle, "event").set()

    def clear_event(self, me, handle):
        self.noun(handle, "event").clear()

    def is_set(self, me, handle):
        return self.noun(handle, "event").is_set()

    @contextlib.contextmanager
    def queueing(self, operation):
        # Q01: without waiting; Q08: after the end.
        try:
            yield
        except asyncio.QueueFull:
            self.watch("Q01-full")
            raise
        except asyncio.QueueEmpty:
            self.watch("Q01-empty")
            raise
        except asyncio.QueueShutDown:
            self.watch("Q08-" + operation)
            raise

    async def put(self, me, handle, value):
        queue = self.noun(handle, "queue")
        self.says(me, "put")
        self.watch("Q01-waits", queue.full())
        with self.queueing("put"):
            await queue.put(value)

    def put_nowait(self, me, handle, value):
        with self.queueing("put"):
            self.noun(handle, "queue").put_nowait(value)
        self.says(me, "put it")

    async def get(self, me, handle):
        queue = self.noun(handle, "queue")
        self.says(me, "get")
        with self.queueing("get"):
            return await queue.get()

    def get_nowait(self, me, handle):
        with self.queueing("get"):
            return self.noun(handle, "queue").get_nowait()

    def task_done(self, me, handle):
        self.noun(handle, "queue").task_done()

    def join(self, me, handle):
        queue = self.noun(handle, "queue")
        self.says(me, "join")
        # Q02: until all that was put is done.
        self.watch("Q02", queue._unfinished_tasks > 0)
        return queue.join()

    def shutdown(self, me, handle, immediate):
        self.noun(handle, "queue").shutdown(immediate != 0)

    def size(self, me, handle):
        return self.noun(handle, "queue").qsize()

    # ---- blocks --------------------------------------------------------------

    def new_timeout(self, limit):
        timeout = task_rules.Timeout(
            None if limit is None else self.loop.clock + limit)
        timeout.run, timeout.limit = self, limit
        return timeout

    def new_group(self):
        group = task_rules.TaskGroup()
        group.run = self
        return group

    def timeout_object(self, me, limit):
        limit = self.seconds_or_none(limit)
        handle = self.new_noun("timeout", "timeout")
        handle.object = self.new_timeout(limit)
        return handle

    def group_object(self, me):
        handle = self.new_noun("group", "group")
        handle.object = self.new_group()
        return handle

    def timeout(self, me, handle, limit):
        handle.noun = "timeout"
        self.says(me, "enter " + handle.name)
        handle.object = self.new_timeout(limit)

    def group(self, me, handle):
        handle.noun = "group"
        self.says(me, "enter " + handle.name)
        handle.object = self.new_group()

    def holding(self, me, handle):
        self.noun(handle, *MANAGERS)
        self.says(me, "enter " + handle.name)
        return handle

    def holds(self, me, handle):
        self.says(me, "in " + handle.name)

    def left(self, me, handle):
        self.says(me, "left " + handle.name)

    def reschedule(self, me, handle, limit):
        limit = self.seconds_or_none(limit)
        timeout = self.noun(handle, "timeout")
        # W22: only while it is active.
        active = timeout._state.name == "ENTERED"
        self.watch("W22" if active else "W22-refused")
        timeout.reschedule(None if limit is None else self.loop.clock + limit)
        self.says(me, "rescheduled")

    def expired(self, me, handle):
        return self.noun(handle, "timeout").expired()

    # ---- the whole -----------------------------------------------------------

    def hear(self, _, context):
        """Of the reports only failed callbacks are compared (F08)."""
        if "handle" in context and "exception" in context:
            self.watch("F08")
            self.say("-", "callback raised "
                     + self.show_exception(context["exception"]))

    def run_once(self):
        """SystemExit and KeyboardInterrupt leave the loop, which may go on
        (L11): True then."""
        try:
            self.loop.run_until_complete(self.root)
        except BaseException as e:
            self.say("-", "run raised " + self.show_exception(e))
            return (not self.root.done() and
                    isinstance(e, (SystemExit, KeyboardInterrupt)))
        return False

    async def run_root(self, main):
        handle = self.new_noun("task", "main")
        handle.object = asyncio.create_task(
            main.code(Activation(main, handle.name, handle, 0), None),
            name=handle.name)
        try:
            await handle.object
        except BaseException as e:
            self.say("-", "main raised " + self.show_exception(e))
        rest = [task for task in self.loop.tasks
                if not task.done() and task is not asyncio.current_task()]
        self.say("-", "cancel %d" % len(rest))
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def show_outcome(self, handle):
        future = handle.object
        if not future.done():
            return "pending"
        if future.cancelled():
            return "cancelled"
        if future.exception():
            return "raised " + self.show_exception(future.exception())
        return "gave " + self.show(future.result())

    def run_main(self, main):
        self.root = self.loop.create_task(self.run_root(main))
        while self.run_once():
            pass
        task_rules.looked_at_end(self.watch, self)
        for handle in self.handles:
            if asyncio.isfuture(handle.object):
                self.say("-", "%s %s" % (handle.name,
                                         self.show_outcome(handle)))
        self.steps = 0      # the rest is silence
        self.close_loop()

    def close_loop(self):
        """What has not ended is closed, as cede does; nobody looks."""
        for task in self.loop.tasks:
            task._log_destroy_pending = False
            try:
                task._coro.close()
            except BaseException:
                pass
        self.loop.close()
