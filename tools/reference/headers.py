"""Reads cede's public headers: what they declare, and what they say of it.

The headers are plain C with plain comments. This module knows their form:

  - the first comment of a header is its head: what holds for all of it;
  - a comment and what stands below it, up to an empty line or the next
    comment, belong together: it is the doc comment of every name there;
  - `/* --- reading --- */` begins a section; a comment that nothing stands
    below speaks of the whole section;
  - of a macro, `cede_x(a, b): ...` in the comment names the arguments.

It does not know C: a declaration ends at a semicolon, or at the brace that
closes a body. That it misses no name, check.py asks the compiler.
"""

import pathlib
import re

PUBLIC = re.compile(r'(?:cede|CEDE)_(?!_|impl_|IMPL_)\w+\Z')
NAME = re.compile(r'\b(?:cede|CEDE)_\w+')
SECTION = re.compile(r'-{3,}\s*(.*?)\s*-{3,}\Z')


def is_public(name):
    return PUBLIC.match(name) is not None


class Item:
    """One declaration or macro."""

    def __init__(self, kind, names, text, line):
        self.kind = kind    # function, macro, type, constants, class
        self.names = names  # the public ones, the declared one first
        self.text = text    # as it stands, without comments between
        self.line = line

    @property
    def name(self):
        return self.names[0]


class Group:
    """A doc comment with the declarations below it."""

    def __init__(self, comment, line, section):
        self.comment = comment  # without its asterisks; None: there is none
        self.line = line
        self.section = section
        self.items = []

    @property
    def names(self):
        return [name for item in self.items for name in item.names]


class Section:
    def __init__(self, title):
        self.title = title
        self.comments = []


class Header:
    def __init__(self, path, include):
        self.path = path
        self.name = str(path.relative_to(include))
        self.head = None
        self.sections = [Section(None)]
        self.groups = []   # those with public names
        self.includes = []


# ---- pieces ----------------------------------------------------------------

def plain(comment):
    """The text of a comment, its margin taken off."""
    text = comment[2:-2]
    lines = [re.sub(r'^ \* ?|^ {3}(?=\S)', '', line.rstrip())
             for line in text.split('\n')]
    lines[0] = lines[0].strip()
    return '\n'.join(lines).strip('\n')


def without_comments(text):
    return re.sub(r'[ \t]*/\*.*?\*/', '', text, flags=re.S)


def end_of_declaration(text, at):
    """Behind the semicolon or the body that ends what begins at `at`."""
    begin = at
    depth = 0
    opened = False
    while at < len(text):
        if text.startswith('/*', at):
            at = text.index('*/', at) + 2
            continue
        if text[at] == '"':
            at = re.compile(r'"(?:\\.|[^"\\])*"').match(text, at).end()
            continue
        if text[at] == '\n' and text[at + 1:at + 2] == '#' and not depth:
            raise ValueError('a directive within: ' + text[begin:at])
        if text[at] in '({':
            depth += 1
            opened = opened or text[at] == '{'
        elif text[at] in ')}':
            depth -= 1
            # A function's body needs no semicolon; a struct's does.
            if not depth and text[at] == '}' and opened:
                rest = re.compile(r'[ \t]*[\w*\[\]]*;').match(text, at + 1)
                return rest.end() if rest else at + 1
            # A macro that declares: nothing but its name and arguments.
            if not depth and text[at + 1:at + 2] == '\n':
                before = text[:at + 1].rsplit('\n\n', 1)[-1]
                last = before.rsplit('\n', 1)[-1]
                if re.match(r'CEDE_IMPL_DECLARE|CEDE_IMPL_EXCEPTION_CLASSES',
                            last):
                    return at + 1
        elif text[at] == ';' and not depth:
            return at + 1
        at += 1
    raise ValueError('a declaration without an end: ' + text[begin:][:60])


def pieces(text):
    """(kind, text, line, tight): tight if no empty line stands before."""
    at = 0
    last = 0
    while True:
        gap = re.compile(r'\s*').match(text, at)
        tight = text.count('\n', at, gap.end()) < 2
        at = gap.end()
        if at == len(text):
            return
        line = text.count('\n', 0, at) + 1
        if text.startswith('/*', at):
            end = text.index('*/', at) + 2
            kind = 'comment'
        elif text[at] == '#':
            end = re.compile(r'(?:\\\n|.)*').match(text, at).end()
            kind = 'directive'
        elif text.startswith(('CEDE_IMPL_BEGIN', 'CEDE_IMPL_END'), at):
            end = re.compile(r'\w+').match(text, at).end()
            kind = 'bracket'
        else:
            end = end_of_declaration(text, at)
            kind = 'declaration'
        # What stands on the same line as what went before is not a new thing.
        beside = kind == 'comment' and '\n' not in text[last:at] and last > 0
        if not beside:
            yield kind, text[at:end], line, tight
        last = at = end


