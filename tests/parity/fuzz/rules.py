"""Which rules of Python's semantics a program provoked, seen while CPython ran
it: G (generators), Y (delegation), E (exceptions). What each rule says stands
beside it, shortened. A key is a rule, and a word where a rule has several
parts, each of which has to happen. README.md lists the rules that no program
can provoke, and why.
"""

import sys

from things import Custom, Handle, generator_type, state_of

KEYS = """
G01 G02 G03 G04 G05 G06 G07 G08 G09-raised G09-returned G09-swallowed G10 G11
G12 G13 G14 G15-created G15-suspended G16 G17 G18-created G18-started G19
G20-again G20-else G21 G23 G24-closed G24-created G24-running G24-suspended G25
G26 G27-class G27-refused G28 G30 G31
Y01-next Y01-send Y02 Y03 Y04 Y05 Y06 Y07 Y08 Y09 Y10 Y11 Y12 Y13 Y14 Y15 Y16
Y17 Y18 Y20 Y21-close-raises Y21-throw-raises Y21-throw-returns Y21-throw-stops
E01 E02-cause E02-none E03-discarded E03-replaced E04 E05-helper E05-none E06
E07 E08 E09 E10 E11 E12-lifo E12-once E12-replaced E12-swallowed E13-break
E13-close E13-continue E13-fallthrough E13-raise E13-return E14-class
E14-refused E15 E18
""".split()

RUNNING = "already executing"
IGNORED = "generator ignored GeneratorExit"


def is_error(exception, kind, text):
    return type(exception) is kind and str(exception).endswith(text)


def chain_of(handle):
    """The activations that a generator delegates through, itself first; and
    what the last of them delegates to that is no generator."""
    chain = []
    while isinstance(handle, Handle) and handle.activation is not None:
        if handle.activation in chain:
            break
        chain.append(handle.activation)
        handle = handle.activation.delegate
    return chain, handle


def hidden(handle):
    """Does somebody who delegates handle an exception? cede lets what runs
    below see it during a throw too, CPython only during a send
    (docs/decisions/0050)."""
    if handle.activation is None:
        return False
    chain, last = chain_of(handle)
    return any(each.handles() for each in (chain if last else chain[:-1]))


def holds(handle):
    """Does a generator, or what it delegates to, hold what may go with it?"""
    if handle is None or handle.activation is None:
        return True
    chain, _ = chain_of(handle)
    return any(each.context is None or each.context.within or each.loops or
               each.delegate is not None for each in chain)


def leads_to(context, exception):
    """Is the exception further down among the contexts?"""
    seen = []
    while context is not None and not any(context is each for each in seen):
        if context is exception:
            return True
        seen.append(context)
        context = context.__context__
    return False


class Asked:
    """next, send, throw or close of a generator, under way."""

    __slots__ = ("form", "handle", "argument", "before", "chain", "last",
                 "handled", "me")


