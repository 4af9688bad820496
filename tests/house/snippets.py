#!/usr/bin/env python3
"""The documents show what is true, and the program that says so can say no:
small trees that break each of its rules once are refused.

usage: snippets.py SOURCE-DIRECTORY
"""

import contextlib
import io
import os
import sys
import tempfile

SOURCE = sys.argv[1]
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SOURCE, "tools"))
import snippets  # noqa: E402  pylint: disable=wrong-import-position

PROGRAM = r'''/* What the head says. */
#include <cede.h>

#define LIMIT(x) \
    ((x) + 1)

struct pair {
    int a, b; /* } not yet */
};

static CEDE_EXCEPTION(Refused, cede_Exception);
static CEDE_CLASS(Pair, struct pair, .destroy = NULL);

/* A table. */
static const char *const names[] = {"one;", "t}wo", "'{'"};

/* Belongs to first. */
static int first(void (*done)(int), char c)
{
#if LIMIT
    return c == '}' || c == '"';
#endif
}

int main(void)
{
    first(NULL, '\'');
}
'''
OUTPUT = "one\ntwo\nthree\nfour\n"
GOOD = '''<!-- p.c: first -->
```c
/* Belongs to first. */
static int first(void (*done)(int), char c)
{
#if LIMIT
    return c == '}' || c == '"';
#endif
}
```
'''

passed = 0
failed = 0


def expect(what, right):
    global passed, failed
    passed += bool(right)
    failed += not right
    if not right:
        print(f"FAIL  {what}")


