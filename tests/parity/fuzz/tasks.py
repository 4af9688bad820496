"""Random programs about tasks, in the language that README.md describes.

A program is a main task, two to four other functions that become tasks, a few
objects they share, and in between what random choice puts there. Choice alone
hardly ever cancels a task in the very iteration in which what it waits for is
done, so most programs also have a scene or two: a few lines that lead to one
rule of semantics.md, amid all the rest.
"""

import random

import script
import task_scenes

RAISED = ["ValueError", "ValueError", "KeyError", "RuntimeError",
          "CancelledError", "TimeoutError", "StopIteration"]
ENDING = ["SystemExit", "KeyboardInterrupt", "GeneratorExit"]
CAUGHT = ["Exception", "BaseException", "CancelledError", "CancelledError",
          "ValueError", "TimeoutError", "ExceptionGroup", "RuntimeError",
          "Exception"]
MODES = ["first_completed", "first_exception", "all_completed"]
SYNC = ["event", "lock", "condition", "semaphore", "bounded", "queue", "lifo",
        "priority"]


class Writer(task_scenes.Scenes):
    """Writes one program; `random` makes every choice."""

    def __init__(self, random):
        self.random = random
        self.lines = []
        self.functions = [f"t{i}" for i in range(random.randint(2, 4))]
        self.made = []      # shared variables of main's first lines
        self.scenes = []    # functions that scenes brought along
        self.budget = 0
        self.names = 0

    # --- choices ---

    def one_of(self, things):
        return self.random.choice(things)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def value(self):
        return self.one_of(["None", "0", "1", "2", "3", "'a'", "'b'", "x"])

    def seconds(self):
        return self.one_of(["0", "0", "1", "1", "2", "3", "-1"])

    def task(self):
        return self.one_of(["$t0", "$t0", "$t0", "$t1", "$t1", "$t2"])

    def awaitable(self):
        futures = self.shared("future")
        if futures and self.chance(25):
            return self.one_of(futures)
        if self.chance(12):
            return "$a"
        return self.task()

    def awaitables(self, least=1):
        return " ".join(self.awaitable()
                        for _ in range(self.random.randint(least, 3)))

    def shared(self, *kinds):
        return [name for name, kind in self.made if kind in kinds]

    def fresh(self, start):
        self.names += 1
        return f"{start}{self.names}"

    # --- lines ---

    def say(self, line):
        self.lines.append(line)

    def exception(self):
        name = self.one_of(ENDING if self.chance(2) else RAISED)
        return name + (f" {self.value()}" if self.chance(60) else "")

    def callees(self, function):
        """Functions call and create later ones only, so that all ends."""
        if function == "main":
            return self.functions
        if function not in self.functions:
            return []
        return self.functions[self.functions.index(function) + 1:]

    # --- statements ---

    def block(self, function, depth, most=3):
        for _ in range(self.random.randint(1, most)):
            self.statement(function, depth)

    def statement(self, function, depth):
        self.budget -= 1
        if self.budget < 0:
            self.say("log 'b'")
            return
        kinds = [(12, self.sleep), (10, self.wait_for_one), (8, self.create),
                 (10, self.cancel), (6, self.wait_for_many), (3, self.ask),
                 (2, self.log), (2, self.counts), (2, self.make_awaitable)]
        if self.shared("future"):
            kinds.append((7, self.settle))
        if self.shared(*SYNC):
            kinds.append((14, self.synchronise))
        if depth < 4:
            kinds += [(14, self.try_), (5, self.timeout), (5, self.group),
                      (2, self.each)]
        if depth > 0:
            kinds += [(4, self.raise_), (2, self.return_)]
        weights, run = zip(*kinds)
        self.random.choices(run, weights)[0](function, depth)

    def log(self, function, depth):
        self.say(f"log {self.value()}")

    def sleep(self, function, depth):
        if self.chance(4):
            self.say(f"busy {self.one_of(['1', '2'])}")
        self.say(f"sleep {self.seconds()}")

    def create(self, function, depth):
        callees = self.callees(function)
        if not callees:
            self.sleep(function, depth)
            return
        callee = self.one_of(callees)
        if self.shared("group") and self.chance(30):
            self.say(f"{self.task()} = group_task $g {callee} {self.value()}")
        elif self.chance(12):
            self.say(f"$c = coroutine {callee} {self.value()}")
            self.say(f"x = {self.one_of(['await $c', 'await $c', 'gather $c'])}"
                     )
        elif self.chance(18):
            self.say(f"x = invoke {callee} {self.value()}")
        else:
            self.say(f"{self.task()} = task {callee} {self.value()}")

    def wait_for_one(self, function, depth):
        which = self.awaitable()
        self.say(self.one_of([
            f"x = await {which}", f"x = await {which}",
            f"x = wait_for {self.seconds()} {which}",
            f"x = wait_for {self.one_of(['None', '2'])} {which}",
            f"$a = shield {which}", f"x = await $a"]))

    def wait_for_many(self, function, depth):
        which = self.awaitables()
        limit = self.one_of(["None", "1", "2", "0"])
        self.say(self.one_of([
            f"x = gather {which}", f"x = gather {which}",
            f"x = gather_all {which}",
            f"x = wait {self.one_of(MODES)} {limit} {which}",
            f"x = wait {self.one_of(MODES)} {limit} {which}",
            f"$a = gathering {which}", f"$a = gathering_all {which}"]))

    def make_awaitable(self, function, depth):
        self.say(self.one_of([
            f"$a = shield {self.awaitable()}",
            f"$a = ensure {self.awaitable()}",
            f"$a = gathering {self.awaitables()}"]))

    def cancel(self, function, depth):
        which = "me" if self.chance(10) else self.awaitable()
        self.say(f"x = cancel {which}" + self.one_of(["", "", " 'a'"]))
        if self.chance(10):
            self.say(f"x = cancel {which}")

    def counts(self, function, depth):
        which = self.one_of(["me", self.task()])
        self.say(self.one_of([f"x = cancelling {which}",
                              f"x = uncancel {which}",
                              "x = uncancel me", "x = tasks", "x = current"]))

    def ask(self, function, depth):
        which = self.awaitable()
        self.say(self.one_of([f"x = status {which}", f"x = result {which}",
                              f"x = exception {which}"]))

    def settle(self, function, depth):
        future = self.one_of(self.shared("future"))
        self.say(self.one_of([
            f"set_result {future} {self.value()}",
            f"set_result {future} {self.value()}",
            f"set_exception {future} {self.exception()}",
            f"x = cancel {future}",
            f"callback {self.awaitable()} c0",
            f"x = remove_callback {self.awaitable()}",
            f"{future} = future"]))

    def synchronise(self, function, depth):
        name, kind = self.one_of([m for m in self.made if m[1] in SYNC])
        say, value = self.say, self.value()
        if kind == "event":
            say(self.one_of([f"x = wait_set {name}", f"x = wait_set {name}",
                             f"set {name}", f"set {name}", f"clear {name}",
                             f"x = is_set {name}"]))
        elif kind in ("lock", "semaphore", "bounded"):
            self.hold(name, function, depth)
        elif kind == "condition":
            self.under_condition(name, function, depth)
        else:
            item = self.one_of(["1", "2", "3"]) if kind == "priority" else value
            if item == "x":
                item = "2"
            say(self.one_of([
                f"put {name} {item}", f"put {name} {item}", f"x = get {name}",
                f"x = get {name}", f"put_nowait {name} {item}",
                f"x = get_nowait {name}", f"task_done {name}", f"join {name}",
                f"x = size {name}",
                f"shutdown {name} {self.one_of(['0', '1'])}"]))

    def hold(self, name, function, depth):
        if depth < 4 and self.chance(60):
            self.say(f"holding {name}")
            self.block(function, depth + 1, 2)
            self.say("end")
        else:
            self.say(self.one_of([f"x = acquire {name}", f"release {name}",
                                  f"x = locked {name}"]))

    def under_condition(self, name, function, depth):
        if depth >= 4 or self.chance(25):
            self.say(self.one_of([f"x = wait_notified {name}",
                                  f"notify {name} 1", f"x = acquire {name}",
                                  f"release {name}"]))
            return
        self.say(f"holding {name}")
        self.say(self.one_of([f"x = wait_notified {name}",
                              f"x = wait_notified {name}",
                              f"notify {name} 1", f"notify {name} 2",
                              f"notify_all {name}"]))
        if self.chance(40):
            self.statement(function, depth + 1)
        self.say("end")

    def raise_(self, function, depth):
        self.say(f"raise {self.exception()}")

    def return_(self, function, depth):
        self.say(f"return {self.value()}")

    # --- blocks ---

    def try_(self, function, depth):
        self.say("try")
        self.block(function, depth + 1)
        handlers = self.random.randint(0, 2)
        for _ in range(handlers):
            self.say(f"except {self.one_of(CAUGHT)} as e")
            self.handler(function, depth + 1)
        if handlers and self.chance(15):
            self.say("else")
            self.block(function, depth + 1, 2)
        if not handlers or self.chance(30):
            self.say("finally")
            self.block(function, depth + 1, 2)
        self.say("end")

    def handler(self, function, depth):
        choice = self.random.randrange(10)
        if choice < 4:
            self.say("log e")
        elif choice < 6:
            self.say(self.one_of(["reraise", "raise e",
                                  f"raise {self.exception()}",
                                  f"raise {self.exception()} from e"]))
        else:
            self.block(function, depth, 2)

    def timeout(self, function, depth):
        limit = self.one_of(["0", "1", "1", "2", "3", "-1", "None"])
        self.say(f"timeout $d {limit}")
        self.block(function, depth + 1)
        if self.chance(15):
            self.say(f"reschedule $d {self.one_of(['0', '1', '3', 'None'])}")
            self.statement(function, depth + 1)
        self.say("end")
        if self.chance(25):
            self.say("x = expired $d")

    def group(self, function, depth):
        callees = self.callees(function)
        if not callees:
            self.sleep(function, depth)
            return
        self.say("group $g")
        for _ in range(self.random.randint(0, 2)):
            self.say(f"{self.task()} = group_task $g "
                     f"{self.one_of(callees)} {self.value()}")
        self.block(function, depth + 1, 2)
        self.say("end")

    def each(self, function, depth):
        limit = self.one_of(["None", "None", "1", "2"])
        self.say(f"each x {limit} {self.awaitables()}")
        self.block(function, depth + 1, 1)
        self.say("end")

    # --- the whole ---

    def objects(self):
        kinds = self.random.sample(SYNC, self.one_of([0, 0, 1, 1, 2]))
        if self.chance(45):
            kinds += ["future"] * self.random.randint(1, 2)
        for i, kind in enumerate(kinds):
            name = f"${kind[0]}{i}"
            self.made.append((name, kind))
            size = ""
            if kind in ("queue", "lifo", "priority"):
                size = self.one_of([" 0", " 1", " 1", " 2"])
            elif kind in ("semaphore", "bounded"):
                size = self.one_of([" 0", " 1", " 1", " 2"])
            self.say(f"{name} = {kind}{size}")
        if self.chance(40):
            self.made.append(("$g", "group"))

    def scene(self):
        getattr(self, self.one_of(task_scenes.DRAWN))()

    def main(self):
        """Its lines; what it makes is known to the other functions."""
        self.objects()
        self.budget = 14
        scenes = self.one_of([0, 6, 7, 8, 9, 6, 7, 8, 9])
        while scenes > 1 or scenes and self.chance(75):
            self.scene()
            scenes -= 1
        for _ in range(self.random.randint(1, 2)):
            self.create("main", 0)
        self.block("main", 0, 2)
        for _ in range(scenes):
            self.scene()
        self.block("main", 0, 3)
        lines, self.lines = self.lines, []
        return ["async main"] + lines + ["end"]

    def callback_function(self):
        return ["fun c0 x", "log x", self.one_of(
            ["raise ValueError 1", f"x = cancel {self.task()}", "log 1",
             "x = current"]), "end"]

    def program(self):
        main = self.main()
        for function in self.functions:
            self.budget = 10
            self.say(f"async {function} x")
            self.block(function, 0, 4)
            if self.chance(50):
                self.say(f"return {self.value()}")
            self.say("end")
        return "\n".join(self.lines + self.scenes + self.callback_function()
                         + main + [""])


def program(seed):
    """The functions of the program that belongs to a seed."""
    return script.read(Writer(random.Random(seed)).program())
