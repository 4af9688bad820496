#!/usr/bin/env python3
"""Is docs/coming-from-python.md complete, and are its names real?

usage: coming_from_python.py SOURCE

  - Each name of cede's in it is declared by a public header; one that is
    followed by "=" is of the environment, and the library asks for it.
  - Each public function, macro and exception class of cede's is in it.
  - Each public name of asyncio, contextlib, contextvars, concurrent.futures,
    itertools and traceback is in it, with the methods of their classes, and
    each built-in exception: of the Python that runs this.

The last line is "N passed, N failed, N skipped".
"""

import asyncio
import builtins
import concurrent.futures
import contextlib
import contextvars
import itertools
import pathlib
import re
import sys
import traceback

source = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(source / 'tools' / 'reference'))
sys.dont_write_bytecode = True

import headers  # noqa: E402

text = (source / 'docs' / 'coming-from-python.md').read_text()
words = set(re.findall(r'\w+', text))
passed = failed = 0


def expect(condition, complaint):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(complaint)


def cede():
    declared = {}
    for header in headers.read_all(source / 'include'):
        for group in header.groups:
            for item in group.items:
                for name in item.names:
                    declared[name] = item.kind
    code = '\n'.join(path.read_text()
                     for path in sorted((source / 'src').glob('**/*.c')))
    for name, assigned in set(re.findall(
            r'\b((?:cede|CEDE)_\w+)(=\w)?', text)):
        if assigned:
            expect('"%s"' % name in code, name + ': src/ does not ask for it')
        else:
            expect(name in declared, name + ': no header declares it')
    for name, kind in sorted(declared.items()):
        if kind in ('function', 'macro', 'class'):
            expect(name in words, name + ': is not in the document')
    expect(len(declared) > 500, 'only %d names of cede' % len(declared))


def public(thing):
    return [name for name in vars(thing) if not name.startswith('_')]


# The methods that users call; of the loop all, of exceptions none.
CLASSES = [
    asyncio.Runner, asyncio.Task, asyncio.Future, asyncio.TaskGroup,
    asyncio.Timeout, asyncio.StreamReader, asyncio.StreamWriter,
    asyncio.Lock, asyncio.Event, asyncio.Condition, asyncio.Semaphore,
    asyncio.Barrier, asyncio.Queue, asyncio.AbstractEventLoop,
    asyncio.Server, asyncio.Handle, asyncio.TimerHandle,
    contextlib.ExitStack, contextvars.ContextVar, contextvars.Context,
    contextvars.Token, concurrent.futures.Executor,
    concurrent.futures.Future,
]


def python():
    names = set()
    for module in (asyncio, contextlib, contextvars, concurrent.futures,
                   traceback):
        names |= set(module.__all__)
    names |= set(public(itertools))
    names |= {name for name, thing in vars(builtins).items()
              if isinstance(thing, type) and issubclass(thing, BaseException)
              and not name.startswith('_')}
    for cls in CLASSES:
        names |= set(public(cls))
    # The same object by a second name, and what is no name for users.
    names -= {'EnvironmentError', 'IOError', 'MISSING', 'cr_code'}
    for name in sorted(names):
        expect(name in words or 'cede_' + name in words,
               name + ": Python's, is not in the document")
    expect(len(names) > 300, 'only %d names of Python' % len(names))


cede()
python()
print('%d passed, %d failed, 0 skipped' % (passed, failed))
sys.exit(1 if failed else 0)
