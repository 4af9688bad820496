"""All works, in the order in which they are run and shown."""

from works import inside, net

WORKS = [*inside.WORKS, *net.WORKS]


def select(names):
    """The works of these names, `memory` with memory/connection; all if there
    are none. SystemExit for a name that is none."""
    chosen = []
    for name in names:
        found = [work for work in WORKS
                 if work.name == name or work.name.startswith(name + "/")]
        if not found:
            raise SystemExit(f"no work named {name}; there are "
                             + ", ".join(work.name for work in WORKS))
        chosen += [work for work in found if work not in chosen]
    return chosen or WORKS
