#!/usr/bin/env python3
"""Gives Doxygen's man pages names that may stand beside others' in man3.

usage: man.py MAN3-DIRECTORY INCLUDE-DIRECTORY

Doxygen names the page of cede/lock.h lock.h.3, and makes a link to the page
for everything in it, members of structs included (close.3). Here a header's
page becomes cede_lock.h.3, and the links that stay are those of public names.
Each of these must have a page.
"""

import pathlib
import sys

import headers


def main():
    pages = pathlib.Path(sys.argv[1])
    all_headers = headers.read_all(sys.argv[2])
    targets = {}
    for header in all_headers:
        short = pathlib.Path(header.name).name
        long = 'cede_' + short if '/' in header.name else short
        text = (pages / (short + '.3')).read_text()
        (pages / (short + '.3')).unlink()
        (pages / (long + '.3')).write_text(text.replace(
            '.SH SYNOPSIS\n', '.SH SYNOPSIS\n\\fC#include <%s>\\fP\n.PP\n'
            % header.name, 1))
        for group in header.groups:
            for name in group.names:
                targets[name] = long
    kept = {long + '.3' for long in targets.values()}
    kept |= {name + '.3' for name in targets}
    for page in list(pages.iterdir()):
        if page.name not in kept and not page.name.startswith('cede'):
            page.unlink()
    lacking = 0
    for name, target in targets.items():
        page = pages / (name + '.3')
        # A struct with members has a page of its own.
        if page.exists() and not page.read_text().startswith('.so '):
            continue
        if not page.exists() and not name.isupper():
            print('no man page: ' + name, file=sys.stderr)
            lacking += 1
        page.write_text('.so man3/%s.3\n' % target)
    return 1 if lacking else 0


if __name__ == '__main__':
    sys.exit(main())
