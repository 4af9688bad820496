"""From the fuzzer's language to Python source.

Python's own yield, try and raise do the work; what has to be traced goes
through the run (runtime.py), which is R in the source. A local variable x is
v_x, a shared one S.x; me is the activation that runs.
"""

import script

PLAIN = {
    "handled": "R.handled()",
    "call": "R.call(me, {0}, {1})",
    "new": "R.new(me, {0}, {1})",
    "next": "R.next(me, {0}, {1?})",
    "send": "R.send(me, {0}, {1})",
    "throw": "R.throw(me, {0}, {1}, {2})",
    "close": "R.close(me, {0})",
    "state": "R.state(me, {0})",
    "link": "R.link(me, {0})",
    "yield": "(yield R.yields(me, {0}))",
}
STATEMENTS = {
    "log": "R.log(me, {0})",
    "drop": "R.drop(me, {0})",
    "reraise": "R.reraises(); raise",
    "break": "break",
    "continue": "continue",
}


def value(token):
    if token is None or token == "None":
        return "None"
    if token == "me":
        return "me.handle"
    if token[0] == "'" or token[0] == "-" or token[0].isdigit():
        return token
    if token[0] == "$":
        return "S." + token[1:]
    return "v_" + token


def names_of(block, found):
    for each in block:
        if each.target:
            found.add(each.target)
        found.update(word for word in each.words
                     if word and script.is_variable(word))
        if each.block is not None:
            names_of(each.block, found)
            for _, _, name, clause in each.clauses:
                if name:
                    found.add(name)
                names_of(clause, found)
    return found


class Translator:
    def __init__(self):
        self.lines = []
        self.caught = 0

    def put(self, depth, text):
        self.lines.append(" " * depth + text)

    def words(self, statement):
        """The statement's words as Python; `absent` where there is none."""
        made = []
        kinds = script.FORMS[statement.form][0].replace("e", "ee")
        kinds += "*" * (len(statement.words) - len(kinds))
        for kind, word in zip(kinds, statement.words):
            if kind == "f":
                made.append("f_" + word)
            elif kind == "n":
                made.append(word)
            elif kind == "m":
                made.append(repr(word))
            elif kind in "eF" and word is None:
                made.append("R.absent")
            elif kind == "e" and word in script.CLASS_NAMES:
                made.append(word)
            else:
                made.append(value(word))
        return made

    def block(self, block, depth):
        for statement in block:
            self.put(depth, "R.step(me)")
            self.statement(statement, depth)
        if not block:
            self.put(depth, "pass")

    def give(self, statement, depth, expression):
        given = "R.gives(me, %r, %s)" % (statement.form, expression)
        if statement.target:
            given = "%s = %s" % (value(statement.target), given)
        self.put(depth, given)

    def statement(self, statement, depth):
        form, words = statement.form, self.words(statement)
        if form in PLAIN:
            text = PLAIN[form].replace(
                "{1?}", "R.absent" if statement.words[1:] == [None]
                else "{1}")
            self.give(statement, depth, text.format(*words))
        elif form in STATEMENTS:
            self.put(depth, STATEMENTS[form].format(*words))
        else:
            getattr(self, "put_" + form)(statement, words, depth)

    # ---- the forms that are Python's statements ------------------------------

    def put_try(self, statement, words, depth):
        self.put(depth, "try:")
        self.block(statement.block, depth + 1)
        for kind, classes, name, clause in statement.clauses:
            if kind == "except":
                self.caught += 1
                e = "e_%d" % self.caught
                self.put(depth, "except (%s,) as %s:" % (", ".join(classes),
                                                         e))
                self.put(depth + 1, "R.caught(me, %s)" % e)
                if name:
                    self.put(depth + 1, "%s = %s" % (value(name), e))
            else:
                self.put(depth, kind + ":")
                self.put(depth + 1, "R.%s(me)" % (
                    "at_last" if kind == "finally" else "otherwise"))
            self.block(clause, depth + 1)

    def put_raise(self, statement, words, depth):
        text = "raise R.exception(%s, %s)" % (words[0], words[1])
        if words[1] == "R.absent" and words[0] in script.CLASS_NAMES:
            text = "raise " + words[0]
        if statement.words[2] is not None:
            text += " from R.cause(%s)" % words[2]
        self.put(depth, text)

    def put_yieldfrom(self, statement, words, depth):
        self.put(depth, "try:")
        self.give(statement, depth + 1,
                  "(yield from R.delegate(me, %s))" % words[0])
        self.put(depth, "finally:")
        self.put(depth + 1, "R.delegated(me)")

    def put_loop(self, statement, words, depth):
        self.put(depth, "for _ in range(%s):" % words[0])
        self.block(statement.block, depth + 1)

    def put_for(self, statement, words, depth):
        self.put(depth, "for %s in R.iterate(me, %s):" % tuple(words))
        self.put(depth + 1, "R.item(me, %s)" % words[0])
        self.block(statement.block, depth + 1)
        self.put(depth, "else:")
        self.put(depth + 1, "R.exhausted(me)")
        for _, _, _, clause in statement.clauses:
            self.block(clause, depth + 1)

    def put_if(self, statement, words, depth):
        self.put(depth, "if %s:" % words[0])
        self.block(statement.block, depth + 1)
        for _, _, _, clause in statement.clauses:
            self.put(depth, "else:")
            self.block(clause, depth + 1)

    def put_return(self, statement, words, depth):
        self.put(depth, "return R.returns(me, %s)" % words[0])

    def put_let(self, statement, words, depth):
        self.put(depth, "%s = %s" % tuple(words))

    # ---- functions -----------------------------------------------------------

    def function(self, function):
        parameter = function.parameter
        names = names_of(function.block, set())
        self.put(0, "%sdef f_%s(me, %s):" % (
            "async " if function.kind == "async" else "", function.name,
            value(parameter) if parameter else "argument"))
        for name in sorted(names):
            if name[0] != "$" and name != parameter:
                self.put(1, "v_%s = None" % name)
        if function.kind == "def":
            self.put(1, "if 0: yield")
        self.put(1, "R.begins(me, %s)" % (
            value(parameter) if parameter else "argument"))
        self.block(function.block, 1)
        self.put(1, "R.ends(me)")


def translate(functions):
    translator = Translator()
    for function in functions:
        translator.function(function)
    return "\n".join(translator.lines) + "\n"
