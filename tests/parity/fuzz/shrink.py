"""Making a program small while something about it stays true.

Statements are taken out, runs of them first; a block statement gives way to
its block; clauses go; functions that nothing uses go; values become None.
"""

import copy


def blocks_of(functions):
    """Every block of the program, outer ones first."""
    found = [function.block for function in functions]
    for block in found:
        for statement in block:
            if statement.block is not None:
                found.append(statement.block)
            found += [clause[3] for clause in statement.clauses]
    return found


def statements_of(functions):
    return [each for block in blocks_of(functions) for each in block]


def without_run(functions, at, start, size):
    block = blocks_of(functions)[at]
    del block[start:start + size]


def try_change(functions, change, holds):
    """The changed program if what holds still does, else None."""
    changed = copy.deepcopy(functions)
    if change(changed) is False:
        return None
    return changed if holds(changed) else None


def drop_statements(functions, holds):
    at = 0
    while at < len(blocks_of(functions)):
        size = len(blocks_of(functions)[at])
        while size:
            start = 0
            while start < len(blocks_of(functions)[at]):
                changed = try_change(
                    functions, lambda f: without_run(f, at, start, size),
                    holds)
                if changed:
                    functions = changed
                else:
                    start += size
            size //= 2
        at += 1
    return functions


def hoist(functions, holds):
    """Blocks in the place of their statements."""
    at = 0
    while at < len(blocks_of(functions)):
        i = 0
        while i < len(blocks_of(functions)[at]):
            def change(changed):
                block = blocks_of(changed)[at]
                if block[i].block is None:
                    return False
                block[i:i + 1] = block[i].block
            changed = try_change(functions, change, holds)
            if changed:
                functions = changed
            else:
                i += 1
        at += 1
    return functions


def drop_clauses(functions, holds):
    at = 0
    while at < len(statements_of(functions)):
        i = 0
        while i < len(statements_of(functions)[at].clauses):
            def change(changed):
                del statements_of(changed)[at].clauses[i]
            changed = try_change(functions, change, holds)
            if changed:
                functions = changed
            else:
                i += 1
        at += 1
    return functions


def drop_functions(functions, holds):
    i = 0
    while i < len(functions):
        changed = None
        if functions[i].name != "main":
            changed = try_change(functions, lambda f: f.__delitem__(i), holds)
        if changed:
            functions = changed
        else:
            i += 1
    return functions


def simplify_words(functions, holds):
    for at in range(len(statements_of(functions))):
        statement = statements_of(functions)[at]
        changes = [("target", None)] if statement.target else []
        changes += [(k, value) for k, word in enumerate(statement.words)
                    for value in (None, "None", "1")
                    if word not in (None, "None", "1")]
        for key, value in changes:
            def change(changed):
                if key == "target":
                    statements_of(changed)[at].target = value
                else:
                    statements_of(changed)[at].words[key] = value
            changed = try_change(functions, change, holds)
            if changed:
                functions = changed
    return functions


def size(functions):
    return (len(statements_of(functions)),
            sum(len(each.clauses) for each in statements_of(functions)),
            len(functions))


def shrink(functions, holds):
    """`holds(functions)` is true of the program, and of what comes back; it
    must be false for one that cannot be read."""
    before = None
    while before != size(functions):
        before = size(functions)
        for step in (drop_statements, hoist, drop_clauses, drop_functions):
            functions = step(functions, holds)
    return simplify_words(functions, holds)
