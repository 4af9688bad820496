#!/usr/bin/env python3
"""Is everything public documented, and does each comment say what it must?

usage: check.py C-COMPILER INCLUDE-DIRECTORY [-v]

CONTRIBUTING.md ("Public functions") says what a doc comment has to say. What
holds for all of a header stands at its head once, for all of a section below
its title. This looks for the words, not for the truth: a function must be said
to raise something or nothing, to suspend or not, who may call it, what becomes
of the references it takes and returns, and what it is in Python.

The compiler has the last word on what there is: a name that the headers
declare and tools/reference/headers.py does not see is an error too.

The last line is "N passed, N failed, N skipped".
"""

import pathlib
import re
import subprocess
import sys

import headers
import render

# What a comment has to have, and the words by which one knows it.
PARTS = [
    ('what it raises', r'\brais(?:e|es|ed|ing)\b|\w(?:Error|Exit)\b'),
    ('whether it suspends', r'\bsuspen(?:d|ds|ded|sion|sions)\b|\bwaits?\b'),
    ('which threads may call it', r'\bthreads?\b'),
    ('its Python counterpart', r'\bPython|\bcounterpart|\bPEP \d|\basyncio\b'),
]
FREE_FORM = {PARTS[2][0], PARTS[3][0]}
OWNERSHIP = ('who owns what', r'\bborrow|\breferences?\b|\byours\b|\bowns?\b'
             r'|\bowned\b|\bhand(?:s|ed) (?:it |them )?over|\bcop(?:y|ied|ies)\b'
             r'|\blen(?:ds|t)\b|\bfree\b|\bstatic\b|\bnever freed\b|\bconstant')

# A sentence of a head that speaks of everything in the header: of threads and
# of Python most do. Of exceptions and suspending only those count that say what
# holds where a comment says nothing.
GENERAL = re.compile(
    r'\b(?:here|all|calls?|they|everything|functions?|each|counterpart|'
    r'python|belongs?|threads?)\b', re.I)
DEFAULT = re.compile(
    r'\b(?:unless it says|nothing here|nothing else|none|neither|everything|'
    r'all (?:of it|raise)|they (?:take|raise|suspend)|every call|'
    r'what (?:does not say|suspends|a block)|making)\b', re.I)


def sentences(text):
    return re.split(r'(?<=[.:;])\s+(?=[A-Z])', re.sub(r'\s+', ' ', text))


def general(header, section, what):
    """What the head and the section say of everything in it."""
    form = GENERAL if what in FREE_FORM else DEFAULT
    said = [sentence for sentence in sentences(header.head)
            if form.search(sentence)]
    return ' '.join(said + section.comments)


def prototypes(include):
    """What the functions behind the macros return, by name."""
    found = {}
    for path in include.glob('cede/*.h'):
        text = headers.without_comments(path.read_text())
        for kind, piece, _, _ in headers.pieces(text):
            match = kind == 'declaration' and re.match(
                r'([\w\s*]*?)\(?\b(cede_\w+)\)?\s*\(', piece)
            if match:
                found[match.group(2)] = match.group(1)
    return found


def is_reference(returned):
    return bool(re.search(r'\*\s*$|\bcede_value\s*$', returned)) and \
        not re.search(r'const char', returned)


def gives_object(item, returns):
    """Does it return something that somebody must own? What it takes it
    borrows unless it says otherwise: that is said once, of all of cede."""
    if item.kind == 'macro':
        called = re.findall(r'\bcede_\w+', item.text)
        return any(is_reference(returns.get(name, '')) for name in called
                   if name != item.name)
    return is_reference(returns.get(item.name, ''))


def missing(header, group, item, returns):
    if group.comment is None:
        return ['a doc comment']
    if item.kind not in ('function', 'macro'):
        return []
    if item.kind == 'macro' and not re.match(r'#\s*define\s+\w+\(',
                                             item.text) \
            and item.name.isupper():
        return []  # a number
    parts = PARTS + ([OWNERSHIP] if gives_object(item, returns) else [])
    return [what for what, words in parts
            if not re.search(words, group.comment, re.I) and not
            re.search(words, general(header, group.section, what), re.I)]


def compiled_names(compiler, include):
    """Every public name that stands in the preprocessed headers or is a macro
    of theirs, with the header it first stands in."""
    done = subprocess.run(
        [compiler, '-std=gnu11', '-E', '-dD', '-I', include,
         include + '/cede.h'],
        capture_output=True, text=True, check=True)
    names = {}
    where = ''
    for line in done.stdout.split('\n'):
        marker = re.match(r'# \d+ "([^"]*)"', line)
        if marker:
            where = marker.group(1)
            continue
        if not where.startswith(include + '/'):
            continue
        definition = re.match(r'#define (\w+)', line)
        if definition:
            found = [definition.group(1)]
        elif line.startswith('#'):
            continue
        else:
            found = headers.NAME.findall(
                re.sub(r'"(?:\\.|[^"\\])*"', '""', line))
        for name in found:
            if headers.is_public(name):
                names.setdefault(name, where)
    return names


def main():
    compiler, include = sys.argv[1], sys.argv[2].rstrip('/')
    verbose = '-v' in sys.argv[3:]
    all_headers = headers.read_all(include)
    returns = prototypes(pathlib.Path(include))
    seen = {}
    passed = failed = 0

    for header in all_headers:
        for group in header.groups:
            for item in group.items:
                for name in item.names:
                    seen[name] = header
                lacks = missing(header, group, item, returns)
                if lacks:
                    failed += 1
                    print('%s:%d: %s: lacks %s' % (
                        header.name, item.line, item.name, ', '.join(lacks)))
                else:
                    passed += 1
                    if verbose:
                        print('%s: %s' % (header.name, item.name))
    listed = [noun for _, nouns in render.CHAPTERS for noun in nouns.split()]
    for header in all_headers:
        if render.noun_of(header) not in listed:
            failed += 1
            print('%s: in no chapter of tools/reference/render.py'
                  % header.name)
    compiled = compiled_names(compiler, include)
    for name, where in sorted(compiled.items()):
        if name not in seen:
            failed += 1
            print('%s: %s: declared, but not seen by the reference' % (
                where, name))
    for name in sorted(set(seen) - set(compiled)):
        failed += 1
        print('%s: %s: seen by the reference, but not declared' % (
            seen[name].name, name))
    if len(compiled) < 500:
        failed += 1
        print('only %d public names: the compiler was not understood'
              % len(compiled))
    print('%d passed, %d failed, 0 skipped' % (passed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