# ---- what is declared --------------------------------------------------------

def exception_classes(text):
    names = re.findall(r'^\s*X\((\w+),', text, re.M)
    return ['cede_' + name for name in names]


def declared(text):
    """(kind, names) of a declaration, the public names alone."""
    bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', without_comments(text))
    head = bare.split('{', 1)[0]
    names = []

    if re.match(r'(?:struct|union)\s+\w+\s*;', bare):
        return 'type', []  # only named; what it is stands elsewhere
    if re.match(r'(?:typedef\s+)?(?:struct|enum|union)\b[^(;]*(?:\{|;)', bare):
        tail = bare.rsplit('}', 1)[-1] if '{' in bare else bare
        if bare.startswith('typedef'):
            names += re.findall(r'(\w+)\s*;', tail)
        tag = re.match(r'(?:typedef\s+)?(?:struct|enum|union)\s+(\w+)', bare)
        if tag:
            names.append(tag.group(1))
        kind = 'type'
        if re.match(r'(?:typedef\s+)?enum\b', bare):
            body = bare[bare.index('{') + 1:bare.rindex('}')] \
                if '{' in bare else ''
            names += re.findall(r'(?:^|,)\s*([A-Z]\w+)', body)
            kind = 'type' if names and names[0].islower() else 'constants'
    elif bare.startswith('typedef'):
        pointer = re.search(r'\(\s*\*\s*(\w+)\s*\)', head)
        names.append(pointer.group(1) if pointer
                     else re.search(r'(\w+)\s*;', bare).group(1))
        kind = 'type'
    elif bare.startswith('CEDE_IMPL_DECLARE'):
        names.append('cede_' + re.search(r'\((\w+)', bare).group(1))
        kind = 'class'
    elif bare.startswith('extern'):
        names.append(re.search(r'(\w+)\s*(?:\[\d*\])?\s*;', bare).group(1))
        kind = 'class'
    else:
        # Attributes stand behind the parameters, the name before them.
        # In brackets where a macro has the same name.
        found = re.search(r'\((\w+)\)\s*\(|(\w+)\s*\(', head)
        if not found:
            raise ValueError('neither a type nor a function: ' + bare)
        names.append(found.group(1) or found.group(2))
        kind = 'function'
    public = []
    for name in names:
        if is_public(name) and name not in public:
            public.append(name)
    return kind, public


def macro(text):
    return re.match(r'#\s*define\s+(\w+)', text)


# ---- headers -----------------------------------------------------------------

def item_of(kind, piece, line):
    if kind == 'declaration':
        what, names = declared(piece)
        return Item(what, names, piece, line)
    name = macro(piece).group(1)
    if name == 'CEDE_IMPL_EXCEPTION_CLASSES':
        return Item('class', exception_classes(piece), piece, line)
    return Item('macro', [name] if is_public(name) else [], piece, line)


def read(path, include):
    header = Header(path, include)
    group = None  # what the next declaration belongs to
    speaks = None  # a comment below which nothing has stood yet

    for kind, piece, line, tight in pieces(path.read_text()):
        if kind == 'comment' or not tight:
            if speaks is not None and header.sections[-1].title:
                header.sections[-1].comments.append(speaks)
            speaks = group = None
        if kind == 'comment':
            comment = plain(piece)
            title = SECTION.match(comment)
            if header.head is None:
                header.head = comment
            elif title:
                header.sections.append(Section(title.group(1)))
            else:
                group = Group(comment, line, header.sections[-1])
                speaks = comment
            continue
        if kind == 'bracket' or kind == 'directive' and not macro(piece):
            target = re.match(r'#\s*include "([^"]+)"', piece)
            if target:
                header.includes.append(target.group(1))
            continue
        speaks = None
        item = item_of(kind, piece, line)
        if not item.names:
            continue
        if group is None:
            group = Group(None, line, header.sections[-1])
        group.items.append(item)
        if group not in header.groups:
            header.groups.append(group)
    return header


def merge(all_headers):
    """A type may be declared again where it is only named: the declaration
    with the comment counts, or else the first."""
    known = {}
    for wanted in (True, False):
        for header in all_headers:
            for group in header.groups:
                if (group.comment is not None) != wanted:
                    continue
                for item in list(group.items):
                    if item.kind == 'type' and item.names[0] in known and (
                            not wanted):
                        group.items.remove(item)
                    for name in item.names:
                        known.setdefault(name, item)
    for header in all_headers:
        header.groups = [group for group in header.groups if group.items]


def read_all(include):
    """All public headers, cede.h last."""
    include = pathlib.Path(include)
    paths = sorted((include / 'cede').glob('*.h')) + [include / 'cede.h']
    all_headers = [read(path, include) for path in paths]
    merge(all_headers)
    return all_headers
