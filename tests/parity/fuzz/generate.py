"""Random programs over generators and exceptions.

The weights are chosen so that programs get somewhere: most variables hold what
their names promise, most of what a program asks of a generator stands in a try
that says what came out, and most generators are made from functions that come
later in the program, so that few make each other for ever.
"""

from script import Function, Statement

VALUES = ["None", "0", "1", "2", "-7", "'a'", "'bc'", "''"]
RAISED = ["ValueError", "TypeError", "KeyError", "RuntimeError", "MyError",
          "MyDerivedError", "MyValueError", "MyBaseError", "StopIteration",
          "StopIteration", "GeneratorExit", "GeneratorExit", "OSError",
          "KeyboardInterrupt", "ZeroDivisionError"]
CAUGHT = RAISED + ["Exception", "Exception", "BaseException", "BaseException",
                   "LookupError", "ArithmeticError", "MyError"]
SHARED = ["$a", "$b", "$c", "$d"]


class Scope:
    """What a function may use where a statement is made."""

    def __init__(self, kind, level):
        self.kind = kind
        self.level = level          # its number among the functions
        self.in_loop = False
        self.in_handler = False
        self.size = 0               # statements made so far


class Generator:
    def __init__(self, random):
        self.random = random
        self.defs = []
        self.funs = []

    # ---- words ---------------------------------------------------------------

    def chance(self, probability):
        return self.random.random() < probability

    def value(self):
        if self.chance(0.6):
            return self.random.choice(VALUES)
        return self.random.choice(["x", "y", "p", "e", "me"])

    def thing(self, scope):
        """A variable that should hold a generator."""
        if scope.kind == "def" and self.chance(0.05):
            return "me"
        if self.chance(0.03):
            return self.random.choice(["x", "p", "e"])
        if self.chance(0.25):
            return self.random.choice(["g", "h"])
        return self.random.choice(SHARED[:self.shared])

    def exception(self):
        if self.chance(0.12):
            return ["e", None]
        name = self.random.choice(RAISED)
        return [name, self.value() if self.chance(0.5) else None]

    def def_of(self, scope):
        later = [name for level, name in self.defs if level > scope.level]
        if later and self.chance(0.93):
            return self.random.choice(later)
        return self.random.choice(self.defs)[1]

    # ---- statements ----------------------------------------------------------

    def simple(self, form, words=(), target=None):
        return Statement(form, words, target)

    def target(self, probability=0.6):
        return self.random.choice("xy") if self.chance(probability) else None

    def make_new(self, scope):
        variable = self.random.choice(["g", "h"] + SHARED[:self.shared])
        return self.simple("new", [self.def_of(scope), self.value()
                                   if self.chance(0.3) else None], variable)

    def make_yield(self, scope):
        return self.simple("yield", [self.value()], self.target())

    def make_yieldfrom(self, scope):
        return self.simple("yieldfrom", [self.thing(scope)], self.target())

    def make_next(self, scope):
        return self.simple("next", [self.thing(scope), self.value()
                                    if self.chance(0.1) else None],
                           self.target())

    def make_send(self, scope):
        return self.simple("send", [self.thing(scope), self.value()],
                           self.target())

    def make_throw(self, scope):
        return self.simple("throw", [self.thing(scope)] + self.exception(),
                           self.target())

    def make_close(self, scope):
        return self.simple("close", [self.thing(scope)], self.target())

    def make_drop(self, scope):
        return self.simple("drop", [self.thing(scope)])

    def make_state(self, scope):
        return self.simple("state", [self.thing(scope)])

    def make_link(self, scope):
        return self.simple("link", [self.thing(scope)])

    def make_for(self, scope):
        return self.looped(scope, "for", [self.random.choice("xy"),
                                          self.thing(scope)], True)

    def make_loop(self, scope):
        return self.looped(scope, "loop", [str(self.random.randint(1, 3))],
                           False)

    def looped(self, scope, form, words, may_else):
        statement = Statement(form, words)
        outer, scope.in_loop = scope.in_loop, True
        statement.block = self.block(scope, 3)
        scope.in_loop = outer
        if may_else and self.chance(0.3):
            statement.clauses.append(("else", [], None, self.block(scope, 2)))
        return statement

    def make_if(self, scope):
        statement = Statement("if", [self.random.choice(["x", "y", "p"])])
        statement.block = self.block(scope, 2)
        if self.chance(0.5):
            statement.clauses.append(("else", [], None, self.block(scope, 2)))
        return statement

    def make_try(self, scope):
        statement = Statement("try")
        statement.block = self.block(scope, 3)
        count = self.random.choice([0, 1, 1, 1, 1, 2, 3])
        outer, scope.in_handler = scope.in_handler, True
        for _ in range(count):
            classes = [self.random.choice(CAUGHT)]
            if self.chance(0.2):
                classes.append(self.random.choice(CAUGHT))
            statement.clauses.append((
                "except", classes, "e" if self.chance(0.5) else None,
                self.block(scope, 2)))
        scope.in_handler = outer
        if count and self.chance(0.25):
            statement.clauses.append(("else", [], None, self.block(scope, 2)))
        if not count or self.chance(0.35):
            statement.clauses.append(
                ("finally", [], None, self.block(scope, 2)))
        return statement

    def make_guarded(self, scope):
        """Something asked of a generator; whatever comes out is said."""
        statement = Statement("try")
        statement.block = [self.ask(scope)]
        if self.chance(0.5):
            statement.block.append(self.ask(scope))
        handler = []
        if self.chance(0.3):
            handler = self.block(scope, 2)
        statement.clauses.append((
            "except", ["BaseException" if self.chance(0.8) else "Exception"],
            "e" if self.chance(0.4) else None, handler))
        return statement

    def make_raise(self, scope):
        cause = None
        if self.chance(0.3):
            cause = "e" if self.chance(0.7) else "None"
        return self.simple("raise", self.exception() + [cause])

    def make_reraise(self, scope):
        return self.simple("reraise")

    def make_return(self, scope):
        return self.simple("return", [self.value() if self.chance(0.7)
                                      else None])

    def make_break(self, scope):
        return self.simple("break" if self.chance(0.6) else "continue")

    def make_handled(self, scope):
        return self.simple("handled", (), "e" if self.chance(0.2) else None)

    def make_log(self, scope):
        return self.simple("log", [self.value()])

    def make_let(self, scope):
        return self.simple("let", [self.random.choice("xy"), self.value()])

    def make_call(self, scope):
        return self.simple("call", [self.random.choice(self.funs)[1],
                                    self.value()], self.target())

    def ask(self, scope):
        return getattr(self, "make_" + self.random.choices(
            ["next", "send", "throw", "close"], [6, 4, 4, 2])[0])(scope)

    # ---- blocks and functions ------------------------------------------------

    def weights(self, scope, depth):
        forms = {"guarded": 5, "next": 2, "send": 1.2, "throw": 1.2,
                 "close": 1, "new": 2, "log": 1.2, "let": 0.4, "raise": 1.6,
                 "handled": 0.7, "state": 0.6, "link": 0.5, "drop": 0.25,
                 "reraise": 0.25, "return": 0.5}
        if scope.kind == "def":
            forms.update({"yield": 9, "yieldfrom": 4, "guarded": 2,
                          "next": 0.8, "send": 0.4, "throw": 0.4,
                          "close": 0.5, "new": 1.4, "return": 0.8})
        if scope.kind == "main":
            forms.update({"guarded": 12, "raise": 0.4, "return": 0.1})
        if scope.in_handler:
            forms.update({"reraise": 2, "raise": 2.5, "handled": 1.2})
        if scope.in_loop:
            forms["break"] = 1.5
        if self.funs and scope.kind != "fun":
            forms["call"] = 1
        if depth > 0:
            forms.update({"try": 4, "for": 0.8, "loop": 1, "if": 0.6})
        return forms

    def block(self, scope, most):
        self.depth += 1
        made = []
        for _ in range(self.random.randint(1, most)):
            if self.budget <= 0:
                break
            self.budget -= 1
            forms = self.weights(scope, 5 - self.depth)
            form = self.random.choices(list(forms), forms.values())[0]
            made.append(getattr(self, "make_" + form)(scope))
            if form in ("raise", "reraise", "return", "break"):
                break
        self.depth -= 1
        return made

    def function(self, kind, name, level, budget):
        self.depth = 0
        self.budget = budget
        scope = Scope(kind, level)
        made = []
        while self.budget > 0:
            made += self.block(scope, 4)
            if kind != "main" and self.chance(0.3):
                break
        return Function(kind, name, None if kind == "main" else "p", made)

    def program(self):
        random = self.random
        self.shared = random.randint(1, 4)
        self.defs = [(i + 1, "g%d" % (i + 1))
                     for i in range(random.randint(1, 4))]
        self.funs = [(9, "f%d" % (i + 1))
                     for i in range(random.choice([0, 0, 1, 2]))]
        functions = [self.function("def", name, level, random.randint(4, 18))
                     for level, name in self.defs]
        functions += [self.function("fun", name, level, random.randint(2, 8))
                      for level, name in self.funs]
        main = self.function("main", "main", 0, random.randint(8, 24))
        first = [self.simple("new", [random.choice(self.defs)[1], None], name)
                 for name in SHARED[:self.shared]]
        main.block[:0] = first
        return functions + [main]


def program(random):
    """A random program: its functions."""
    return Generator(random).program()
