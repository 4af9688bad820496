"""The things that programs handle, and functions that run."""

import asyncio
import sys


class MyError(Exception):
    pass


class MyDerivedError(MyError):
    pass


class MyValueError(ValueError):
    pass


class MyBaseError(BaseException):
    pass


class OutOfSteps(BaseException):
    pass


CLASSES = {each.__name__: each for each in (
    MyError, MyDerivedError, MyValueError, MyBaseError, asyncio.CancelledError,
    asyncio.InvalidStateError, asyncio.QueueEmpty, asyncio.QueueFull,
    asyncio.BrokenBarrierError)}


# Names without modules (decision 0015).
for each in CLASSES.values():
    each.__module__ = "builtins"
OutOfSteps.__module__ = "builtins"

# What cede says instead.
MESSAGES = {
    "exceptions must derive from BaseException":
        "exceptions must derive from BaseException: pass an exception class or "
        "an exception to cede_raise",
}


class Handle:
    __slots__ = ("name", "object", "activation", "delegators", "noun")

    def __init__(self, name):
        self.name = name
        self.object = None
        self.activation = None
        self.noun = None             # of the forms about tasks
        self.delegators = []         # activations that delegated to it

    def __str__(self):
        return "<pointer>"           # what cede has for it


class Plain:
    pass


class Custom:
    """An iterator whose methods are functions of the program."""

    def __init__(self, run, functions, value):
        self.run = run
        self.functions = functions
        self.value = value
        self.asked = 0               # its throw and its close, in each other

    def __iter__(self):
        return self

    def __next__(self):
        return self.run.call_method(self, 0, self.value)


class WithSend:
    def send(self, value):
        return self.run.call_method(self, 1, value)


class WithThrow:
    def throw(self, exception, value=None, traceback=None):
        return self.run.call_method(self, 2, exception)


class WithClose:
    def close(self):
        self.run.call_method(self, 3, None)


def custom_class(functions):
    bases = [base for base, function in zip(
        (WithSend, WithThrow, WithClose), functions[1:]) if function]
    return type("Custom", (*bases, Custom), {})


CUSTOM = {tuple(bool(bits & 1 << i) for i in range(3)):
          custom_class([True] + [bits & 1 << i for i in range(3)])
          for bits in range(8)}


class Manager:
    """A context manager whose exit is a function of the program."""

    def __init__(self, run, me, function):
        self.run = run
        self.me = me
        self.function = function

    def __enter__(self):
        self.run.say(self.me.name, "enter")
        self.run.watch.entering()

    def __exit__(self, kind, exception, traceback):
        self.run.say(self.me.name, "exit " + self.run.show(exception))
        swallowed = False
        try:
            swallowed = bool(self.function.code(
                Activation(self.function, self.function.name, None,
                           self.me.depth + 1), exception))
        finally:
            error = sys.exception()
            self.run.watch.left(exception, swallowed,
                                error if error is not exception else None)
        return swallowed


class ContextManager:
    """contextlib's manager of a generator as it is since 3.13, which closes
    one that yields once too often."""

    def __init__(self, run, handle, generator):
        self.run = run
        self.handle = handle
        self.generator = generator

    def __enter__(self):
        self.run.watch.entering()
        try:
            return next(self.generator)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, kind, exception, traceback):
        swallowed = False
        self.run.look_below(self.handle)
        try:
            swallowed = self.leave(exception)
        finally:
            error = sys.exception()
            self.run.watch.left(exception, swallowed,
                                error if error is not exception else None)
        return swallowed

    def leave(self, exception):
        if exception is None:
            try:
                next(self.generator)
            except StopIteration:
                return False
            self.refuse("generator didn't stop")
        try:
            self.generator.throw(exception)
        except StopIteration as stop:
            return stop is not exception
        except RuntimeError as error:
            if error is exception or (isinstance(exception, StopIteration) and
                                      error.__cause__ is exception):
                return False
            raise
        except BaseException as error:
            if error is exception:
                return False
            raise
        self.refuse("generator didn't stop after throw()")

    def refuse(self, message):
        try:
            raise RuntimeError(message)
        finally:
            self.finish()

    def finish(self):
        # One that refuses is given up here, not with the traceback.
        generator, self.generator = self.generator, None
        self.run.look_below(self.handle)
        try:
            generator.close()
        finally:
            self.run.look_below(self.handle)
            self.run.look_inside(self.handle, generator)
            generator = None


class Activation:
    """A function that runs; and what the watch (rules.py) knows of it."""

    def __init__(self, function, name, handle, depth):
        self.function = function
        self.name = name
        self.handle = handle
        self.depth = depth
        self.delegate = None         # the handle it delegates to
        self.parent = None           # the activation that delegates to it
        self.context = None          # of the statement that runs
        self.asked = None            # what resumed it last
        self.stopped = None          # the value it returned
        self.failed = False          # it ended by an exception
        self.threw = False           # it caught what was thrown last
        self.exiting = False         # it has got its GeneratorExit
        self.exits = 0               # finally clauses that ran for one
        self.yielded = 0
        self.received = None
        self.sub_kind = self.sub_state = self.from_sub = None
        self.pending = {}            # what finally clauses hold back
        self.held = {}               # what they may hold back
        self.caught_at = {}          # handlers: yields before they began
        self.loops = {}              # what for loops iterate
        self.in_else = self.left = False

    def handles(self):
        """Does it stand where it handles an exception?"""
        return self.context is not None and (
            self.context.handler or
            any(self.held.get(each) for each in self.context.finals))


class Function:
    """A function of the program."""

    def __init__(self, name, kind):
        self.name = name
        self.kind = kind
        self.code = None
        self.suspended = set()       # handles of its suspended generators


class Shared:
    def __getattr__(self, name):
        return None


generator_type = type(x for x in ())


def state_of(generator):
    if generator.gi_running:
        return "GEN_RUNNING"
    if generator.gi_frame is None:
        return "GEN_CLOSED"
    return "GEN_SUSPENDED" if generator.gi_suspended else "GEN_CREATED"
