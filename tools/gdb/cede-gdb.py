"""Commands of gdb for programs that use cede: what their tasks do.

    cede tasks          every task of every loop: number, name, state, what it
                        waits for and since when, where it was created
    cede bt TASK [...]  its stack; TASK is a number, a name or an address, the
                        rest goes to gdb's own backtrace (full, 5, ...)

Both work on a running process that is stopped and on a core file. gdb loads
this file by itself where it was installed beside libcede.so; else, or with the
static library, say `source .../share/cede/cede-gdb.py`. The library must have
debug information (or gdb must find it), for the layouts are read from it.

How a stack is shown: gdb asks us who called the innermost frame, and we answer
with the registers that the task left in its slot (cede/impl/switch.h), instead
of with the truth. The rest is gdb's daily work.
"""

import gdb
import gdb.unwinder

SECOND = 1e9
CREATED, CLOSED = 0, 3  # of cede_impl_coroutine_state

# What a slot holds, in the order of its words.
REGISTERS = {
    "i386:x86-64": ("rsp", "rip", "rbp", "rbx"),
    "aarch64": ("sp", "pc", "x29", "x19"),
}


def type_of(name):
    try:
        return gdb.lookup_type(name)
    except gdb.error:
        raise gdb.GdbError(
            "cede: no debug information of libcede (type %s is unknown)" % name)


def global_value(name):
    symbol = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    if symbol is None:
        raise gdb.GdbError("cede: %s is unknown: the program does not use "
                           "libcede, or there is no debug information" % name)
    return symbol.value()


def container(link, type_name, field):
    """The struct that a pointer's target is a field of."""
    outer = type_of(type_name)
    for member in outer.fields():
        if member.name == field:
            address = int(link) - member.bitpos // 8
            return gdb.Value(address).cast(outer.pointer()).dereference()
    raise gdb.GdbError("cede: %s has no %s: another version?"
                       % (type_name, field))


def elements(head, type_name, field):
    """What is in a cede__list. A broken list ends the walk."""
    seen = set()
    link = head["next"]
    while int(link) != int(head.address) and int(link) not in seen:
        seen.add(int(link))
        yield container(link, type_name, field)
        link = link["next"]


def text(pointer, default="?"):
    try:
        return pointer.string() if int(pointer) else default
    except (gdb.error, UnicodeDecodeError):
        return default


def loops():
    return elements(global_value("cede__loops"), "struct cede_loop", "node")


def tasks(loop):
    if not int(loop["upper"]):
        return
    known = loop["upper"].cast(type_of("cede__tasks").pointer())
    for task in elements(known["unfinished"], "struct cede_task", "siblings"):
        yield task


def name_of(task):
    return text(task["name"], "Task-%d" % int(task["number"]))


def is_task(future):
    return int(future["head"]["object_class"]) == int(
        global_value("cede__task_class").address)


def wait_of(task):
    awaited = task["awaited"]
    if int(awaited):
        if is_task(awaited):
            other = awaited.cast(type_of("struct cede_task").pointer())
            return "await %s" % name_of(other.dereference())
        return "await %s" % text(
            awaited["head"]["object_class"]["name"], "a future")
    reason = text(task["reason"])
    if int(task["timer"]["position"]):
        return "%s until %.6f" % (reason, int(task["timer"]["when"]) / SECOND)
    return reason


def is_ready(task):
    awaited = task["awaited"]
    return bool(task["scheduled"]) or (
        int(awaited) != 0 and int(awaited["state"]) != 0)


def state_of(task, now):
    state = int(task["coroutine"]["state"])
    if state == CREATED:
        return "ready to begin"
    if state == CLOSED:
        return "done"
    if not task["suspended"]:
        return "running"
    if is_ready(task):
        return "ready"
    since = (now - int(task["since"])) / SECOND
    return "waiting for %.6f s: %s" % (since, wait_of(task))


def created(task):
    where = task["coroutine"]["created"]
    if not int(where):
        return ""
    return "%s:%d" % (text(where["file"]), int(where["line"]))


def print_tasks():
    count = 0
    for loop in loops():
        now = int(loop["now"])
        rows = list(tasks(loop))
        print("loop %#x at %.6f s: %d task(s)"
              % (int(loop.address), now / SECOND, len(rows)))
        for task in rows:
            count += 1
            print("  %-4d %s %s(): %s, created at %s  %#x"
                  % (int(task["number"]), name_of(task),
                     text(task["coroutine"]["name"]), state_of(task, now),
                     created(task) or "?", int(task.address)))
    if not count:
        print("no tasks")


def find_task(which):
    everybody = [task for loop in loops() for task in tasks(loop)]
    for task in everybody:
        if which == name_of(task) or which == str(int(task["number"])):
            return task
    try:
        address = int(gdb.parse_and_eval(which))
    except gdb.error:
        address = 0
    for task in everybody:
        if address == int(task.address):
            return task
    raise gdb.GdbError("cede: no task %s (see `cede tasks`)" % which)


