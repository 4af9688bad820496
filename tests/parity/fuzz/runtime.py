"""What a program does while CPython runs it: the trace, and what happened.

A generator is known to the program by a Handle; the handle alone refers to it,
so that `drop` gives up its last reference, as in the C driver.
"""

import gc
import sys
import traceback
import weakref

import rules
from things import (Activation, CLASSES, ContextManager, CUSTOM, Function, Handle,
                    Manager, MESSAGES, OutOfSteps, Plain, Shared, generator_type,
                    state_of)

MOST_STEPS = 600
MOST_OBJECTS = 200
MOST_CALLS = 12
MOST_CHAIN = 6
MOST_SHOWN = 4000

# What is left of a program is collected behind it, not in the midst of the
# next. What is there now is never looked at.
gc.disable()
gc.freeze()


def ignore(report):
    pass


def leads_back(exception, path):
    """Do its links, any number of them, lead to one of the path?"""
    ahead, seen = [exception], set()
    while ahead:
        each = ahead.pop()
        if any(each is other for other in path):
            return True
        if id(each) not in seen:
            seen.add(id(each))
            ahead += [link for link in (each.__cause__, each.__context__)
                      if link is not None]
            ahead += getattr(each, "exceptions", ())
    return False


def holder_of(exception):
    """Which of the contexts of what is handled has this one as its own."""
    seen, each = [], sys.exception()
    while each is not None and not any(each is other for other in seen):
        if each.__context__ is exception:
            return each
        seen.append(each)
        each = each.__context__
    return None


