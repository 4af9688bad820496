"""All works, in the order in which they are run and shown."""

from works import inside, net

WORKS = [*inside.WORKS, *net.WORKS]


def select(names):
    """The works of these names; all if there are none. SystemExit for a name
    that is none."""
    known = {work.name: work for work in WORKS}
    for name in names:
        if name not in known:
            raise SystemExit(f"no work named {name}; there are "
                             + ", ".join(known))
    return [known[name] for name in names] or WORKS
