"""What a program does while CPython runs it: the trace, and what happened.

A generator is known to the program by a Handle; the handle alone refers to it,
so that `drop` gives up its last reference, as in the C driver.
"""

import asyncio
import asyncio.exceptions
import sys

MOST_STEPS = 600
MOST_OBJECTS = 200
MOST_CALLS = 12
MOST_CHAIN = 6


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


class Circle(BaseException):
    """Exceptions hold each other, which cede does not allow: what follows is
    not compared."""


class Handle:
    __slots__ = ("name", "object", "activation")

    def __init__(self, name):
        self.name = name
        self.object = None
        self.activation = None


class Activation:
    """A function that runs."""

    __slots__ = ("name", "handle", "depth", "delegate", "kind", "notes")

    def __init__(self, name, handle, depth):
        self.name = name
        self.handle = handle
        self.depth = depth
        self.delegate = None


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


def ignore(report):
    pass


class Run:
    absent = object()

    def __init__(self):
        self.lines = []
        self.steps = MOST_STEPS
        self.handles = []
        self.exceptions = 0
        self.rules = set()           # that were provoked
        self.ended = None            # the line where comparing ends

    # ---- the trace -----------------------------------------------------------

    def say(self, name, text):
        if self.steps > 0:
            self.lines.append("%s: %s" % (name, text))

    def show(self, value):
        if isinstance(value, BaseException):
            return self.show_exception(value)
        return self.show_value(value)

    def show_value(self, value):
        if isinstance(value, Handle):
            return "<%s>" % value.name
        if isinstance(value, BaseException):
            return "#%d" % self.number(value)
        return repr(value)

    def number(self, exception):
        try:
            return exception.number
        except AttributeError:
            self.exceptions += 1
            exception.number = self.exceptions
            return self.exceptions

    def show_exception(self, exception):
        if exception is None:
            return "None"
        return self.show_chain([exception])

    def show_chain(self, path):
        exception = path[-1]
        number = self.number(exception)
        if isinstance(exception, StopIteration):
            message = self.show_value(exception.value)
        else:
            message = "'%s'" % exception
        text = "#%d %s(%s)" % (number, type(exception).__name__, message)
        if exception.__suppress_context__:
            text += " suppressed"
        for name, link in (("cause", exception.__cause__),
                           ("context", exception.__context__)):
            if link is None:
                continue
            if any(link is each for each in path):
                self.circle()
            elif len(path) == MOST_CHAIN:
                text += " %s ..." % name
            else:
                text += " %s [%s]" % (name, self.show_chain(path + [link]))
        return text

    def circle(self):
        if self.ended is None:
            self.ended = len(self.lines)

    # ---- steps, functions ----------------------------------------------------

    def step(self, me):
        if self.steps == 1:
            self.say(me.name, "out of steps")
        if self.steps > 0:
            self.steps -= 1
        if not self.steps:
            raise OutOfSteps

    def gives(self, me, form, value):
        self.say(me.name, "%s gives %s" % (form, self.show(value)))
        return value

    def begins(self, me, value):
        self.say(me.name, "begins with " + self.show(value))

    def returns(self, me, value):
        self.say(me.name, "return " + self.show(value))
        return value

    def ends(self, me):
        self.say(me.name, "ends")

    def log(self, me, value):
        self.say(me.name, "log " + self.show(value))

    def call(self, me, function, argument):
        if me.depth == MOST_CALLS:
            raise RecursionError("too many calls")
        name = function.__name__[2:]
        if self.kinds[name] != "fun":
            raise TypeError("%s is no fun" % name)
        return function(Activation(name, None, me.depth + 1), argument)

    # ---- exceptions ----------------------------------------------------------

    def handled(self):
        return sys.exception()

    def reraises(self):
        pass

    def caught(self, me, exception):
        self.say(me.name, "except " + self.show_exception(exception))

    def otherwise(self, me):
        self.say(me.name, "else")

    def at_last(self, me):
        self.say(me.name, "finally " + self.show_exception(sys.exception()))

    def exception(self, what, value):
        if isinstance(what, type):
            if value is Run.absent:
                return what()
            if isinstance(value, Handle):
                value = value.name
            elif isinstance(value, BaseException):
                value = None
            return what(value)
        if isinstance(what, BaseException):
            return what
        raise TypeError("not an exception")

    def cause(self, value):
        return None if value is None else self.exception(value, Run.absent)

    # ---- generators ----------------------------------------------------------

    def thing(self, handle, generator=True):
        if not isinstance(handle, Handle):
            raise TypeError("not a thing")
        if handle.object is None:
            raise TypeError("%s was dropped" % handle.name)
        if generator and not isinstance(handle.object, generator_type):
            raise TypeError("%s is something else" % handle.name)
        return handle.object

    def handle(self, name):
        if len(self.handles) == MOST_OBJECTS:
            raise RecursionError("too many objects")
        handle = Handle("%s.%d" % (name, len(self.handles)))
        self.handles.append(handle)
        return handle

    def new(self, me, function, argument):
        name = function.__name__[2:]
        if self.kinds[name] != "def":
            raise TypeError("%s is no def" % name)
        handle = self.handle(name)
        handle.activation = Activation(handle.name, handle, 0)
        handle.object = function(handle.activation, argument)
        return handle

    def yields(self, me, value):
        self.say(me.name, "yield " + self.show(value))
        return value

    def delegate(self, me, handle):
        thing = self.thing(handle, False)
        self.say(me.name, "yieldfrom " + handle.name)
        me.delegate = handle
        return thing

    def delegated(self, me):
        me.delegate = None

    def next(self, me, handle, default):
        thing = self.thing(handle, False)
        try:
            self.say(me.name, "next " + handle.name)
            if default is Run.absent:
                return next(thing)
            return next(thing, default)
        finally:
            thing = None

    def send(self, me, handle, value):
        thing = self.thing(handle)
        try:
            self.say(me.name, "send " + self.show(value))
            return thing.send(value)
        finally:
            thing = None

    def throw(self, me, handle, what, value):
        thing = self.thing(handle)
        try:
            self.say(me.name, "throw")
            if isinstance(what, type) and value is Run.absent:
                exception = what()
            else:
                exception = self.exception(what, value)
            return self.throw_into(thing, exception)
        finally:
            thing = None

    def throw_into(self, thing, exception):
        # 3.12: a StopIteration thrown into a generator that has not begun
        # comes out as it is (G18), with the context it has.
        if (isinstance(exception, StopIteration) and
                state_of(thing) == "GEN_CREATED"):
            thing.close()
            context = exception.__context__
            try:
                raise exception
            finally:
                thing = None
                exception.__context__ = context
        try:
            return thing.throw(exception)
        finally:
            thing = None

    def close(self, me, handle):
        thing = self.thing(handle)
        try:
            self.say(me.name, "close")
            return self.close_it(thing)
        finally:
            thing = None

    def close_it(self, thing):
        # 3.13: close() gives what the generator returned (D08). 3.11's does
        # what this does, and drops the value.
        if state_of(thing) != "GEN_SUSPENDED":
            try:
                return thing.close()
            finally:
                thing = None
        exit = GeneratorExit()
        exit.__context__ = sys.exception()
        try:
            thing.throw(exit)
        except StopIteration as stop:
            return stop.value
        except GeneratorExit:
            return None
        finally:
            thing = None
        raise RuntimeError("generator ignored GeneratorExit")

    def drop(self, me, handle):
        self.thing(handle, False)
        self.say(me.name, "drop " + handle.name)
        handle.object = None

    def state(self, me, handle):
        thing = self.thing(handle)
        try:
            return state_of(thing)
        finally:
            thing = None

    def link(self, me, handle):
        # gi_yieldfrom of 3.11 is not there while the generator runs (G31).
        self.thing(handle)
        link = handle.activation.delegate
        return link if link and link.object is not None else None

    def iterate(self, me, handle):
        thing = self.thing(handle, False)
        self.say(me.name, "for " + handle.name)
        return thing

    def item(self, me, value):
        self.say(me.name, "item " + self.show(value))

    def exhausted(self, me):
        self.say(me.name, "exhausted")

    # ---- the whole -----------------------------------------------------------

    def unraisable(self, report):
        self.say("-", "ignored " + self.show_exception(report.exc_value))

    def run(self, functions, code):
        names = dict(CLASSES, R=self, S=Shared())
        self.kinds = {each.name: each.kind for each in functions}
        exec(code, names)
        sys.unraisablehook = self.unraisable
        try:
            self.run_main(names)
            names["S"].__dict__.clear()
            for handle in self.handles:
                if handle.object is not None:
                    self.say("-", "drop " + handle.name)
                    handle.object = None
        finally:
            sys.unraisablehook = ignore

    def run_main(self, names):
        try:
            names["f_main"](Activation("main", None, 0), None)
        except BaseException as e:
            self.say("-", "uncaught " + self.show_exception(e))
