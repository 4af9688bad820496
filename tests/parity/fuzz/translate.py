"""From the fuzzer's language to Python source.

Python's own yield, try and raise do the work; what has to be traced goes
through the run (runtime.py), which is R in the source. A local variable x is
v_x, a shared one S.x; me is the activation that runs.
"""

import collections

import script
import task_forms

# Where a statement stands: the innermost except clause, the innermost finally
# clause (numbers, 0 for none), in an else clause; the loop around (a number),
# whether it is outside of that finally clause; and whether a finally clause
# runs when the function is left from here, and when the loop is; whether it is
# in a with statement; and all finally clauses around.
Context = collections.namedtuple(
    "Context", "handler at_last otherwise loop loop_in_last protected "
    "loop_protected within finals")
OUTSIDE = Context(0, 0, False, 0, False, False, False, False, ())
Translated = collections.namedtuple("Translated", "source code contexts")

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
    "make": "R.make({0}, {*})",
    "list": "R.list({*})",
    "iterator": "R.iterator({*})",
    "plain": "R.plain()",
    "custom": "R.custom(me, [{0}, {1}, {2}, {3}], {4})",
    "yield": "(yield R.yields(me, {0}))",
}
STATEMENTS = {
    "log": "R.log(me, {0})",
    "note": "R.note(me, {0}, {1})",
    "args": "R.args(me, {0})",
    "print": "R.print(me, {0})",
    "drop": "R.drop(me, {0})",
    "reraise": "R.reraises(me); raise",
    "break": "R.leaves(me, 'break'); break",
    "continue": "R.leaves(me, 'continue'); continue",
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


class Translator(task_forms.Blocks):
    def __init__(self):
        self.lines = []
        self.numbers = 0
        self.contexts = []
        self.context = OUTSIDE

    def number(self):
        self.numbers += 1
        return self.numbers

    def put(self, depth, text):
        self.lines.append(" " * depth + text)

    def words(self, statement):
        """The statement's words as Python; `absent` where there is none."""
        made = []
        kinds = script.FORMS[statement.form][0].replace("e", "ee")
        kinds += "*" * (len(statement.words) - len(kinds))
        for kind, word in zip(kinds, statement.words):
            if kind == "o":
                made.append("None" if word == "-" else "f_" + word)
            elif kind == "k":
                made.append(word)
            elif kind == "f":
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

    def block(self, block, depth, **changes):
        outer = self.context
        self.context = outer._replace(**changes)
        if self.context not in self.contexts:
            self.contexts.append(self.context)
        number = self.contexts.index(self.context)
        for statement in block:
            self.put(depth, "R.step(me, %d)" % number)
            self.statement(statement, depth)
        self.context = outer
        if not block:
            self.put(depth, "pass")

    def give(self, statement, depth, expression):
        given = "R.gives(me, %r, %s)" % (statement.form, expression)
        if statement.target:
            given = "%s = %s" % (value(statement.target), given)
        self.put(depth, given)

    def statement(self, statement, depth):
        form, words = statement.form, self.words(statement)
        if form in task_forms.FORMS:
            self.task_statement(statement, words, depth)
        elif form in PLAIN:
            rest = words[1:] if form == "make" else words
            text = PLAIN[form].replace(
                "{1?}", "R.absent" if statement.words[1:] == [None]
                else "{1}").replace("{*}", ", ".join(rest))
            self.give(statement, depth, text.format(*words))
        elif form in STATEMENTS:
            self.put(depth, STATEMENTS[form].format(*words))
        else:
            getattr(self, "put_" + form)(statement, words, depth)

    # ---- the forms that are Python's statements ------------------------------

    def put_try(self, statement, words, depth):
        number = self.number()
        kinds = [clause[0] for clause in statement.clauses]
        guarded = {}
        if "finally" in kinds:
            self.put(depth, "h_%d = sys.exception()" % number)
            guarded = {"protected": True, "loop_protected": True}
        self.put(depth, "try:")
        self.block(statement.block, depth + 1, **guarded)
        for index, (kind, classes, name, clause) in enumerate(
                statement.clauses):
            if kind == "except":
                self.put_except(depth, index, classes, name)
                self.block(clause, depth + 1, handler=self.numbers, **guarded)
            elif kind == "else":
                self.put(depth, "else:")
                self.put(depth + 1, "R.otherwise(me)")
                self.block(clause, depth + 1, otherwise="except" in kinds,
                           **guarded)
            else:
                self.put(depth, "finally:")
                self.put(depth + 1, "R.at_last(me, %d, h_%d)" % (number,
                                                                 number))
                self.block(clause, depth + 1, at_last=number,
                           loop_in_last=bool(self.context.loop),
                           finals=self.context.finals + (number,))

    def put_except(self, depth, index, classes, name):
        number = self.number()
        e = "e_%d" % number
        listed = "(%s,)" % ", ".join(classes)
        self.put(depth, "except %s as %s:" % (listed, e))
        self.put(depth + 1, "R.caught(me, %s, %d, %d, %s)" % (
            e, number, index, listed))
        if name:
            self.put(depth + 1, "%s = %s" % (value(name), e))

    def put_raise(self, statement, words, depth):
        if words[1] == "R.absent" and words[0] in script.CLASS_NAMES:
            text = "raise R.raises_class(me, %s)" % words[0]
        else:
            text = "raise R.raises(me, %s, %s)" % (words[0], words[1])
        if statement.words[2] is not None:
            text += " from R.cause(%s, %s)" % (
                words[2], words[0] in script.CLASS_NAMES and
                words[1][0] == "'")
        self.put(depth, text)

    def put_yieldfrom(self, statement, words, depth):
        number = self.number()
        self.put(depth, "h_%d = sys.exception()" % number)
        self.put(depth, "try:")
        self.give(statement, depth + 1,
                  "(yield from R.delegate(me, %s))" % words[0])
        self.put(depth, "finally:")
        self.put(depth + 1, "R.delegated(me, h_%d)" % number)

    def put_loop(self, statement, words, depth):
        self.put(depth, "for _ in range(%s):" % words[0])
        self.block(statement.block, depth + 1, loop=self.number(),
                   loop_in_last=False, loop_protected=False)

    def put_for(self, statement, words, depth):
        # The driver in C holds what it iterates until the statement is left.
        number = self.number()
        held = "i_%d" % number
        self.put(depth, "%s = R.iterate(me, %s, %d)" % (held, words[1],
                                                        number))
        self.put(depth, "try:")
        self.put(depth + 1, "for %s in %s:" % (words[0], held))
        self.put(depth + 2, "R.item(me, %s)" % words[0])
        self.block(statement.block, depth + 2, loop=number,
                   loop_in_last=False, loop_protected=False)
        self.put(depth + 1, "else:")
        self.put(depth + 2, "R.exhausted(me, %d)" % number)
        for _, _, _, clause in statement.clauses:
            self.block(clause, depth + 2)
        self.put(depth, "finally:")
        self.put(depth + 1, "R.iterated(me, %d)" % number)
        self.put(depth + 1, held + " = None")

    def put_if(self, statement, words, depth):
        self.put(depth, "if %s:" % words[0])
        self.block(statement.block, depth + 1)
        for _, _, _, clause in statement.clauses:
            self.put(depth, "else:")
            self.block(clause, depth + 1)

    def put_manage(self, statement, words, depth):
        self.put(depth, "with R.manager(me, %s):" % words[0])
        self.block(statement.block, depth + 1, within=True)

    def put_with(self, statement, words, depth):
        self.put(depth, "with R.context_manager(me, %s, %s) as given:" %
                 tuple(words))
        self.put(depth + 1, "R.within(me, given)")
        self.block(statement.block, depth + 1, within=True)

    def put_return(self, statement, words, depth):
        self.put(depth, "return R.returns(me, %s)" % words[0])

    def put_let(self, statement, words, depth):
        self.put(depth, "%s = %s" % tuple(words))

    # ---- functions -----------------------------------------------------------

    def function(self, function):
        parameter = function.parameter
        names = names_of(function.block, set())
        self.put(0, "%sdef c_%s(me, %s):" % (
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


class last:
    """What was translated last, which is often asked for twice."""
    functions = translated = None


def translate(functions):
    if functions is last.functions:
        return last.translated
    translator = Translator()
    for function in functions:
        translator.function(function)
    source = "\n".join(translator.lines) + "\n"
    last.translated = Translated(
        source, compile(source, "<program>", "exec"), translator.contexts)
    last.functions = functions
    return last.translated
