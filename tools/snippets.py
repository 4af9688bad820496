#!/usr/bin/env python3
"""Keeps the code and the output that the documents show true.

usage: snippets.py [--write] [--tree DIR] [DOCUMENT.md ...]

Looks through README.md and docs/. A comment above a block says what it shows:

    <!-- S04_generator_basic.c: test1, main -->
        these definitions at the top level of a compiled example: functions,
        types, variables, macros, and what CEDE_CLASS(name, ...) and its like
        define. A comment right above a definition belongs to it
    <!-- S01_eager_vs_lazy_sum.c -->
        the whole file, but for the comment at its head
    <!-- prints: S04_generator_basic -->
        what it prints: the expectation that a test compares it with
    <!-- prints: S04_generator_basic, lines 1-3, 7 -->
        these lines of it; "..." stands where some are left out
    <!-- shown only: WHY -->
        code that is nowhere compiled, or output of nothing here, and why

A FILE is in examples/tutorial/, or has its path from the top of the tree. So
has an expectation that is not found by the program's name.

In docs/tutorial/ every block of C, and every block without a language, needs
one of these, no line of a diagram has a semicolon (it would end the line there),
every link to a file must lead somewhere, and README.md maps the
rows S01 to S127: each has a program, a test and a chapter that mentions it, and
no program of examples/tutorial/ is mentioned nowhere.

Without --write says what differs and exits with 1. With it puts what is true
into the blocks, and makes those that are missing.
"""

import argparse
import difflib
import glob
import os
import re
import sys

TUTORIAL = "docs/tutorial"
ROWS = 127
CODE = re.compile(r"<!-- ([\w./-]+\.[ch])(?:: *([^>]+?))? -->$")
PRINTS = re.compile(r"<!-- prints: ([\w./-]+)(?:, lines? ([\d, -]+?))? -->$")
SHOWN = re.compile(r"<!-- shown only: \S.* -->$")
FENCE = re.compile(r"(```+)(\w*)$")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
FREE = ("mermaid", "sh", "python", "cmake", "text")  # need no source


class Fault(Exception):
    """What a document or the map of rows has wrong."""