class Run:
    absent = object()

    def __init__(self):
        self.lines = []
        self.steps = MOST_STEPS
        self.out_of_steps = False
        self.handles = []
        self.dropping = None         # the handle
        self.calls = 0               # of iterators' methods, in each other
        self.exceptions = 0
        self.watch = rules.Watch()
        self.ended = None            # the line where comparing ends
        self.generators = []         # weak references to them
        self.circular = False        # some hold each other at the end

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
        if isinstance(value, list):
            return "[%s]" % ", ".join(map(self.show, value))
        if isinstance(value, str):
            return "'%s'" % MESSAGES.get(value, value)
        return repr(value)

    def number(self, exception):
        # A note, as in C, which dies with the exception.
        if not hasattr(exception, "__notes__"):
            self.exceptions += 1
            exception.add_note(str(self.exceptions))
        return int(exception.__notes__[0])

    def show_exception(self, exception):
        if exception is None:
            return "None"
        return self.show_chain([exception])[:MOST_SHOWN - 1]

    def show_chain(self, path):
        exception = path[-1]
        if any(each is exception for each in path[:-1]):
            self.stop_comparing()
            return "circle"
        number = self.number(exception)
        if isinstance(exception, StopIteration):
            message = self.show_value(exception.value)
        else:
            message = "'%s'" % self.message(exception)
        text = "#%d %s(%s)" % (number, type(exception).__name__, message)
        if exception.__suppress_context__:
            text += " suppressed"
        if isinstance(exception, BaseExceptionGroup):
            text += " of [%s]" % ", ".join(
                "..." if len(path) == MOST_CHAIN
                else self.show_chain(path + [member])
                for member in exception.exceptions)
        for name, link in (("cause", exception.__cause__),
                           ("context", exception.__context__)):
            if link is None:
                continue
            if any(link is each for each in path):
                self.stop_comparing()
            elif len(path) == MOST_CHAIN:
                text += " %s ..." % name
                if leads_back(link, path):
                    self.stop_comparing()
            else:
                text += " %s [%s]" % (name, self.show_chain(path + [link]))
        return text

    def message(self, exception):
        message = str(exception)
        return MESSAGES.get(message, message)

    def stop_comparing(self):
        if self.ended is None:
            self.ended = len(self.lines)

    # ---- steps, functions ----------------------------------------------------

    def step(self, me, context):
        me.context = self.contexts[context]
        if self.steps == 1:
            self.say(me.name, "out of steps")
        if self.steps > 0:
            self.steps -= 1
        if not self.steps:
            self.out_of_steps = True
            raise OutOfSteps

    def gives(self, me, form, value):
        if form in ("yield", "yieldfrom"):
            self.watch.resumed(me, form, value)
        self.say(me.name, "%s gives %s" % (form, self.show(value)))
        return value

    def begins(self, me, value):
        self.say(me.name, "begins with " + self.show(value))

    def leaves(self, me, form):
        me.left = True
        self.watch.leaving(me, me.context, form)
        if form == "break" and me.context.loop in me.loops:
            self.watch.breaking(me.loops[me.context.loop])

    def returns(self, me, value):
        self.leaves(me, "return")
        self.watch.ended(me)
        self.say(me.name, "return " + self.show(value))
        return value

    def ends(self, me):
        self.watch.ended(me)
        self.say(me.name, "ends")

    def log(self, me, value):
        self.say(me.name, "log " + self.show(value))

    def call(self, me, function, argument):
        if me.depth == MOST_CALLS:
            raise RecursionError("too many calls")
        if function.kind != "fun":
            raise TypeError("%s is no fun" % function.name)
        return function.code(Activation(function, function.name, None,
                                        me.depth + 1), argument)

    # ---- exceptions ----------------------------------------------------------

    def handled(self):
        return sys.exception()

    def reraises(self, me):
        self.watch.reraising(me, me.context)

    def caught(self, me, exception, *clause):
        exception.__traceback__ = None  # its frames hold generators
        self.watch.caught(me, exception, *clause)
        self.say(me.name, "except " + self.show_exception(exception))

    def otherwise(self, me):
        self.say(me.name, "else")

    def at_last(self, me, number, before):
        exception = sys.exception()
        pending = exception if exception is not before else None
        # Perhaps the clause holds back what was handled around it already.
        me.held[number] = exception
        self.watch.at_last(me, number, pending)
        if pending is None and not me.left:
            self.watch.falling()
        me.left = False
        self.say(me.name, "finally " + self.show_exception(exception))

    def raises(self, me, what, value):
        exception = self.exception(what, value)
        self.watch.raising(me, me.context, exception)
        return exception

    def raises_class(self, me, what):
        self.watch.raising(me, me.context, None)
        return what

    def exception(self, what, value):
        if isinstance(what, type):
            if value is Run.absent:
                return what()
            return what(self.argument(value))
        if isinstance(what, BaseException):
            return what
        if isinstance(what, Handle):
            return self.thing(what, False)
        raise TypeError("not an exception")

    def argument(self, value):
        if isinstance(value, Handle):
            return value.name
        return None if isinstance(value, (BaseException, list)) else value

    def exception_of(self, value):
        exception = self.exception(value, Run.absent)
        if not isinstance(exception, BaseException):
            exception = None         # a generator would be held by this
            raise TypeError("not an exception")
        return exception

    def cause(self, value, real):
        if value is None:
            return None
        return (self.exception(value, Run.absent) if real
                else self.exception_of(value))

    def make(self, what, *args):
        self.watch.made(args)
        return what(*[self.argument(each) for each in args])

    def note(self, me, value, text):
        exception = self.exception_of(value)
        self.show_exception(exception)
        exception.add_note(text)

    def args(self, me, value):
        args = self.exception_of(value).args
        self.say(me.name, "args %d" % len(args))
        for each in args:
            self.say(me.name, "arg " + self.show(each))

    def print(self, me, value):
        exception = self.exception_of(value)
        self.show_exception(exception)
        self.watch.printed(exception)
        for line in "".join(traceback.format_exception(exception)).split("\n"):
            if line and line[0] != " " and line[:10] != "Traceback ":
                for theirs, ours in MESSAGES.items():
                    line = line.replace(theirs, ours)
                self.say(me.name, "print " + line)

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
        if function.kind != "def":
            raise TypeError("%s is no def" % function.name)
        handle = self.handle(function.name)
        handle.activation = Activation(function, handle.name, handle, 0)
        handle.object = self.remember(function.code(handle.activation,
                                                    argument))
        return handle

    def remember(self, generator):
        self.generators.append(weakref.ref(generator))
        return generator

    def look_for_circles(self):
        """Generators that only hold each other: what CPython's collector is
        for."""
        alive = (each() for each in self.generators)
        self.circular = any(state_of(each) == "GEN_SUSPENDED" for each in alive
                        if each is not None)

    def yields(self, me, value):
        self.say(me.name, "yield " + self.show(value))
        self.watch.yields(me, me.context)
        self.look_above(me.parent)
        return value

    def delegate(self, me, handle):
        thing = self.thing(handle, False)
        self.say(me.name, "yieldfrom " + handle.name)
        self.watch.delegating(me, handle)
        me.delegate = handle
        state = None
        if handle.activation is not None:
            state = state_of(thing)
            if state != "GEN_RUNNING":
                handle.activation.parent = me
        if state in (None, "GEN_SUSPENDED"):
            self.look_above(me)      # an iterator may yield, too
        return thing

    def delegated(self, me, before):
        exception = sys.exception()
        self.watch.delegated(me, me.delegate,
                             exception if exception is not before else None)
        self.look_released(me.delegate)
        below = me.delegate.activation if me.delegate is not None else None
        if below is not None and below.parent is me:
            below.parent = None
        me.delegate = None

    def ask(self, me, form, handle, argument, operation, *arguments):
        """Asks a generator, and has the watch look on."""
        thing = handle.object
        asked = self.watch.asking(me, form, handle, argument)
        if form in ("throw", "close") and asked.before == "GEN_SUSPENDED":
            self.look_below(handle)
        value = exception = None
        try:
            value = operation(thing, *arguments)
            return value
        except BaseException as e:
            exception = e
            raise
        finally:
            self.watch.asked(asked, thing, value, exception)
            self.look_released(handle)
            thing = exception = None

    def look_below(self, handle):
        if rules.hidden(handle):
            self.stop_comparing()

    def look_released(self, handle):
        """The statement that held this gives it up, perhaps as the last."""
        if handle is not None and handle.object is None:
            self.look_below(handle)

    def look_above(self, me):
        """If what yields refuses to be closed, a delegator that was dropped
        before may be given up, and then be closed again, when it or one
        between the two stands in an except clause."""
        seen, handling = [], False
        while me is not None and me not in seen:
            handling = handling or me.handles()
            if me.handle.object is None and handling:
                self.stop_comparing()
            seen.append(me)
            me = me.parent

    def look_inside(self, handle, generator):
        if state_of(generator) == "GEN_SUSPENDED" and rules.holds(handle):
            self.stop_comparing()

    def give_up(self, handle):
        self.watch.dropping(handle)
        self.look_below(handle)
        outer, self.dropping = self.dropping, handle
        handle.object = None
        self.dropping = outer

    def next(self, me, handle, default):
        thing = self.thing(handle, False)
        self.say(me.name, "next " + handle.name)
        arguments = () if default is Run.absent else (default,)
        if handle.activation:
            thing = None
            return self.ask(me, "next", handle, None, next, *arguments)
        return next(thing, *arguments)

    def send(self, me, handle, value):
        self.thing(handle)
        self.say(me.name, "send " + self.show(value))
        return self.ask(me, "send", handle, value, generator_type.send, value)

    def throw(self, me, handle, what, value):
        self.thing(handle)
        self.say(me.name, "throw")
        self.watch.throwing(what if value is Run.absent else None)
        # In a box, because no frame of a traceback may hold a generator.
        box = [self.exception(what, value)]
        return self.ask(me, "throw", handle,
                        box[0] if isinstance(box[0], BaseException) else None,
                        self.throw_into, box)

    def is_running(self, thing):
        # G05. CPython asks what a running generator delegates to first, and
        # an iterator of the program's own may answer.
        return (state_of(thing) == "GEN_RUNNING" and
                thing.gi_yieldfrom is not None)

    def throw_into(self, thing, box):
        exception = box.pop()
        try:
            # 3.12: a StopIteration thrown into a generator that has not begun
            # comes out as it is (G18).
            if (isinstance(exception, StopIteration) and
                    state_of(thing) == "GEN_CREATED"):
                thing.close()
                self.raise_as_it_is(exception)
            # What is no exception is refused at the call (G27); CPython raises
            # the TypeError in a delegator, because the sub-generator refuses
            # it.
            if (not isinstance(exception, BaseException) and
                    thing.gi_yieldfrom is not None):
                raise TypeError(
                    "exceptions must be classes or instances deriving from "
                    "BaseException, not %s" % type(exception).__name__)
            if self.is_running(thing):
                raise ValueError("generator already executing")
            return thing.throw(exception)
        finally:
            thing = exception = None

    def raise_as_it_is(self, exception):
        """Like throw() does: a raise statement would give it what is handled
        as its context, and cut what leads from there to it."""
        context, holder = exception.__context__, holder_of(exception)
        try:
            raise exception
        finally:
            exception.__context__ = context
            if holder is not None:
                holder.__context__ = exception

    def close(self, me, handle):
        self.thing(handle)
        self.say(me.name, "close")
        return self.ask(me, "close", handle, None, self.close_it)

    def close_it(self, thing):
        # 3.13: close() gives what the generator returned (D08). 3.11's does
        # what this does, and drops the value.
        if state_of(thing) != "GEN_SUSPENDED":
            try:
                if self.is_running(thing):
                    raise ValueError("generator already executing")
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
        self.give_up(handle)

    def state(self, me, handle):
        thing = self.thing(handle)
        try:
            self.watch.stated(state_of(thing))
            return state_of(thing)
        finally:
            thing = None

    def link(self, me, handle):
        # gi_yieldfrom of 3.11 is not there while the generator runs (G31).
        self.thing(handle)
        link = handle.activation.delegate
        self.watch.linked(handle, link)
        # A list is not what is iterated, its iterator is.
        return (link if link and link.object is not None and
                not isinstance(link.object, list) else None)

    def iterate(self, me, handle, loop):
        thing = self.thing(handle, False)
        self.say(me.name, "for " + handle.name)
        me.loops[loop] = handle
        self.watch.iterating(handle)
        return thing

    def iterated(self, me, loop):
        self.look_released(me.loops[loop])

    def item(self, me, value):
        self.say(me.name, "item " + self.show(value))

    def exhausted(self, me, loop):
        self.watch.exhausted(me.loops[loop])
        self.say(me.name, "exhausted")

    # ---- other things --------------------------------------------------------

    def put_thing(self, name, thing):
        handle = self.handle(name)
        handle.object = thing
        return handle

    def list(self, *values):
        return self.put_thing("list", list(values))

    def iterator(self, *values):
        return self.put_thing("iterator", iter(list(values)))

    def plain(self):
        return self.put_thing("plain", Plain())

    def custom(self, me, functions, value):
        for function in functions:
            if function and function.kind != "fun":
                raise TypeError("%s is no fun" % function.name)
        if not functions[0]:
            raise TypeError("no next")
        kind = CUSTOM[tuple(bool(each) for each in functions[1:])]
        return self.put_thing("custom", kind(self, functions, value))

    def call_method(self, custom, number, argument):
        function = custom.functions[number]
        if self.calls == MOST_CALLS:
            raise RecursionError("too many calls")
        # Somebody asks the generator above, which runs: cede refuses that
        # (G05), CPython asks its iterator first.
        if number in (2, 3) and custom.asked:
            self.stop_comparing()
        self.calls += 1
        custom.asked += number in (2, 3)
        before = sys.exception()
        try:
            return function.code(Activation(function, function.name, None, 0),
                                 argument)
        finally:
            self.calls -= 1
            custom.asked -= number in (2, 3)
            error = sys.exception()
            self.watch.method(custom, ("next", "send", "throw", "close")
                              [number], error if error is not before else None)

    def manager(self, me, function):
        if function.kind != "fun":
            raise TypeError("%s is another kind" % function.name)
        if me.depth == MOST_CALLS:
            raise RecursionError("too many calls")
        return Manager(self, me, function)

    def context_manager(self, me, function, argument):
        if function.kind != "def":
            raise TypeError("%s is another kind" % function.name)
        handle = self.handle(function.name)
        handle.activation = Activation(function, handle.name, handle, 0)
        return ContextManager(self, handle, self.remember(
            function.code(handle.activation, argument)))

    def within(self, me, value):
        self.say(me.name, "with " + self.show(value))

    # ---- the whole -----------------------------------------------------------

    def unraisable(self, report):
        self.say("-", "ignored " + self.show_exception(report.exc_value))
        if (str(report.exc_value) == "generator ignored GeneratorExit" and
                rules.holds(self.dropping)):
            # When that is given up is the collector's affair.
            self.stop_comparing()

    def run(self, functions, translated):
        names = dict(CLASSES, R=self, S=Shared(), sys=sys)
        self.contexts = translated.contexts
        exec(translated.code, names)
        for each in functions:
            function = Function(each.name, each.kind)
            function.code = names["c_" + each.name]
            names["f_" + each.name] = function
        sys.unraisablehook = self.unraisable
        try:
            self.run_main(names["f_main"])
            names["S"].__dict__.clear()
            for handle in self.handles:
                if handle.object is not None:
                    self.say("-", "drop " + handle.name)
                    self.give_up(handle)
            self.look_for_circles()
        finally:
            sys.unraisablehook = ignore
            self.forget()
            gc.collect()
            gc.freeze()  # the next collection need not look at what is left

    def forget(self):
        """All but what is compared and counted."""
        self.handles = self.contexts = self.generators = None
        self.provoked = self.watch.provoked
        self.watch = None

    def run_main(self, function):
        try:
            function.code(Activation(function, "main", None, 0), None)
        except BaseException as e:
            e.__traceback__ = None
            self.say("-", "uncaught " + self.show_exception(e))