class Watch:
    def __init__(self):
        self.provoked = set()
        self.managers = 0            # with statements in each other

    def __call__(self, key, condition=True):
        if condition:
            self.provoked.add(key)

    # ---- asking generators ---------------------------------------------------

    def asking(self, me, form, handle, argument):
        asked = Asked()
        asked.form, asked.handle, asked.argument = form, handle, argument
        asked.me = me
        asked.before = state_of(handle.object)
        asked.chain, asked.last = chain_of(handle)
        asked.handled = sys.exception()
        if asked.before != "GEN_RUNNING":
            for each in asked.chain:
                each.asked = asked
        # G23: the body begins at the first resume, not at the call.
        self("G23", asked.before == "GEN_CREATED" and form == "next")
        # G26: two generators of one function share no locals.
        others = handle.activation.function.suspended
        if asked.before == "GEN_SUSPENDED":
            self("G26", len(others - {handle}) > 0)
            self.resuming(asked)
        return asked

    def resuming(self, asked):
        form, chain = asked.form, asked.chain
        exits = form == "throw" and isinstance(asked.argument, GeneratorExit)
        # Y14: chains of any depth.
        self("Y14", len(chain) >= 4)
        if len(chain) > 1:
            # Y01: next stays next, send(v) stays send.
            self("Y01-next", form == "next")
            self("Y01-send", form == "send" and asked.argument is not None)
            # Y03: close() closes the sub first.
            self("Y03", form == "close")
            # Y09: throw(GeneratorExit) closes the sub.
            self("Y09", exits)
        if asked.last is None or asked.last.object is None:
            return
        plain = asked.last.object
        # Y04, Y05, Y18: what a plain iterator lacks.
        self("Y04", form == "throw" and not exits and
             not hasattr(plain, "throw"))
        self("Y05", (form == "close" or exits) and
             not hasattr(plain, "close"))
        self("Y18", form == "send" and asked.argument is not None and
             not hasattr(plain, "send"))

    def asked(self, asked, thing, value, exception):
        after = state_of(thing)
        activation = asked.handle.activation
        suspended = activation.function.suspended
        (suspended.add if after == "GEN_SUSPENDED" else
         suspended.discard)(asked.handle)
        getattr(self, "asked_" + asked.before)(
            asked, after, value, exception, activation)
        # G04: a StopIteration that escapes is a RuntimeError.
        self("G04", asked.before != "GEN_CLOSED" and after == "GEN_CLOSED" and
             is_error(exception, RuntimeError, "raised StopIteration") and
             exception.__cause__ is exception.__context__)
        if exception is not None and asked.before in ("GEN_CREATED",
                                                      "GEN_SUSPENDED"):
            self.came_out(asked, exception)
        if isinstance(exception, StopIteration):
            activation.stopped = activation.stopped or exception.value
        elif exception is not None and after == "GEN_CLOSED":
            activation.failed = True

    def came_out(self, asked, exception):
        # G13: its context is what the resumer handles.
        self("G13", asked.handled is not None and
             exception.__context__ is asked.handled and
             exception is not asked.argument and
             not isinstance(exception, StopIteration))

    def asked_GEN_CREATED(self, asked, after, value, exception, activation):
        form = asked.form
        # G01: a value sent to one that has not begun is a TypeError.
        self("G01", form == "send" and asked.argument is not None and
             isinstance(exception, TypeError) and after == "GEN_CREATED")
        # G02: closing it runs nothing.
        self("G02", form == "close" and after == "GEN_CLOSED")
        if form == "throw" and after == "GEN_CLOSED":
            # G06: throwing raises at the call.
            self("G06", exception is asked.argument)
            # G18: a StopIteration too comes out as it is (3.12).
            self("G18-created", isinstance(exception, StopIteration))

    def asked_GEN_RUNNING(self, asked, after, value, exception, activation):
        # G05: nobody may resume what runs. G17: not through others either.
        refused = is_error(exception, ValueError, RUNNING)
        self("G05", refused)
        self("G17", refused and asked.me.handle is not asked.handle and
             asked.me.handle is not None)

    def asked_GEN_CLOSED(self, asked, after, value, exception, activation):
        form = asked.form
        # G07: throwing raises what is thrown, every time.
        self("G07", form == "throw" and exception is asked.argument)
        # G08: the value comes once, then None.
        self("G08", form in ("next", "send") and
             activation.stopped is not None and
             isinstance(exception, StopIteration) and exception.value is None)
        # G28: an exception comes once, then StopIteration.
        self("G28", form in ("next", "send") and activation.failed and
             isinstance(exception, StopIteration))
        # G30: closing what has ended does nothing.
        self("G30", form == "close")

    def asked_GEN_SUSPENDED(self, asked, after, value, exception, activation):
        form = asked.form
        if form == "close":
            self.closed(after, value, exception, asked.chain)
        if form == "throw":
            # G10: caught inside: throw() gives the next value, and then next
            # delivers None.
            activation.threw = exception is None
            # G11: throw(GeneratorExit) is not close().
            self("G11", isinstance(exception, GeneratorExit) and
                 exception is asked.argument)
            # G18: StopIteration from a body that began: RuntimeError.
            self("G18-started", isinstance(asked.argument, StopIteration) and
                 is_error(exception, RuntimeError, "raised StopIteration"))
        elif form == "next":
            self("G10", activation.threw)
            activation.threw = False

    def closed(self, after, value, exception, chain):
        # G03: one that yields in answer is left suspended.
        self("G03", is_error(exception, RuntimeError, IGNORED) and
             after == "GEN_SUSPENDED")
        if after == "GEN_CLOSED":
            # G09: GeneratorExit is swallowed, the value returned is given
            # (3.13), other exceptions come out.
            self("G09-raised", exception is not None)
            self("G09-returned", value is not None)
            self("G09-swallowed", exception is None and value is None)
        # G21: nested finally clauses, innermost first.
        for each in chain:
            self("G21", each.exits > 1)
            each.exits = 0

    # ---- inside functions ----------------------------------------------------

    def under_way(self, me):
        """The asked that resumed this one, and whether it is below the one
        that was asked."""
        asked = me.asked
        if asked is None:
            return "", False
        form = asked.form
        if form == "throw" and isinstance(asked.argument, GeneratorExit):
            form = "close"
        return form, asked.handle is not me.handle

    def yields(self, me, context):
        # G12: a yield while a finally clause holds an exception back.
        self("G12", context.at_last and
             me.pending.get(context.at_last) is not None)
        me.yielded += 1
        # Y07: a sub that yields when it is closed.
        form, below = self.under_way(me)
        self("Y07", form == "close" and below and me.exiting)

    def resumed(self, me, form, value):
        me.exiting = False
        me.received = value
        # G25: a bare yield receives what is sent.
        self("G25", form == "yield" and value is not None)
        if form != "yieldfrom":
            return
        # Y02: the sub answers a throw by returning.
        asked = me.asked
        self("Y02", asked is not None and asked.form == "throw" and
             asked.before == "GEN_SUSPENDED" and me in asked.chain[:-1])
        # Y11: an exhausted sub gives None at once.
        self("Y11", me.sub_state == "GEN_CLOSED" and value is None)
        # Y13: the value of a custom iterator's StopIteration.
        self("Y13", me.sub_kind is not None and
             issubclass(me.sub_kind, Custom) and value is not None)

    def delegating(self, me, handle):
        thing = handle.object
        me.sub_kind, me.sub_state = type(thing), None
        if not isinstance(thing, generator_type):
            return
        me.sub_state = state_of(thing)
        # Y12: shared by two delegators.
        self("Y12", any(each.delegate is handle and each is not me
                        for each in handle.delegators))
        handle.delegators.append(me)
        # Y17: the first resume is next, whatever the delegator was sent.
        self("Y17", me.received is not None and
             me.sub_state == "GEN_CREATED")
        # Y20: one that has been resumed before loses what it yielded.
        self("Y20", me.sub_state == "GEN_SUSPENDED")

    def delegated(self, me, handle, exception):
        me.from_sub = exception
        form, _ = self.under_way(me)
        if exception is None:
            return
        # Y08: the sub raises another exception in answer to close().
        self("Y08", form == "close" and
             not isinstance(exception, GeneratorExit) and
             isinstance(exception.__context__, GeneratorExit))
        # Y10: a running sub is refused.
        self("Y10", me.sub_state == "GEN_RUNNING" and
             is_error(exception, ValueError, RUNNING))
        # Y16: so is what cannot be iterated.
        self("Y16", is_error(exception, TypeError, "is not iterable"))

    def method(self, custom, name, exception):
        # Y21: each combination of what close and throw may do.
        if name == "close":
            self("Y21-close-raises", exception is not None)
        elif name == "throw":
            self("Y21-throw-returns", exception is None)
            self("Y21-throw-stops", isinstance(exception, StopIteration))
            self("Y21-throw-raises", exception is not None and
                 not isinstance(exception, StopIteration))

    def ended(self, me):
        # Y06: a sub that returns when it is closed: its value is lost.
        form, below = self.under_way(me)
        self("Y06", form == "close" and below and me.exiting)

    # ---- exceptions ----------------------------------------------------------

    def raising(self, me, context, exception):
        handled = sys.exception()
        if exception is None:        # a class
            self("E14-class")
        # E03: raised in a finally clause, it replaces what is pending.
        self("E03-replaced", context.at_last and
             me.pending.get(context.at_last) is not None)
        # E08: never its own context; links back are cut.
        self("E08", exception is not None and handled is not None and
             leads_to(handled, exception))
        # E04: else is not protected by the except clauses.
        me.in_else = context.otherwise
        # E14: what is no exception cannot be raised.
        self("E14-refused", exception is not None and
             not isinstance(exception, BaseException))

    def reraising(self, me, context):
        handled = sys.exception()
        # E05: nothing to raise again; or what the caller handles.
        self("E05-none", handled is None)
        self("E05-helper", handled is not None and not context.handler and
             not context.at_last and me.handle is None)
        # G14: what a generator handles is its own, across yields.
        if context.handler:
            self("G14", me.yielded > me.caught_at.get(context.handler, 1e9))

    def caught(self, me, exception, handler, index, classes):
        me.caught_at[handler] = me.yielded
        me.exiting = isinstance(exception, GeneratorExit)
        plain = (exception.__cause__ is None and
                 not exception.__suppress_context__)
        # E01, E02: context alone; from; from None.
        self("E01", plain and exception.__context__ is not None)
        self("E02-cause", exception.__cause__ is not None and
             exception.__suppress_context__)
        self("E02-none", exception.__cause__ is None and
             exception.__suppress_context__)
        # E06: the same object again.
        seen = exception.__dict__.setdefault("caught", [])
        self("E06", seen and seen[-1] != (me.name, handler))
        seen.append((me.name, handler))
        # E07: the first clause that matches. E09: by a base class.
        self("E07", index > 0)
        self("E09", type(exception) not in classes)
        self("E04", me.in_else)
        me.in_else = False
        # Y15: an exception from the sub, handled by its delegator.
        self("Y15", exception is me.from_sub)

    def at_last(self, me, number, exception):
        me.pending[number] = exception
        self("E13-raise", exception is not None)
        if exception is not None and me.handle is not None:
            # E18: the finally clauses of all coroutines on the way.
            crossed = exception.__dict__.setdefault("crossed", set())
            crossed.add(me.name)
            self("E18", len(crossed) > 1)
        if isinstance(exception, GeneratorExit):
            me.exiting = True
            me.exits += 1
            self("E13-close", me.asked is not None and
                 me.asked.form == "close")

    def leaving(self, me, context, form):
        """return, break and continue."""
        # E03: in a finally clause they drop what is pending. G16: thrown in.
        pending = context.at_last and me.pending.get(context.at_last)
        if pending and (form == "return" or context.loop_in_last):
            self("E03-discarded")
            self("G16", me.asked is not None and
                 me.asked.argument is pending)
        # E13: finally runs on each way out.
        if context.protected and (form == "return" or
                                  context.loop_protected):
            self("E13-" + form)

    def falling(self):
        self("E13-fallthrough")

    # ---- the rest ------------------------------------------------------------

    def stated(self, state):
        # G24: the four states.
        self("G24-" + state[4:].lower())

    def linked(self, handle, link):
        # G31: a delegator runs too, and its link is visible.
        self("G31", link is not None and
             state_of(handle.object) == "GEN_RUNNING")

    def dropping(self, handle):
        if isinstance(handle.object, generator_type):
            # G15: a suspended generator is closed when it goes, others not.
            state = state_of(handle.object)
            if state in ("GEN_CREATED", "GEN_SUSPENDED"):
                self("G15-" + state[4:].lower())

    def throwing(self, what):
        # G27: a class is instantiated; what is no exception is refused.
        if isinstance(what, type):
            self("G27-class")
        elif isinstance(what, Handle):
            self("G27-refused")

    def iterating(self, handle):
        if isinstance(handle.object, generator_type):
            # G20: an exhausted generator yields nothing again.
            self("G20-again", state_of(handle.object) == "GEN_CLOSED")

    def exhausted(self, handle):
        # G20: for-else.
        self("G20-else", handle.activation is not None)

    def breaking(self, handle):
        # G19: leaving the loop leaves the generator suspended.
        self("G19", isinstance(handle.object, generator_type) and
             state_of(handle.object) == "GEN_SUSPENDED")

    def printed(self, exception):
        # E10: causes and contexts; E11: notes.
        self("E10", exception.__cause__ is not None or
             exception.__context__ is not None)
        self("E11", len(exception.__notes__) > 1)

    def made(self, args):
        # E15: args are kept; str() of none, one, several.
        self("E15", len(args) != 1)

    def entering(self):
        # E12: managers are left in reverse order.
        self.managers += 1
        self("E12-lifo", self.managers > 1)

    def left(self, exception, swallowed, error):
        self.managers -= 1
        # E12: exit may swallow, or replace.
        self("E12-swallowed", exception is not None and swallowed)
        self("E12-replaced", exception is not None and error is not None and
             error is not exception)
        # E12: a generator that is a manager yields exactly once.
        self("E12-once", type(error) is RuntimeError and
             str(error).startswith("generator didn't"))