# ---- definitions of a C file -------------------------------------------------

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
      | (?P<literal>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
      | (?P<directive>(?<![^\n])[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*)
      | (?P<blank>\s+)
      | (?P<word>\w+)
      | (?P<mark>.)""", re.VERBOSE | re.DOTALL)


class Definition:
    """One thing at the top level: where it is, and the names it goes by."""

    def __init__(self, begin, end, names):
        self.begin, self.end, self.names = begin, end, names


def names_of(tokens):
    """What the tokens of a definition, without comments, define."""
    if tokens[0].startswith("#"):
        return re.findall(r"#\s*define\s+(\w+)", tokens[0])
    depth = 0
    names, word = [], None
    for index, token in enumerate(tokens):
        if token in "({[":
            if depth == 0 and token != "(" and word:
                names.append(word)  # struct NAME {, NAME[] = {
            if depth == 0 and token == "(" and word and word.isupper():
                names.append(tokens[index + 1])  # CEDE_CLASS(NAME, ...)
            elif depth == 0 and token == "(" and word:
                return names + [word]
            depth += 1
        elif token in ")}]":
            depth -= 1
            word = None
        elif depth == 0 and token == "=":
            return names + [word] if word else names
        elif depth == 0 and token == ";":
            return names + [word] if word else names
        elif depth == 0 and re.match(r"\w", token):
            word = token
    return names


def definitions(text):
    """The definitions of a file of C, in its order."""
    found, tokens = [], []
    begin = comment = None
    depth, body = 0, False

    def end(position):
        nonlocal tokens, begin, comment, body
        found.append(Definition(begin, position, names_of(tokens)))
        tokens, begin, comment, body = [], None, None, False

    for match in TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "blank":
            if begin is None and token.count("\n") > 1:
                comment = None
            continue
        if kind == "comment":
            if begin is None and comment is None:
                comment = match.start()
            continue
        if kind == "directive" and depth > 0:
            continue
        if begin is None:
            begin = match.start() if comment is None else comment
        if kind == "mark" and token == "{" and depth == 0:
            body = tokens[-1] == ")"
        tokens.append(token)
        if kind == "mark" and token in "({[":
            depth += 1
        elif kind == "mark" and token in ")}]":
            depth -= 1
        if kind == "directive" or (kind == "mark" and depth == 0 and (
                token == ";" or (token == "}" and body))):
            end(match.end())
    return found


def named(text, names, where):
    """The text of the definitions of these names; neighbours stay so."""
    known = {}
    for index, definition in enumerate(definitions(text)):
        for name in definition.names:
            known.setdefault(name, (index, definition))
    result, before = "", None
    for name in names:
        if name not in known:
            raise Fault(f"{where} defines no {name}")
        index, definition = known[name]
        if before is not None:
            close = before[0] + 1 == index and text[
                before[1].end:definition.begin].count("\n") == 1
            result += "\n" if close else "\n\n"
        result += text[definition.begin:definition.end]
        before = known[name]
    return result + "\n"


def without_head(text):
    """A whole file, but for the comment at its head."""
    return re.sub(r"\A/\*.*?\*/\n+", "", text, flags=re.DOTALL)


# ---- what a block shows ------------------------------------------------------

class Tree:
    """The files that documents quote."""

    def __init__(self, top):
        self.top = top

    def has(self, path):
        return os.path.exists(os.path.join(self.top, path))

    def read(self, path):
        with open(os.path.join(self.top, path), encoding="utf-8") as file:
            return file.read()

    def source(self, name):
        for path in ("examples/tutorial/" + name, name):
            if self.has(path):
                return path
        raise Fault(f"there is no {name}")

    def expectation(self, program):
        for path in (f"tests/parity/seeds/{program}.cede.out",
                     f"tests/parity/seeds/{program}.out",
                     f"tests/examples/tutorial/{program}.out",
                     f"tests/examples/{program}.out",
                     f"tests/parity/oracle/{program}.cede.out",
                     f"tests/parity/oracle/{program}.out", program):
            if self.has(path):
                return path
        raise Fault(f"no test has an expectation of {program}")

    def code(self, name, wanted):
        path = self.source(name)
        text = self.read(path)
        if not wanted:
            return without_head(text)
        return named(text, re.split(r",\s*", wanted), path)

    def prints(self, program, wanted):
        path = self.expectation(program)
        lines = self.read(path).splitlines()
        if not wanted:
            return "\n".join(lines) + "\n"
        parts = []
        for part in wanted.split(","):
            first, _, last = part.strip().partition("-")
            first, last = int(first), int(last or first)
            if not 0 < first <= last <= len(lines):
                raise Fault(f"{path} has no lines {part.strip()}")
            parts.append("\n".join(lines[first - 1:last]))
        return "\n...\n".join(parts) + "\n"


# ---- documents ---------------------------------------------------------------

def block_at(lines, index):
    """The first and last line of the fenced block at a line, or None."""
    fence = FENCE.match(lines[index]) if index < len(lines) else None
    if not fence:
        return None
    for last in range(index + 1, len(lines)):
        if lines[last] == fence.group(1):
            return index, last, fence.group(2)
    raise Fault(f"line {index + 1}: the block does not end")


class Document:
    """One document: its text as it is and as it should be, and its faults."""

    def __init__(self, tree, path):
        self.tree, self.path = tree, path
        self.strict = path.startswith(TUTORIAL + "/")
        self.text = tree.read(path)
        self.result, self.faults = [], []
        lines = self.text.splitlines()
        index = 0
        while index < len(lines):
            try:
                index = self.take(lines, index)
            except Fault as fault:
                self.fault(index, fault)
                self.result += lines[index:]
                break
        self.true_text = "\n".join(self.result) + "\n"
        if self.strict:
            self.check_links()

    def fault(self, line, text):
        self.faults.append(f"{self.path}:{line + 1}: {text}")

    def take(self, lines, index):
        """Takes a line, with its block if it has one; where to go on."""
        line = lines[index]
        block = block_at(lines, index)
        if block:  # none of our comments is above it
            if self.strict and block[2] not in FREE:
                self.fault(index, "a block without a source")
            if block[2] == "mermaid":
                self.check_diagram(lines, index + 1, block[1])
            self.result += lines[index:block[1] + 1]
            return block[1] + 1
        mark = CODE.match(line) or PRINTS.match(line)
        if mark or SHOWN.match(line):
            block = block_at(lines, index + 1)
        elif line.startswith("<!--") and self.strict:
            self.fault(index, "a comment that names no source")
        self.result.append(line)
        if mark:
            self.replace(line, mark, lines, index, block)
        elif block:
            self.result += lines[index + 1:block[1] + 1]
        return block[1] + 1 if block else index + 1

    def replace(self, line, mark, lines, index, block):
        is_code = mark.re is CODE
        show = self.tree.code if is_code else self.tree.prints
        old = lines[index + 1:block[1] + 1] if block else []
        try:
            true = show(mark.group(1), mark.group(2))
        except Fault as fault:
            self.fault(index, fault)
            self.result += old
            return
        language = "c" if is_code else ""
        new = ["```" + language] + true.splitlines() + ["```"]
        self.result += new
        if new != old:
            self.fault(index, "the block differs from its source\n" +
                       "\n".join(difflib.unified_diff(
                           old, new, "document", line[5:-4], lineterm="")))

    def check_diagram(self, lines, first, end):
        for number in range(first, end):
            if ";" in re.sub('"[^"]*"', "", lines[number]):
                self.fault(number, "a semicolon ends a line of a diagram")

    def check_links(self):
        for number, line in enumerate(self.true_text.splitlines()):
            for target in LINK.findall(line):
                if "://" not in target and not self.tree.has(os.path.join(
                        os.path.dirname(self.path), target)):
                    self.fault(number, f"nothing is at {target}")


# ---- the rows ----------------------------------------------------------------

ROW = re.compile(r"\| (S\d+) \|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$")


def test_exists(tree, test):
    kind, _, name = test.partition("/")
    if kind == "tutorial":
        return tree.has(f"tests/parity/seeds/{name}.out") and tree.has(
            f"examples/tutorial/{name}.c")
    return kind == "parity" and tree.has(
        f"tests/parity/oracle/{name}.out") and tree.has(
        f"tests/parity/{name}.c")


def row_faults(tree, name, program, chapter, test):
    """What is wrong with a row: each of its columns must lead somewhere."""
    if not LINK.search(program):
        yield f"{name} has no program"
    tests = re.findall(r"`([^`]+)`", test)
    if not tests:
        yield f"{name} has no test"
    for one in tests:
        if not test_exists(tree, one):
            yield f"{name}: there is no test {one}"
    link = LINK.search(chapter)
    path = link and f"{TUTORIAL}/{link.group(1)}"
    if not link or not tree.has(path):
        yield f"{name} has no chapter"
    elif not re.search(rf"\b{name}\b", tree.read(path)):
        yield f"{name} is not mentioned in {path}"


def map_faults(tree):
    path = TUTORIAL + "/README.md"
    if not tree.has(path):
        return
    rows = [match for line in tree.read(path).splitlines()
            if (match := ROW.match(line))]
    expected = [f"S{number:02}" for number in range(1, ROWS + 1)]
    names = [row.group(1) for row in rows]
    if names != expected:
        missing = sorted(set(expected) - set(names), key=expected.index)
        yield f"{path}: rows are missing, twice or out of order: " + (
            ", ".join(missing) or "none is missing")
    for row in rows:
        for fault in row_faults(tree, row.group(1), row.group(3),
                                row.group(4), row.group(5)):
            yield f"{path}: {fault}"


def orphans(tree):
    """The tutorial's programs that no document of it mentions."""
    if not tree.has(TUTORIAL + "/README.md"):
        return
    said = "".join(tree.read(path) for path in documents(tree.top))
    for path in sorted(glob.glob(
            os.path.join(tree.top, "examples/tutorial/*.c"))):
        name = os.path.splitext(os.path.basename(path))[0]
        if not re.search(rf"\b{name}\b", said):
            yield f"examples/tutorial/{name}.c: no document mentions it"


# ---- the whole ---------------------------------------------------------------

def documents(top):
    found = [os.path.join(top, "README.md")]
    found += glob.glob(os.path.join(top, "docs", "**", "*.md"), recursive=True)
    return sorted(os.path.relpath(path, top) for path in found
                  if os.path.exists(path))


def check(top, paths, write):
    """Prints each fault; how many documents were right and how many faults."""
    tree = Tree(top)
    right, faults = 0, []
    for path in paths or documents(top):
        document = Document(tree, path)
        if write and document.true_text != document.text:
            with open(os.path.join(top, path), "w", encoding="utf-8") as file:
                file.write(document.true_text)
            print(f"{path}: written anew")
            document = Document(tree, path)
        faults += document.faults
        right += not document.faults
    if not paths:
        of_map = list(map_faults(tree)) + list(orphans(tree))
        faults += of_map
        right += not of_map
    for fault in faults:
        print(fault)
    return right, len(faults)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--tree", default=os.path.dirname(here))
    parser.add_argument("documents", nargs="*", metavar="DOCUMENT.md")
    options = parser.parse_args()
    paths = [os.path.relpath(os.path.abspath(path), options.tree)
             for path in options.documents]
    right, faults = check(options.tree, paths, options.write)
    print(f"{right} passed, {faults} failed, 0 skipped")
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
