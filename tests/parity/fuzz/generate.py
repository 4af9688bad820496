"""Random programs over generators and exceptions.

Most of what could be written at random does nothing twice: generators that
ended, variables that are None. So the pieces that programs are made of are
somewhat larger than statements: a generator is made and driven for a while,
each time in a try that says what came out; a body yields inside of a try whose
clauses yield, return, raise again; a sub-generator is made and delegated to.
Around and between these pieces anything may stand.
"""

import random

import translate
from script import Function, Statement

VALUES = ["None", "0", "1", "2", "-7", "'a'", "'bc'", "''"]
RAISED = ["ValueError", "TypeError", "KeyError", "RuntimeError", "MyError",
          "MyDerivedError", "MyValueError", "MyBaseError", "StopIteration",
          "GeneratorExit", "OSError", "KeyboardInterrupt",
          "ZeroDivisionError"]
THROWN = RAISED + ["GeneratorExit", "GeneratorExit", "StopIteration",
                   "StopIteration", "ValueError", "ValueError"]
CAUGHT = ["BaseException"] * 5 + ["Exception"] * 4 + ["GeneratorExit"] * 3 + [
    "ValueError"] * 2 + RAISED + ["LookupError", "ArithmeticError"]
SHARED = ["$a", "$b", "$c", "$d"]


class Scope:
    """What a function may use where a statement is made."""

    def __init__(self, kind, level):
        self.kind = kind
        self.level = level           # its number among the functions
        self.in_loop = False
        self.in_handler = False
        self.things = []             # local variables that hold generators
        self.named = False           # e is an exception


