"""The fuzzer's language: reading programs into a tree, and writing them back.

README.md describes it. The C driver reads the same (driver/parse.c); both
refuse what the other refuses.
"""

import task_forms

# What a form's name is followed by: driver/program.h says what the letters
# mean. A form is (words, gives, block, clauses, in_loop, only).
GIVES, BLOCK, LOOP, IN_LOOP = 1, 2, 4, 8
FORMS = {
    "try": ("", BLOCK, "except else finally", None),
    "raise": ("eF", 0, "", None),
    "reraise": ("", 0, "", None),
    "handled": ("", GIVES, "", None),
    "loop": ("n", BLOCK | LOOP, "", None),
    "if": ("v", BLOCK, "else", None),
    "break": ("", IN_LOOP, "", None),
    "continue": ("", IN_LOOP, "", None),
    "return": ("V", 0, "", None),
    "call": ("fV", GIVES, "", None),
    "log": ("v", 0, "", None),
    "let": ("tv", 0, "", None),
    "new": ("fV", GIVES, "", None),
    "yield": ("V", GIVES, "", "def"),
    "yieldfrom": ("v", GIVES, "", "def"),
    "next": ("vV", GIVES, "", None),
    "send": ("vv", GIVES, "", None),
    "throw": ("ve", GIVES, "", None),
    "close": ("v", GIVES, "", None),
    "drop": ("v", 0, "", None),
    "state": ("v", GIVES, "", None),
    "link": ("v", GIVES, "", None),
    "make": ("k*", GIVES, "", None),
    "note": ("vm", 0, "", None),
    "args": ("v", 0, "", None),
    "print": ("v", 0, "", None),
    "list": ("*", GIVES, "", None),
    "iterator": ("*", GIVES, "", None),
    "plain": ("", GIVES, "", None),
    "custom": ("ooooV", GIVES, "", None),
    "manage": ("f", BLOCK, "", None),
    "with": ("fV", BLOCK, "", None),
    "for": ("tv", BLOCK | LOOP, "else", None),
}
FORMS.update(task_forms.FORMS)
KINDS = ("main", "fun", "def", "async")
ENDS = ("end", "except", "else", "finally")
SEPARATOR = "----"


class Mistake(Exception):
    """A program that cannot be read."""


class Statement:
    """One statement. `words` are tokens, one for each letter of its form; an
    absent one is None. `clauses` are [(kind, classes, name, block)]."""

    __slots__ = ("form", "target", "words", "block", "clauses", "line")

    def __init__(self, form, words=(), target=None, block=None, clauses=None,
                 line=0):
        self.form = form
        self.words = list(words)
        self.target = target
        self.block = block
        self.clauses = clauses if clauses is not None else []
        self.line = line

    def head(self):
        words = [self.form]
        kinds = FORMS[self.form][0].replace("e", "ee")
        for kind, word in zip(kinds + "*" * len(self.words), self.words):
            if word is not None:
                words += ["from", word] if kind == "F" else [word]
        if self.target:
            words = [self.target, "="] + words
        return " ".join(words)


class Function:
    __slots__ = ("kind", "name", "parameter", "block")

    def __init__(self, kind, name, parameter, block):
        self.kind = kind
        self.name = name
        self.parameter = parameter
        self.block = block

    def head(self):
        if self.name == "main":
            return "main" if self.kind == "main" else self.kind + " main"
        return " ".join(each for each in
                        (self.kind, self.name, self.parameter) if each)


# ---- writing -----------------------------------------------------------------

def write_block(block, lines, depth):
    indent = "  " * depth
    for statement in block:
        lines.append(indent + statement.head())
        if statement.block is None:
            continue
        write_block(statement.block, lines, depth + 1)
        for kind, classes, name, clause in statement.clauses:
            head = [kind] + list(classes) + (["as", name] if name else [])
            lines.append(indent + " ".join(head))
            write_block(clause, lines, depth + 1)
        lines.append(indent + "end")


def write(functions):
    lines = []
    for function in functions:
        lines.append(function.head())
        write_block(function.block, lines, 1)
        lines.append("end")
    return "\n".join(lines) + "\n"


# ---- reading -----------------------------------------------------------------

class Reader:
    def __init__(self, lines):
        self.lines = lines          # [(number, [token])]
        self.at = 0

    def next(self):
        if self.at == len(self.lines):
            raise Mistake("'end' expected at the end of the stream")
        line = self.lines[self.at]
        self.at += 1
        return line


def is_name(token):
    return (token[:1].islower() and token != "me" and
            all(c.islower() or c.isdigit() or c == "_" for c in token))


def is_variable(token):
    return is_name(token[1:] if token[:1] == "$" else token)


def is_number(token):
    return token.lstrip("-").isdigit() and abs(int(token)) <= 1000000


def is_string(token):
    return len(token) > 1 and token[0] == token[-1] == "'"


def is_value(token):
    return (token in ("None", "me") or is_number(token) or is_string(token) or
            is_variable(token))


def check(condition, line, what):
    if not condition:
        raise Mistake("line %d: %s" % (line, what))


