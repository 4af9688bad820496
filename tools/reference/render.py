#!/usr/bin/env python3
"""Writes the public headers as Doxygen wants to read them.

usage: render.py INCLUDE-DIRECTORY OUTPUT-DIRECTORY

The headers themselves have plain comments and macros full of machinery. What
this writes has the comments as Doxygen's, each public name as its user sees it
(no attributes, no bodies; of a macro the arguments its comment names) and
nothing else. tools/reference/reference.sh runs it, then Doxygen.
"""

import pathlib
import re
import sys

import headers

# What the pages are to be found by, in the order of the start page. Every
# header stands in one of them.
CHAPTERS = [
    ('Values and objects',
     'value object print operator tuple list range array'),
    ('Exceptions', 'exception try group traceback'),
    ('Generators and iterators',
     'generator iterator itertools async_generator coroutine contextlib '
     'context'),
    ('Running a program', 'run runner clock'),
    ('Tasks', 'task future gather wait as_completed shield timeout task_group '
     'staggered'),
    ('Scopes and nurseries', 'cancel_scope nursery'),
    ('Between tasks', 'lock event condition semaphore barrier queue channel '
     'select capacity_limiter'),
    ('Threads', 'thread executor concurrent_future'),
    ('The network', 'stream server'),
    ('The event loop', 'loop lowlevel'),
    ('Looking inside', 'inspect debug log'),
    ('The ground', 'stack memory version'),
    ('Doors: headers that include others', 'cede coro'),
]


def noun_of(header):
    return re.sub(r'^cede/|\.h$', '', header.name)


def titled(header):
    """The head, which may begin with `log.h - where reports go`."""
    if not re.match(r'[\w/]+\.h - ', header.head):
        return header.head
    title, rest = header.head.split(' - ', 1)[1].split('\n', 1)
    return title[0].upper() + title[1:] + '.\n' + rest