class Generator:
    def __init__(self, random):
        self.random = random
        self.defs = []
        self.funs = []
        self.enders = []             # those of them that raise at once
        self.brief = None            # a generator function that ends at once
        self.shared = 0
        self.chain = False           # functions delegate to the next one each
        self.depth = 0
        self.budget = 0

    # ---- words ---------------------------------------------------------------

    def chance(self, probability):
        return self.random.random() < probability

    def choose(self, weights):
        return self.random.choices(list(weights), list(weights.values()))[0]

    def value(self):
        if self.chance(0.7):
            return self.random.choice(VALUES)
        return self.random.choice(["x", "y", "p", "e", "me"])

    def maybe(self, probability):
        return self.value() if self.chance(probability) else None

    def thing(self, scope):
        """A variable that should hold a generator."""
        if scope.kind == "def" and self.chance(0.05):
            return "me"
        if self.chance(0.015):
            return self.random.choice(["x", "p", "e"])
        if scope.things and self.chance(0.5):
            return self.random.choice(scope.things)
        return self.random.choice(SHARED[:self.shared])

    def exception(self, scope, classes):
        if self.chance(0.25 if scope.named else 0.02):
            return ["e", None]
        if self.chance(0.08):
            return [self.random.choice(SHARED[:self.shared]), None]
        return [self.random.choice(classes), self.maybe(0.4)]

    def def_of(self, scope):
        """One that comes later, seldom any: they must not make each other for
        ever."""
        later = [name for level, name in self.defs if level > scope.level]
        if later and self.chain and self.chance(0.8):
            return later[0]
        if later and self.chance(0.97):
            return self.random.choice(later)
        return self.random.choice(self.defs)[1]

    def fun(self):
        return self.random.choice(self.funs)

    def target(self, probability=0.5):
        return self.random.choice("xy") if self.chance(probability) else None

    # ---- single statements ---------------------------------------------------

    def make_new(self, scope, variable=None):
        variable = variable or self.random.choice(
            ["g", "h"] + SHARED[:self.shared])
        statement = Statement("new", [self.def_of(scope), self.maybe(0.2)],
                              variable)
        if variable[0] != "$" and variable not in scope.things:
            scope.things.append(variable)
        return [statement]

    def make_yield(self, scope):
        return [Statement("yield", [self.maybe(0.8)], self.target())]

    def make_yieldfrom(self, scope):
        return [Statement("yieldfrom", [self.thing(scope)], self.target())]

    def make_next(self, scope, thing=None):
        return [Statement("next", [thing or self.thing(scope),
                                   self.maybe(0.07)], self.target())]

    def make_send(self, scope, thing=None):
        return [Statement("send", [thing or self.thing(scope), self.value()],
                          self.target())]

    def make_throw(self, scope, thing=None):
        return [Statement("throw", [thing or self.thing(scope)] +
                          self.exception(scope, THROWN), self.target())]

    def make_close(self, scope, thing=None):
        return [Statement("close", [thing or self.thing(scope)],
                          self.target())]

    def make_drop(self, scope):
        return [Statement("drop", [self.thing(scope)])]

    def make_look(self, scope):
        form = self.choose({"state": 1, "link": 3 if scope.level else 0.5})
        return [Statement(form, [self.thing(scope)])]

    def make_log(self, scope):
        return [Statement("log", [self.value()])]

    def make_let(self, scope):
        return [Statement("let", [self.random.choice("xy"), self.value()])]

    def make_call(self, scope):
        return [Statement("call", [self.fun(), self.value()], self.target())]

    def make_handled(self, scope):
        return [Statement("handled")]

    def make_raise(self, scope):
        cause = None
        if self.chance(0.3):
            cause = "e" if self.chance(0.75) else "None"
        return [Statement("raise", self.exception(scope, RAISED) + [cause])]

    def make_reraise(self, scope):
        return [Statement("reraise")]

    def make_return(self, scope):
        return [Statement("return", [self.maybe(0.85)])]

    def make_break(self, scope):
        return [Statement("break" if self.chance(0.6) else "continue")]

    def make_make(self, scope):
        count = self.random.choice([0, 1, 2, 2])
        scope.named = True
        return [Statement("make", [self.random.choice(RAISED)] + [
            self.value() for _ in range(count)], "e")]

    def make_exception(self, scope):
        """Something is asked of an exception."""
        form = self.choose({"note": 3, "args": 1, "print": 2})
        words = ["e", "n%d" % self.random.randint(1, 3)]
        made = [Statement(form, words if form == "note" else words[:1])]
        if form == "note" and self.chance(0.6):
            made.append(Statement("print", ["e"]))
        return made

    def make_iterable(self, scope, variable=None):
        form = self.choose({"iterator": 3, "list": 1, "plain": 1,
                            "custom": 25 if self.funs else 0})
        words = []
        if form == "custom":
            words = [self.fun()] + [self.fun() if self.chance(0.8) else "-"
                                    for _ in range(3)] + [self.value()]
            if self.enders and self.chance(0.75):
                words[2] = self.random.choice(self.enders)
        elif form != "plain":
            words = [self.value() for _ in range(self.random.randint(0, 3))]
        return [Statement(form, words, variable or self.random.choice(
            ["g", "h"] + SHARED[:self.shared]))]

    # ---- blocks --------------------------------------------------------------

    def within(self, scope, form, words, most=3):
        statement = Statement(form, words)
        statement.block = self.block(scope, most)
        return statement

    def make_loop(self, scope):
        return [self.looped(scope, "loop", [str(self.random.randint(1, 3))])]

    def make_for(self, scope):
        statement = self.looped(scope, "for", [self.random.choice("xy"),
                                               self.thing(scope)])
        if self.chance(0.35):
            statement.block += [Statement("break")]
        if self.chance(0.4):
            statement.clauses.append(("else", [], None, self.block(scope, 2)))
        return [statement]

    def looped(self, scope, form, words):
        outer, scope.in_loop = scope.in_loop, True
        statement = self.within(scope, form, words)
        scope.in_loop = outer
        return statement

    def make_if(self, scope):
        statement = self.within(scope, "if",
                                [self.random.choice(["x", "y", "p"])], 2)
        if self.chance(0.5):
            statement.clauses.append(("else", [], None, self.block(scope, 2)))
        return [statement]

    def make_manage(self, scope):
        statement = self.within(scope, "manage", [self.fun()])
        if self.chance(0.7):
            statement.block += self.make_raise(scope)
        return [statement]

    def make_with(self, scope):
        return [self.within(scope, "with", [self.def_of(scope),
                                            self.maybe(0.2)])]

    def handler(self, scope, most=2):
        """The block of an except clause."""
        outer, scope.in_handler = scope.in_handler, True
        made = self.block(scope, most)
        if scope.kind == "def" and self.chance(0.45):
            # Across a yield it is still this exception that is handled.
            made = self.make_yield(scope) + made[:1] + [Statement("reraise")]
        scope.in_handler = outer
        return made

    def clause(self, scope, classes, name, most=2):
        outer, scope.named = scope.named, scope.named or bool(name)
        block = self.handler(scope, most)
        scope.named = outer
        return ("except", classes, name, block)

    def at_last(self, scope):
        made = self.block(scope, 2)
        if scope.kind == "def" and self.chance(0.3):
            made = self.make_brief(scope) + self.make_yield(scope) + made
        if self.chance(0.4):
            leave = self.choose({"return": 3, "raise": 3,
                                 "break": 3 if scope.in_loop else 0})
            made += getattr(self, "make_" + leave)(scope)
        return ("finally", [], None, made)

    def make_try(self, scope, body=None):
        statement = Statement("try")
        statement.block = body if body is not None else self.block(scope, 3)
        count = self.choose({0: 3, 1: 4, 2: 1, 3: 0.5})
        for _ in range(count):
            classes = [self.random.choice(CAUGHT)]
            if self.chance(0.15):
                classes.append(self.random.choice(CAUGHT))
            statement.clauses.append(self.clause(
                scope, classes, "e" if self.chance(0.5) else None))
        if count and self.chance(0.25):
            block = self.block(scope, 2)
            raises = self.chance(0.6)
            if raises:
                block += self.make_raise(scope)
            statement.clauses.append(("else", [], None, block))
            if raises and self.chance(0.7):
                return [self.guard(scope, [statement])]
        if not count or self.chance(0.4):
            statement.clauses.append(self.at_last(scope))
        return [statement]

    # ---- larger pieces -------------------------------------------------------

    def make_rest(self, scope, delegate=False):
        """A yield or a delegation in a try: what happens when it ends."""
        last = scope.level == len(self.defs)
        body = (self.make_delegate(scope)
                if delegate or self.chance(0.4 if last else 0.65)
                else self.make_yield(scope))
        if self.chance(0.3):
            body += self.make_yield(scope)
        if self.chance(0.15):
            body += self.make_leaving(scope)
        made = self.make_try(scope, body)
        clauses = made[0].clauses
        if len(clauses) < 3 and self.chance(0.4):
            # Whatever comes, it ends by a value or an exception of its own.
            end = [Statement("return", [self.random.choice(VALUES[1:])])]
            if self.chance(0.3):
                end = [Statement("raise", [self.random.choice(RAISED), None,
                                           None])]
            clauses[:0] = [("except", [self.random.choice(
                ["GeneratorExit", "BaseException"])], None, end)]
        if self.chance(0.5):
            outer = Statement("try")
            outer.block = made
            outer.clauses.append(self.at_last(scope))
            made = [outer]
        return made

    def make_nest(self, scope):
        """finally clauses around each other, and a rest inside."""
        made = self.make_yield(scope)
        for _ in range(2):
            statement = Statement("try")
            statement.block = made
            statement.clauses.append(("finally", [], None,
                                      self.make_log(scope)))
            made = [statement]
        return made

    def make_leaving(self, scope):
        """A loop or a function is left through a finally clause."""
        statement = Statement("try")
        form = self.choose({"break": 2, "continue": 2, "return": 1})
        words = [self.maybe(0.5)] if form == "return" else []
        statement.block = [Statement(form, words)]
        if scope.kind == "def" and self.chance(0.5):
            statement.block[:0] = self.make_yield(scope)
        statement.clauses.append(self.at_last(scope))
        loop = Statement("loop", ["2"])
        loop.block = [statement]
        return [loop]

    def make_delegate(self, scope):
        variable = self.random.choice(["g", "h"] + SHARED[:self.shared])
        if self.chance(0.75 if scope.level < len(self.defs) else 0.05):
            made = self.make_new(scope, variable)
        else:
            made = self.make_iterable(scope, variable)
        if self.chance(0.1):
            made += self.make_next(scope, variable)
        return made + [Statement("yieldfrom", [variable], self.target())]

    def make_brief(self, scope):
        """It delegates to what ends soon: what was asked of it (perhaps to
        close) is so still."""
        if not self.brief or self.chance(0.5):
            shared = self.random.choice(SHARED[:self.shared])
            return [Statement("yieldfrom", [shared], self.target())]
        return [Statement("new", [self.brief, self.maybe(0.2)], "h"),
                Statement("yieldfrom", ["h"], self.target())]

    def guard(self, scope, body):
        statement = Statement("try")
        statement.block = body
        classes = ["BaseException" if self.chance(0.85) else "Exception"]
        name = "e" if self.chance(0.4) else None
        if self.chance(0.2):
            clause = self.clause(scope, classes, name)
        else:
            look = (self.make_exception(scope) if name and self.chance(0.15)
                    else [])
            clause = ("except", classes, name, look)
        statement.clauses.append(clause)
        return statement

    def ask(self, scope, thing=None):
        form = self.choose({"next": 6, "send": 4, "throw": 6, "close": 2.5})
        return getattr(self, "make_" + form)(scope, thing)

    def make_guarded(self, scope):
        return [self.guard(scope, self.ask(scope))]

    def make_drive(self, scope):
        """One generator is asked several things."""
        thing = self.thing(scope)
        made = []
        if self.chance(0.6):
            made = self.make_new(scope, thing if thing[0] == "$" else None)
            thing = made[0].target
        made.append(self.guard(scope, self.make_next(scope, thing)))
        for _ in range(self.random.randint(1, 4)):
            made.append(self.guard(scope, self.ask(scope, thing)))
            self.budget -= 1
        if self.chance(0.15):
            made.append(Statement("state", [thing]))
        return made

    def make_cut(self, scope):
        """An exception is raised again while one is handled that it led to."""
        inner = Statement("try")
        inner.block = [Statement("raise", [self.random.choice(RAISED), None,
                                           None])]
        inner.clauses.append(("except", ["BaseException"], None,
                              [Statement("raise", ["e", None, None])]))
        outer = Statement("try")
        outer.block = [Statement("raise", [self.random.choice(RAISED), None,
                                           None])]
        outer.clauses.append(("except", ["BaseException"], "e", [inner]))
        return [self.guard(scope, [outer])]

    def weights(self, scope, deeper):
        forms = {"guarded": 1.5, "next": 0.3, "send": 0.1, "throw": 0.1,
                 "close": 0.2, "new": 0.2, "log": 0.3, "let": 0.2,
                 "raise": 0.6, "handled": 0.3, "look": 0.4, "drop": 0.1,
                 "reraise": 0.07, "return": 0.2, "make": 0.15,
                 "iterable": 0.1, "cut": 0.06, "leaving": 0.1}
        if scope.kind == "def":
            forms.update({"yield": 8, "yieldfrom": 1, "delegate": 4,
                          "return": 1, "look": 2.5, "guarded": 0.8})
        if scope.kind == "main":
            forms.update({"drive": 9, "guarded": 5, "raise": 0.05,
                          "return": 0.01, "next": 0.1, "close": 0.05,
                          "send": 0.02, "throw": 0.02})
        if scope.level == len(self.defs):
            # Nobody comes later.
            forms.update({"new": 0.02, "delegate": 5, "yieldfrom": 1})
        if scope.in_handler:
            forms.update({"reraise": 0.8, "raise": 1.2, "handled": 0.5,
                          "return": 2})
        if scope.named:
            forms["exception"] = 3 if scope.in_handler else 0.5
        if scope.in_loop:
            forms["break"] = 3
        if self.funs and scope.kind != "fun":
            forms["call"] = 2 if scope.in_handler else 0.2
        if deeper:
            if self.funs:
                forms["manage"] = 1
            if scope.kind == "def":
                forms.update({"rest": 8, "nest": 3})
            forms.update({"with": 0.02 if scope.level == len(self.defs) else 0.4,
                          "try": 2, "for": 1, "loop": 1,
                          "if": 0.4})
        return forms

    def block(self, scope, most):
        self.depth += 1
        made = []
        for _ in range(self.random.randint(1, most)):
            if self.budget <= 0:
                break
            self.budget -= 1
            form = self.choose(self.weights(scope, self.depth < 4))
            made += getattr(self, "make_" + form)(scope)
            if form in ("raise", "reraise", "return", "break"):
                break
        self.depth -= 1
        return made

    # ---- functions -----------------------------------------------------------

    def body(self, scope, budget):
        self.depth, self.budget = 0, budget
        made = []
        if 0 < scope.level < len(self.defs) and self.chance(
                0.95 if self.chain else 0.3):
            made += self.make_rest(scope, True)
        if self.chain and scope.level == len(self.defs) and self.chance(0.4):
            return self.make_yield(scope)
        while self.budget > 0:
            made += self.block(scope, 4)
        return made

    def method(self, name):
        """A function that is mostly good for an iterator's method."""
        form = self.choose({"return": 6, "stop": 4, "raise": 5, "again": 3,
                            "any": 4})
        if form == "again":
            return [Statement("reraise")]
        if form in ("stop", "raise"):
            self.enders.append(name)
        if form == "return":
            return [Statement("return", [self.value()])]
        if form == "stop":
            return [Statement("raise", ["StopIteration", self.value(), None])]
        if form == "raise":
            return [Statement("raise", [self.random.choice(RAISED),
                                        self.maybe(0.3), None])]
        return self.body(Scope("fun", 9), self.random.randint(1, 5))

    def brief_body(self):
        form = self.choose({"return": 5, "log": 2, "raise": 1})
        return getattr(self, "make_" + form)(Scope("def", 9))

    def main(self):
        scope = Scope("main", 0)
        first = []
        for name in SHARED[:self.shared]:
            if name == "$d" and self.chance(0.5):
                first += self.make_iterable(scope, name)
            else:
                first += self.make_new(scope, name)
        return first + self.body(scope, self.random.randint(14, 40))

    def program(self):
        random = self.random
        self.shared = random.randint(1, 4)
        self.chain = self.chance(0.35)
        self.defs = [(i + 1, "g%d" % (i + 1))
                     for i in range(random.randint(4, 6) if self.chain else
                                    random.randint(1, 5))]
        self.funs = ["f%d" % (i + 1)
                     for i in range(random.choice([0, 2, 3, 4, 5]))]
        funs = [Function("fun", name, "p", self.method(name))
                for name in self.funs]
        if self.chance(0.3):
            self.brief = "g0"
            funs.append(Function("def", "g0", "p", self.brief_body()))
        functions = [
            Function("def", name, "p", self.body(Scope("def", level),
                                                 3 if self.chain else
                                                 random.randint(3, 9)))
            for level, name in self.defs]
        return functions + funs + [Function("main", "main", None, self.main())]


def program(seed):
    """A random program: its functions. CPython has 20 blocks in each other at
    most; what needs more is made anew."""
    for attempt in range(100):
        functions = Generator(random.Random("%s.%d" % (seed,
                                                       attempt))).program()
        try:
            translate.translate(functions)
        except SyntaxError:
            continue
        return functions
    raise AssertionError("no program has few blocks enough")