# --- stacks ------------------------------------------------------------------


def coroutine_of(flow):
    return container(flow, "struct cede_impl_coroutine", "flow")


def contexts(task):
    """(name, slot) of each stretch of a suspended task's stack, innermost
    first: src/task/frames.c has the same."""
    here = coroutine_of(task["active"])
    slot = task["coroutine"]["slot"]
    body = int(task["coroutine"].address)
    for _ in range(10000):
        yield text(here["name"]), slot
        member = here
        while int(member["parent"]):
            member = member["parent"].dereference()
            yield text(member["name"]), member["slot"]
        if int(member.address) == body or not int(member["flow"]["outer"]):
            return
        slot = here["slot"]
        here = coroutine_of(member["flow"]["outer"])


class FrameId:
    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class SlotUnwinder(gdb.unwinder.Unwinder):
    """While it is on, the innermost frame was called by a slot's context."""

    def __init__(self):
        super().__init__("cede")
        self.enabled = False
        self.values = None
        self.innermost = None

    def __call__(self, pending):
        names = REGISTERS.get(pending.architecture().name())
        if not self.values or not names:
            return None
        here = int(pending.read_register(names[0]))
        if here != self.innermost:
            return None
        # Its place is below the task's, or gdb takes the stack for broken.
        info = pending.create_unwind_info(
            FrameId(gdb.Value(int(self.values[0]) - 64),
                    gdb.Value(int(pending.read_register(names[1])))))
        for name, value in zip(names, self.values):
            info.add_saved_register(
                name, value.cast(pending.read_register(name).type))
        return info


unwinder = SlotUnwinder()
gdb.unwinder.register_unwinder(None, unwinder, replace=True)


def backtrace_of(slot, arguments):
    """The lines of gdb's backtrace from a slot, without the frame we hang it
    on."""
    kept = gdb.selected_frame()
    gdb.newest_frame().select()
    names = REGISTERS.get(gdb.newest_frame().architecture().name())
    if not names:
        raise gdb.GdbError("cede: stacks are known on x86-64 and aarch64 only")
    if not int(slot["program_counter"]):
        raise gdb.GdbError("cede: the stacks of CEDE_SWITCH=ucontext are not "
                           "known here")
    unwinder.innermost = int(gdb.newest_frame().read_register(names[0]))
    word = gdb.lookup_type("unsigned long")
    unwinder.values = [slot[field].cast(word) for field in
                       ("stack_pointer", "program_counter", "frame_pointer",
                        "base_pointer")]
    unwinder.enabled = True
    try:
        gdb.invalidate_cached_frames()
        lines = gdb.execute("backtrace " + arguments, to_string=True)
    finally:
        unwinder.enabled = False
        unwinder.values = None
        gdb.invalidate_cached_frames()
        try:
            kept.select()
        except gdb.error:
            pass  # it is gone with the cache; gdb selects the innermost
    return without_first(lines.splitlines())


def without_first(lines):
    """Frame 0 is where the thread really is."""
    for number, line in enumerate(lines):
        if line.startswith("#1 "):
            return lines[number:]
    return []


def print_stack(task, arguments):
    now = int(task["future"]["loop"]["now"])
    print("%s %s(): %s" % (name_of(task), text(task["coroutine"]["name"]),
                           state_of(task, now)))
    if not task["suspended"]:
        if int(task["coroutine"]["state"]) not in (CREATED, CLOSED):
            print("it runs: see the backtrace of its thread")
        return
    for number, (name, slot) in enumerate(contexts(task)):
        if number:
            print("resumed by %s():" % name)
        for line in backtrace_of(slot, arguments):
            print(line)


# --- commands ----------------------------------------------------------------


class CedeCommand(gdb.Command):
    """cede's tasks: `cede tasks`, `cede bt TASK`."""

    def __init__(self):
        super().__init__("cede", gdb.COMMAND_STACK, gdb.COMPLETE_NONE, True)


class CedeTasksCommand(gdb.Command):
    """cede tasks: every task of every loop, and what it waits for."""

    def __init__(self):
        super().__init__("cede tasks", gdb.COMMAND_STACK, gdb.COMPLETE_NONE)

    def invoke(self, argument, from_tty):
        print_tasks()


class CedeBacktraceCommand(gdb.Command):
    """cede bt TASK [ARGUMENTS]: the stack of a suspended task.

TASK is a number or a name of `cede tasks`, or an expression for its address.
The arguments are those of gdb's backtrace."""

    def __init__(self):
        super().__init__("cede bt", gdb.COMMAND_STACK, gdb.COMPLETE_NONE)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        if not words:
            raise gdb.GdbError("cede bt TASK: which one? See `cede tasks`")
        print_stack(find_task(words[0]), " ".join(words[1:]))


CedeCommand()
CedeTasksCommand()
CedeBacktraceCommand()