class Renderer:
    def __init__(self, all_headers):
        self.headers = all_headers
        self.home = {name: header for header in all_headers
                     for group in header.groups for name in group.names}

    # ---- comments ----------------------------------------------------------

    def escape(self, text):
        return re.sub(r'([\\@&$#<>%])', r'\\\1', text)

    def inline(self, text, own=()):
        """Text of a paragraph: names become links, but for one's own."""
        out = []
        for part in re.split(r'("[^"]*"|`[^`]*`|\b(?:cede|CEDE)_\w+)', text):
            if part.startswith('"') and len(part) > 1:
                out.append(part)  # Doxygen leaves alone what quotes hold
            elif part.startswith('`') and part.endswith('`') and len(part) > 2:
                out.append('<tt>%s</tt>' % self.escape(part[1:-1]))
            elif part in self.home and part not in own:
                out.append('@ref %s "%s"' % (part, part))
            elif part in own:
                out.append('<tt>%s</tt>' % part)
            else:
                out.append(self.escape(part))
        return ''.join(out)

    def comment(self, text, own=()):
        """The lines of a comment as Doxygen's commands."""
        out = []
        lines = text.split('\n')
        at = 0
        while at < len(lines):
            line = lines[at]
            if not line.strip():
                out.append('')
                at += 1
            elif line.startswith('    '):
                block = []
                while at < len(lines) and (lines[at].startswith('    ') or
                                           not lines[at].strip()):
                    block.append(lines[at][4:])
                    at += 1
                while not block[-1].strip():
                    block.pop()
                out += ['@code{.c}'] + block + ['@endcode', '']
            elif re.match(r' ?- ', line):
                at = self.bullets(lines, at, out, own)
            else:
                at = self.paragraph(lines, at, out, own)
        return out

    def bullets(self, lines, at, out, own):
        item = [lines[at].strip()[2:]]
        at += 1
        while at < len(lines) and re.match(r' {2,3}\S', lines[at]):
            item.append(lines[at].strip())
            at += 1
        out.append('- ' + self.inline(' '.join(item), own))
        return at

    def paragraph(self, lines, at, out, own):
        block = []
        while at < len(lines) and lines[at].strip() and \
                not re.match(r'    | ?- ', lines[at]):
            block.append(lines[at])
            at += 1
        if sum('   ' in line.strip() for line in block) > 1:
            out += ['@verbatim'] + block + ['@endverbatim']
        else:
            out.append(self.inline(' '.join(line.strip() for line in block),
                                   own))
        if at < len(lines) and not lines[at].strip():
            return at
        # A list or code follows at once: it is the paragraph's.
        return at

    def block(self, text, own=(), before=()):
        lines = list(before) + self.comment(text, own)
        return '/**\n' + '\n'.join(lines).replace('*/', '*&zwj;/') + '\n*/\n'

    # ---- declarations ------------------------------------------------------

    def calls(self, name, comment):
        """The arguments of each call of it in the text, `…_with(a, b)` being
        one of what ends so; those in examples do not count."""
        text = '\n'.join(line for line in comment.split('\n')
                         if not line.startswith('    '))
        for call in re.finditer(r'(\bcede_\w+|\bCEDE_\w+|…\w*) ?\(', text):
            word = call.group(1)
            if word != name and not (word.startswith('…') and
                                     name.endswith(word[1:])):
                continue
            depth, end = 1, call.end()
            while end < len(text) and depth:
                depth += {'(': 1, ')': -1}.get(text[end], 0)
                end += 1
            inside = re.sub(r'\s+', ' ', text[call.end():end - 1])
            words = [word.strip().lstrip('&').strip('"').replace('…', '...')
                     for word in inside.split(',')]
            yield [] if words == [''] else words

    def arguments(self, item, comment):
        """The arguments of a macro, as its comment names them."""
        found = re.match(r'#\s*define\s+\w+(\([^)]*\))?', item.text)
        given = found.group(1)
        if given is None:
            return ''
        best = None
        for words in self.calls(item.name, comment):
            if all(re.match(r'[a-z_]\w*\Z|\.\.\.\Z', word) for word in words) \
                    and (best is None or len(words) > len(best)):
                best = words
        given = [word.strip() for word in given[1:-1].split(',')]
        if best is None or ('...' not in given and len(best) != len(given)):
            best = given
        seen = []
        for word in best:
            if word != '...' or word not in seen:
                seen.append(word)
        return '(' + ', '.join(word.rstrip('_') for word in seen) + ')'

    def attributes(self, text):
        text = re.sub(r'\bCEDE_IMPL_\w+(?:\((?:[^()]|\([^()]*\))*\))?\s*', '',
                      text)
        return re.sub(r'\s+', ' ', text).replace('( ', '(').strip()

    def function(self, item):
        text = headers.without_comments(item.text).split('{', 1)[0]
        text = self.attributes(text.replace('extern ', '')).rstrip('; ')
        return re.sub(r'\((%s)\)' % item.name, r'\1', text) + ';\n'

    def type(self, item):
        """A struct or enum with the comments of its members."""
        out = []
        line_has_code = False
        for part in re.split(r'(/\*.*?\*/)', item.text, flags=re.S):
            if not part.startswith('/*'):
                out.append(re.sub(r'\bCEDE_IMPL_(?!\w*ELEMENT)\w+\b', '', part)
                           if 'CEDE_IMPL' in part else part)
                line_has_code = bool(part.rsplit('\n', 1)[-1].strip())
                continue
            mark = '/**< ' if line_has_code else '/** '
            text = self.inline(re.sub(r'\s*\n\s*(?:\* ?)?', ' ',
                                      part[2:-2]).strip())
            out.append(mark + text + ' */')
        return ''.join(out) + '\n'

    def item(self, group, item):
        comment = group.comment or ''
        own = group.names
        if item.kind == 'class':
            return self.classes(item, comment, own)
        if item.kind == 'macro':
            value = re.match(r'#\s*define\s+\w+ +(\d+)\s*\Z', item.text)
            text = '#define %s%s%s\n' % (
                item.name, self.arguments(item, comment),
                ' ' + value.group(1) if value else '')
        elif item.kind == 'function':
            text = self.function(item)
        else:
            text = self.type(item)
        return self.block(comment, own) + text + '\n'

    def classes(self, item, comment, own):
        out = []
        pairs = re.findall(r'X\((\w+), (\w+)\)', item.text) or \
            re.findall(r'\((\w+), (\w+)\)', item.text)
        if not pairs:
            return self.block(comment, own) + headers.without_comments(
                item.text) + '\n'
        for name, base in pairs:
            derived = 'The root of all exceptions.' if base == 'NULL' else \
                'The class %s, derived from %s.' % (name, base)
            out.append(self.block(derived) +
                       'extern const cede_class cede_%s[1];\n\n' % name)
        return ''.join(out)

    # ---- pages -------------------------------------------------------------

    def header(self, header):
        out = [self.block(titled(header), before=['@file'])]
        section = header.sections[0]
        for group in header.groups:
            if group.section is not section:
                if section.title:
                    out.append('/** @} */\n')
                section = group.section
                title = section.title[0].upper() + section.title[1:]
                out.append('/** @name %s\n%s\n*/\n/** @{ */\n' % (
                    title, '\n'.join('\n'.join(self.comment(text))
                                     for text in section.comments)))
            functions = {item.name for item in group.items
                         if item.kind == 'function'}
            for item in group.items:
                # A macro over the function of its name adds no argument.
                if item.kind != 'macro' or item.name not in functions:
                    out.append(self.item(group, item))
        if section.title:
            out.append('/** @} */\n')
        return '\n'.join(out)

    def start(self):
        by_noun = {noun_of(header): header for header in self.headers}
        out = ['@mainpage cede: asyncio for C', '', START.strip(), '']
        for title, nouns in CHAPTERS:
            out += ['', '@par %s' % title]
            for noun in nouns.split():
                header = by_noun.pop(noun)
                first = re.split(r'\.\s|\n\n', titled(header))[0]
                out.append('- @ref %s "%s": %s' % (
                    header.name.replace('cede/', ''), header.name,
                    self.inline(' '.join(first.split()))))
        if by_noun:
            sys.exit('in no chapter of the start page (tools/reference/'
                     'render.py): ' + ' '.join(sorted(by_noun)))
        return '/**\n' + '\n'.join(out) + '\n*/\n'


START = '''
The reference, made from the headers: one page for each, with what holds for
all of it at its head. README.md begins at the beginning, and
docs/coming-from-python.md has each name of asyncio beside its name here.

Throughout: an argument that is an object is borrowed unless the function says
that it takes your reference; cede_unref gives one up. An exception ends the
function it is raised in, as in Python, and nothing was done unless it is said.
With CEDE_DEBUG=1 every function raises RuntimeError for an object whose last
reference has been given up (cede/debug.h).
'''


def main():
    include, output = sys.argv[1:3]
    renderer = Renderer(headers.read_all(include))
    for header in renderer.headers:
        path = pathlib.Path(output) / header.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(renderer.header(header))
    (pathlib.Path(output) / 'start.dox').write_text(renderer.start())


if __name__ == '__main__':
    main()