def read_words(form, tokens, line):
    words, rest = [], list(tokens)

    def take(test, what):
        check(rest and test(rest[0]), line, what + " expected")
        return rest.pop(0)

    for kind in FORMS[form][0]:
        if kind == "v":
            words.append(take(is_value, "a value"))
        elif kind == "V":
            words.append(take(is_value, "a value") if rest else None)
        elif kind == "t":
            words.append(take(is_variable, "a variable"))
        elif kind == "n":
            words.append(take(is_number, "a number"))
        elif kind == "f":
            words.append(take(is_name, "a function"))
        elif kind == "o":
            words.append(take(lambda token: token == "-" or is_name(token),
                              "a function or '-'"))
        elif kind == "k":
            words.append(take(lambda token: token in CLASS_NAMES, "a class"))
        elif kind == "m":
            words.append(take(lambda token: True, "a word"))
        elif kind == "F":
            if rest and rest[0] == "from":
                rest.pop(0)
                words.append(take(is_value, "a value"))
            else:
                words.append(None)
        elif kind == "e":
            first = take(lambda token: True, "an exception")
            words.append(first)
            if first[0].isupper() and first != "None":
                check(first in CLASS_NAMES, line, "no class " + first)
                words.append(take(is_value, "a value")
                             if rest and rest[0] != "from" else None)
            else:
                check(is_value(first), line, "no value " + first)
                words.append(None)
        elif kind == "*":
            while rest:
                words.append(take(is_value, "a value"))
    check(not rest, line, "nothing expected where %s is" % rest[:1])
    return words


def read_statement(reader, line, tokens, kind, in_loop):
    target = None
    if len(tokens) > 1 and tokens[1] == "=":
        check(is_variable(tokens[0]), line, "no variable")
        check(len(tokens) > 2, line, "a statement expected")
        target, tokens = tokens[0], tokens[2:]
    form = tokens[0]
    check(form in FORMS, line, "'%s' is no statement" % form)
    _, flags, may, only = FORMS[form]
    check(not target or flags & GIVES, line, "'%s' gives nothing" % form)
    check(in_loop or not flags & IN_LOOP, line, "outside of a loop")
    check(not only or kind in only.split(), line,
          "'%s' in a function of another kind" % form)
    statement = Statement(form, read_words(form, tokens[1:], line), target,
                          line=line)
    if not flags & BLOCK:
        return statement
    statement.block, line, tokens = read_block(
        reader, kind, in_loop or bool(flags & LOOP))
    may = may.split()
    while tokens[0] != "end":
        check(tokens[0] in may, line, "'%s' is not expected" % tokens[0])
        clause, classes, name = tokens[0], tokens[1:], None
        if clause != "except":
            check(not classes, line, "nothing expected here")
            may = may[may.index(clause) + 1:]
        elif "as" in classes:
            at = classes.index("as")
            check(len(classes) == at + 2, line, "a variable expected")
            classes, name = classes[:at], classes[at + 1]
        check(clause != "except" or classes and
              all(each in CLASS_NAMES for each in classes), line, "no class")
        check(len(classes) < 3, line, "more than 2 classes")
        block, line, tokens = read_block(reader, kind, in_loop)
        statement.clauses.append((clause, classes, name, block))
    kinds = [clause[0] for clause in statement.clauses]
    check(kinds.count("except") < 4, line, "more than 3 except clauses")
    if form == "try":
        check("except" in kinds or "finally" in kinds, line,
              "a try without except and finally")
        check("except" in kinds or "else" not in kinds, line,
              "an else without except")
    check(len(tokens) == 1, line, "nothing expected here")
    return statement


def read_block(reader, kind, in_loop):
    """The statements up to a line that ends the block, and that line."""
    block = []
    while True:
        line, tokens = reader.next()
        if tokens[0] in ENDS:
            return block, line, tokens
        block.append(read_statement(reader, line, tokens, kind, in_loop))


def read(text):
    """The functions of one program."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        tokens = line.split("#")[0].split() if "#" in line else line.split()
        if tokens:
            lines.append((number, tokens))
    reader, functions = Reader(lines), []
    while reader.at < len(lines):
        line, tokens = reader.next()
        kind = tokens[0]
        check(kind in KINDS, line, "'%s' begins no function" % kind)
        rest = tokens[1:]
        if kind == "main" or rest[:1] == ["main"]:
            name, rest = "main", rest[kind != "main":]
        else:
            check(rest, line, "a name expected")
            name = rest.pop(0)
        check(is_name(name), line, "'%s' is no name" % name)
        check(len(rest) <= (name != "main"), line, "nothing expected here")
        check(name not in [each.name for each in functions], line,
              "there is a function '%s' already" % name)
        block, line, tokens = read_block(reader, kind, False)
        check(tokens == ["end"], line, "'%s' is not expected" % tokens[0])
        functions.append(Function(kind, name, rest[0] if rest else None,
                                  block))
    check_names(functions)
    return functions


def check_block(block, names):
    for each in block:
        for kind, word in zip(FORMS[each.form][0], each.words):
            check(kind not in "fo" or word == "-" or word in names, each.line,
                  "there is no function '%s'" % word)
        if each.block is not None:
            check_block(each.block, names)
        for clause in each.clauses:
            check_block(clause[3], names)


def check_names(functions):
    names = [each.name for each in functions]
    if "main" not in names:
        raise Mistake("a program without main")
    names.remove("main")
    for each in functions:
        check_block(each.block, names)


# The classes that programs may name.
CLASS_NAMES = frozenset("""
BaseException BaseExceptionGroup CancelledError GeneratorExit KeyboardInterrupt
SystemExit Exception ArithmeticError ZeroDivisionError AttributeError
ExceptionGroup LookupError IndexError KeyError OSError TimeoutError EOFError
InvalidStateError QueueEmpty QueueFull QueueShutDown RuntimeError
BrokenBarrierError NotImplementedError RecursionError StopAsyncIteration
StopIteration TypeError ValueError MyError MyDerivedError MyValueError MyBaseError
""".split())