def put(top, path, text):
    path = os.path.join(top, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def get(top, path):
    with open(os.path.join(top, path), encoding="utf-8") as file:
        return file.read()


def run(top, write=False):
    """How many faults there are, and what is said of them."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        faults = snippets.check(top, [], write)[1]
    return faults, said.getvalue()


# ---- which definitions a file has --------------------------------------------

def shows(what, names, text):
    expect(what, snippets.named(PROGRAM, names, "p.c") == text)


shows("a macro", ["LIMIT"], "#define LIMIT(x) \\\n    ((x) + 1)\n")
shows("a struct", ["pair"], "struct pair {\n    int a, b; /* } not yet */\n};\n")
shows("a table", ["names"], "/* A table. */\nstatic const char *const names[]"
      " = {\"one;\", \"t}wo\", \"'{'\"};\n")
shows("neighbours stay so", ["Refused", "Pair"],
      "static CEDE_EXCEPTION(Refused, cede_Exception);\n"
      "static CEDE_CLASS(Pair, struct pair, .destroy = NULL);\n")
shows("others get a line between", ["Pair", "main"],
      "static CEDE_CLASS(Pair, struct pair, .destroy = NULL);\n\n"
      "int main(void)\n{\n    first(NULL, '\\'');\n}\n")
expect("the head is left out",
       snippets.without_head(PROGRAM).startswith("#include"))


# ---- what is refused ---------------------------------------------------------

def document(what, text, said, path="docs/tutorial/01-x.md"):
    """A document with this text has faults that say this; none if it is ''."""
    with tempfile.TemporaryDirectory() as top:
        put(top, "examples/tutorial/p.c", PROGRAM)
        put(top, "tests/parity/seeds/p.out", OUTPUT)
        put(top, path, text)
        faults, output = run(top)
        expect(what, faults == bool(said) and said in output)


document("what is right", GOOD, "")
document("one character differs", GOOD.replace("return c", "return  c"),
         "differs from its source")
document("a line is missing", GOOD.replace("#endif\n", ""), "differs")
document("in every document", GOOD.replace("done", "d"), "differs", "README.md")
document("no such definition", "<!-- p.c: second -->\n", "defines no second")
document("no such file", "<!-- q.c: first -->\n", "no q.c")
document("no block", GOOD.split("\n", maxsplit=1)[0] + "\n", "differs")
document("what it prints", "<!-- prints: p -->\n```\n" + OUTPUT + "```\n", "")
document("some of it", "<!-- prints: p, lines 1-2, 4 -->\n"
         "```\none\ntwo\n...\nfour\n```\n", "")
document("it prints something else",
         "<!-- prints: p, line 1 -->\n```\ntwo\n```\n", "differs")
document("it has no such line",
         "<!-- prints: p, lines 4-5 -->\n```\n```\n", "no lines 4-5")
document("nothing says what it prints", "<!-- prints: q -->\n", "expectation")
document("C without a source", "```c\nint x;\n```\n", "without a source")
document("output without a source", "```\nx\n```\n", "without a source")
document("a reason", "<!-- shown only: wrong -->\n```c\nint 1x;\n```\n", "")
document("a diagram", "```mermaid\nsequenceDiagram\n```\n", "")
document("a diagram that is cut short",
         "```mermaid\nNote over A: one; two\n```\n", "semicolon")
document("a semicolon in quotes",
         "```mermaid\nA[\"one; two\"]\n```\n", "")
document("a comment misspelt", "<!-- print: p -->\n", "names no source")
document("a block that does not end", "```c\nint x;\n", "does not end")
document("a link to nothing", "[this](../nothing.md)\n", "nothing is at")
document("a link", "[this](01-x.md#there) [that](https://example.org)\n", "")


# ---- the map of rows ---------------------------------------------------------

def rows(what, change, said):
    """The map after a change has faults that say this."""
    with tempfile.TemporaryDirectory() as top:
        lines = []
        for number in range(1, 128):
            name = f"S{number:02}"
            lines.append(f"| {name} | it | [p](../../examples/tutorial/p.c) | "
                         f"[1](01-x.md) | `tutorial/p` |\n")
        put(top, "examples/tutorial/p.c", PROGRAM)
        put(top, "tests/parity/seeds/p.out", OUTPUT)
        put(top, "docs/tutorial/01-x.md",
            " ".join(f"S{number:02}" for number in range(1, 128)))
        put(top, "docs/tutorial/02-y.md", "S02 and S011\n")
        put(top, "docs/tutorial/README.md", change("".join(lines)))
        faults, output = run(top)
        expect(what, faults == bool(said) and said in output)


rows("a whole map", lambda text: text, "")
rows("a row is missing", lambda text: text.replace("| S77 |", "| S |"), "S77")
rows("a row is there twice", lambda text: text + text.splitlines()[5] + "\n",
     "twice")
rows("no test", lambda text: text.replace("`tutorial/p`", "", 1), "no test")
rows("a test that is none", lambda text: text.replace(
    "`tutorial/p`", "`tutorial/q`", 1), "there is no test tutorial/q")
rows("no program", lambda text: text.replace(
    "[p](../../examples/tutorial/p.c)", "p", 1), "S01 has no program")
rows("no chapter", lambda text: text.replace("[1](01-x.md)", "1", 1),
     "S01 has no chapter")
rows("the chapter does not mention it", lambda text: text.replace(
    "[1](01-x.md)", "[2](02-y.md)", 1), "S01 is not mentioned")


with tempfile.TemporaryDirectory() as top:
    put(top, "examples/tutorial/p.c", PROGRAM)
    put(top, "docs/tutorial/README.md", "`pp` and `p_q`\n")
    expect("a program nobody mentions", "p.c: no document" in run(top)[1])
    put(top, "docs/tutorial/README.md", "`p`\n")
    expect("one that is mentioned", "no document" not in run(top)[1])


# ---- --write, and the tree itself --------------------------------------------

with tempfile.TemporaryDirectory() as top:
    put(top, "examples/tutorial/p.c", PROGRAM)
    put(top, "docs/tutorial/01-x.md", "# X\n\n" + GOOD.split(
        "\n", maxsplit=1)[0] + "\n\n" + GOOD.replace("done", "d") + "\nend\n")
    expect("writing leaves no fault", run(top, True)[0] == 0)
    expect("writing writes what is true",
           get(top, "docs/tutorial/01-x.md") ==
           "# X\n\n" + GOOD + "\n" + GOOD + "\nend\n")

faults, output = run(SOURCE)
print(output, end="")
expect("this tree", faults == 0)
print(f"{passed} passed, {failed} failed, 0 skipped")
sys.exit(failed > 0)
