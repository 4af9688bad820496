"""Scenes: a few lines that lead to one rule of semantics.md, as tasks.py puts
them amid all the rest. A scene writes lines of main, and helper functions; it
leaves open what need not be so for the rule.
"""


class Scenes:
    """What a Writer can do beside."""

    def helper(self, *lines, kind="async"):
        """A function of these lines: its name."""
        name = self.fresh("s")
        self.scenes += [f"{kind} {name} x", *lines, "end"]
        return name

    def child(self, *kinds):
        """A function of one of these kinds."""
        wait = f"sleep {self.one_of(['1', '2', '9'])}"
        kind = self.one_of(kinds)
        late = self.one_of(["sleep 1", "sleep 0", "log 1"])
        return self.helper(*{
            "quick": [f"return {self.value()}"],
            "turn": ["sleep 0", f"return {self.value()}"],
            "short": ["sleep 1", f"return {self.value()}"],
            "slow": [wait, f"return {self.value()}"],
            "fails": [late, f"raise {self.one_of(['ValueError 1', 'KeyError'])}"
                      ],
            "cancels": [late, "raise CancelledError"],
            "exits": [late, self.one_of(["raise SystemExit",
                                         "raise KeyboardInterrupt"])],
            "refuses": ["try", "sleep 9", "except CancelledError as e", late,
                        "end", "return 'refused'"],
            "cleans": ["try", "sleep 9", "finally", late, "end"],
            "converts": ["try", "sleep 9", "except CancelledError as e", late,
                         "raise KeyError 'late'", "end"],
        }[kind])

    def start(self, *kinds):
        """A task of such a kind, in a variable of its own."""
        name = self.fresh("$s")
        self.say(f"{name} = task {self.child(*kinds)} {self.value()}")
        return name

    def started(self, *lines):
        """A task of these lines."""
        name = self.fresh("$s")
        self.say(f"{name} = task {self.helper(*lines)} 1")
        return name

    def turns(self, most=3):
        for _ in range(self.random.randint(1, most)):
            self.say("sleep 0")

    def noise(self, percent=20):
        if self.chance(percent):
            self.statement("main", 3)

    def guarded(self, *lines):
        self.say("try")
        for line in lines:
            self.say(line)
        self.say(f"except {self.one_of(['BaseException', 'Exception'])} as e")
        self.say("log e")
        self.say("end")

    def message(self):
        return self.one_of(["", " 'a'", " 'b'"])

    def end_of(self, name):
        """Waits for it, and shows what came of it."""
        if self.chance(50):
            self.guarded(f"x = await {name}")
        else:
            self.say(f"x = wait all_completed None {name}")
            self.say(f"x = status {name}")

    # --- tasks ---

    def scene_refusal(self):                            # T04, T07, T22
        name = self.start("refuses", "cleans", "converts")
        self.turns()
        self.say(f"x = cancel {name}{self.message()}")
        self.noise()
        self.end_of(name)
        self.say(f"x = cancelling {name}")

    def scene_twice(self):                              # T08, T21
        name = self.start("fails", "slow")
        self.turns(2)
        if self.chance(60):
            self.say(f"x = cancel {name} 'a'")
        for _ in range(self.random.randint(2, 3)):
            self.guarded(f"x = await {name}")

    def scene_down_the_chain(self):                     # T10, T11
        inner = self.start("refuses", "refuses", "cleans", "slow")
        outer = self.started(f"x = {self.one_of(['await', 'await', 'gather'])} "
                             f"{inner}", "log x", "return x")
        self.turns()
        self.say("sleep 0")
        self.say(f"x = cancel {outer}{self.message()}")
        self.noise()
        self.end_of(outer)
        self.end_of(inner)

    def scene_itself(self):                             # T06, T09, T29
        if self.chance(30):
            name = self.started("x = await me")
            self.end_of(name)
            return
        name = self.started("x = cancel me" + self.message(), "x = current",
                            self.one_of(["log 1", "log 1", "sleep 0"]),
                            f"return {self.value()}")
        self.end_of(name)

    def scene_taken_back(self):                         # T12
        self.say("x = cancel me" + self.message())
        if self.chance(40):
            self.say("x = cancel me")
            self.say("x = uncancel me")
        self.say("x = uncancel me")
        self.guarded(self.one_of(["sleep 0", "sleep 1"]))

    def scene_names(self):                              # T17, K14
        name = self.start("short", "quick")
        self.say(f"x = get_name {name}")
        self.guarded(f"set_result {name} 1")
        self.say("group $g")
        self.say(f"{name} = group_task $g {self.child('short', 'quick')}")
        self.say(f"x = get_name {name}")
        self.say("end")

    def scene_too_late(self):                           # T19, W23
        future = self.fresh("$s")
        self.say(f"{future} = future")
        name = self.started(self.one_of([
            f"x = await {future}", f"x = wait_for 5 {future}",
            f"x = wait_for 5 {future}", f"x = gather {future}"]), "log x")
        self.turns(2)
        self.say("sleep 0")
        self.say(f"set_result {future} {self.value()}")
        if self.chance(30):
            self.say("sleep 0")
        self.say(f"x = cancel {name}{self.message()}")
        self.end_of(name)

    def scene_exit(self):                               # T20, K05
        if self.chance(50):
            self.say("group $g")
            self.say(f"group_task $g {self.child('cleans', 'slow')}")
            self.say(f"group_task $g {self.child('exits')}")
            self.say("end")
        else:
            self.start("exits")
            self.say("sleep 2")

    def scene_coroutines(self):                         # T24, T26
        name = self.fresh("$s")
        self.say(f"{name} = coroutine {self.child('quick', 'short', 'fails')}")
        if self.chance(50):
            self.say(f"$a = ensure {name}")
            self.say("$a = ensure $a")
            self.guarded("x = await $a")
        else:
            self.guarded(f"x = await {name}")
            self.guarded(f"x = await {name}")

    def scene_callback(self):                           # T29
        name = self.start("quick", "short", "fails")
        calls = self.helper("x = current", "log x", self.one_of(
            ["x = tasks", "raise ValueError 1", "log 1"]), kind="fun")
        self.say(f"callback {name} {calls}")
        if self.chance(20):
            self.say(f"callback {name} {calls}")
            self.say(f"x = remove_callback {name}")
        self.end_of(name)
        self.say("sleep 0")

    # --- waiting ---

    def several(self, *kinds):
        return [self.start(*kinds)
                for _ in range(self.random.randint(2, 3))]

    def scene_gather(self):                             # W01, W02, W03, W05
        names = self.several("quick", "short", "fails", "slow", "cancels")
        if self.chance(50):
            names.append(names[0])
        if self.chance(25):
            self.say("sleep 0")
            self.say(f"x = cancel {self.one_of(names)}{self.message()}")
        form = self.one_of(["gather", "gather_all"])
        if self.chance(25):
            names = []
        self.guarded(f"x = {form} {' '.join(names)}")

    def scene_gather_cancelled(self):                   # W04
        names = self.several("slow", "cleans", "refuses", "converts", "short")
        form = self.one_of(["gather", "gather_all"])
        outer = self.started(f"x = {form} {' '.join(names)}", "log x")
        self.turns(2)
        self.say("sleep 0")
        self.say(f"x = cancel {outer}{self.message()}")
        self.noise()
        self.end_of(outer)

    def scene_wait(self):                               # W07
        names = self.several("quick", "short", "fails", "slow", "cancels")
        mode = self.one_of(["first_completed", "first_exception",
                            "all_completed"])
        if self.chance(40):
            self.say(f"x = cancel {names[0]}")
        self.say(f"x = wait {mode} {self.one_of(['None', '1', '0', '2'])} "
                 + " ".join(names))

    def scene_wait_refused(self):                       # W08
        name = self.fresh("$s")
        self.say(f"{name} = coroutine {self.child('quick')}")
        self.guarded("x = wait all_completed None "
                     + self.one_of(["", name, name]))

    def scene_wait_cancelled(self):                     # W09
        names = self.several("slow", "cleans")
        waits = self.started("x = wait all_completed None " + " ".join(names))
        self.turns(2)
        self.say("sleep 0")
        self.say(f"x = cancel {waits}")
        self.end_of(waits)

    def scene_wait_for(self):                           # W10, W11
        name = self.start("cleans", "refuses", "converts", "slow")
        self.noise()
        self.guarded(f"x = wait_for {self.one_of(['1', '1', '2', '0'])} {name}")

    def scene_at_once(self):                            # T19, T23
        names = self.workers("try", "sleep 1", "log 'woke'",
                             "except CancelledError as e", "log e", "end")
        self.guarded(self.one_of([f"x = wait_for 1 {names[-1]}",
                                  f"x = wait_for 1 {names[-1]}",
                                  f"timeout $d 1\nx = await {names[-1]}\nend"]))

    def scene_wait_for_none(self):                      # W12
        name = self.start("quick", "turn", "fails")
        self.say("sleep 1")
        self.guarded(f"x = wait_for {self.one_of(['0', '-1', 'None'])} {name}")

    def scene_wait_for_cancelled(self):                 # W13
        inner = self.start("cleans", "refuses", "slow")
        outer = self.started(f"x = wait_for {self.one_of(['5', '1'])} {inner}")
        self.turns(2)
        self.say("sleep 0")
        self.say(f"x = cancel {outer}{self.message()}")
        self.end_of(outer)

    def scene_shield(self):                             # W14, W15, W24
        inner = self.start("short", "slow", "fails", "cleans", "quick")
        shield = self.fresh("$s")
        if self.chance(35):
            self.say("sleep 1")
        self.say(f"{shield} = shield {inner}")
        choice = self.random.randrange(3)
        if choice == 0:
            self.guarded("timeout $d 1", f"x = await {shield}", "end")
        elif choice == 1:
            outer = self.started(f"x = await {shield}", "log x")
            self.turns(2)
            self.say("sleep 0")
            self.say(f"x = cancel {self.one_of([outer, inner])}")
            self.end_of(outer)
        else:
            self.guarded(f"x = await {shield}")
        self.end_of(inner)

    def scene_each(self):                               # W16, W26
        names = self.several("quick", "short", "fails", "slow")
        self.guarded(f"each x {self.one_of(['None', '1', '3'])} "
                     + " ".join(names),
                     self.one_of(["log 1", "x = await x", "x = status x"]),
                     "end")

    def scene_nested_timeouts(self):                    # W18, W27
        outer, inner = self.one_of(["12", "12", "12", "21", "11"])
        if self.chance(40):
            body = ["try", "sleep 9", "finally", f"timeout $d {inner}",
                    "sleep 9", "end", "end"]
        else:
            body = [f"timeout $d {inner}", "sleep 9", "end"]
        self.guarded(f"timeout $s0 {outer}", *body, "end")
        self.say("x = expired $s0")

    def scene_timeout_and_cancel(self):                 # W19, W20
        body = self.one_of([
            ["sleep 9"], ["sleep 9"],
            ["try", "sleep 9", "except CancelledError as e", "log 1", "end"],
            ["try", "sleep 9", "except CancelledError as e", "raise KeyError",
             "end"]])
        name = self.started("timeout $s0 1", *body, "end")
        self.say(self.one_of(["sleep 1", "sleep 1", "sleep 2"]))
        self.say(f"x = cancel {name}{self.message()}")
        self.end_of(name)

    def scene_timeout_states(self):                     # W22
        self.say(f"$s0 = timeout_object {self.one_of(['1', '3', 'None'])}")
        again = self.one_of(["reschedule $s0 1", "holding $s0"])
        if self.chance(50):
            self.guarded("reschedule $s0 1")
        self.guarded("holding $s0",
                     f"reschedule $s0 {self.one_of(['1', '0', 'None'])}",
                     self.one_of(["sleep 2", "log 1"]), "end")
        self.guarded(again, *(["end"] if again[0] == "h" else []))

    def scene_busy(self):                               # W28, W21
        if self.chance(40):
            self.guarded("timeout $d 0", "log 1", "end")
            return
        self.guarded(f"timeout $d {self.one_of(['0', '1', '-1', '-1', '-1'])}",
                     self.one_of(["busy 2", "log 1"]),
                     self.one_of(["sleep 1", "sleep 0", "log 1", "log 2"]),
                     "end")

    # --- groups ---

    def group_of(self, children, *body):
        """The lines of a group."""
        lines = ["group $g"]
        for child in children:
            lines.append(f"group_task $g {child}")
        return lines + list(body) + ["end"]

    def scene_group(self):                              # K01, K02, K03, K10
        children = [self.child("quick", "short", "fails", "fails", "cleans",
                               "converts", "cancels")
                    for _ in range(self.random.randint(2, 3))]
        body = self.one_of([["log 1"], ["sleep 1"], ["sleep 9"],
                            ["raise KeyError 'body'"],
                            ["sleep 0", "raise KeyError 'body'"],
                            ["raise CancelledError"], ["raise GeneratorExit"],
                            ["raise GeneratorExit"], ["raise SystemExit"]])
        self.guarded(*self.group_of(children, *body))
        self.say("x = cancelling me")

    def scene_cancelled_child(self):                    # K03
        children = [self.child("cancels", "quick")
                    for _ in range(self.random.randint(1, 3))]
        self.say("group $g")
        self.say(f"$s0 = group_task $g {self.child('slow', 'cleans')}")
        for child in children:
            self.say(f"group_task $g {child}")
        self.turns(1)
        self.say(f"x = cancel $s0{self.message()}")
        self.say("end")

    def scene_group_cancelled(self):                    # K04, K15, K18
        children = [self.child("cleans", "refuses", "converts", "slow")
                    for _ in range(self.random.randint(1, 2))]
        body = self.one_of([
            ["log 1"], ["sleep 9"],
            ["try", "sleep 9", "except CancelledError as e", "raise KeyError",
             "end"]])
        after = self.one_of([["log 1"], ["sleep 0", "log 2"]])
        name = self.started("try", *self.group_of(children, *body),
                            "finally", "x = cancelling me", *after, "end")
        self.turns(2)
        self.say("sleep 0")
        self.say(f"x = cancel {name}{self.message()}")
        if self.chance(50):
            self.turns(2)
            self.say(f"x = cancel {name}")
        self.end_of(name)

    def scene_group_states(self):                       # K06, K08
        quick = self.child("quick", "short")
        spawns = self.helper(self.one_of(["sleep 0", "sleep 1"]),
                             f"group_task $s0 {quick}")
        late = self.helper("try", "sleep 9", "finally",
                           f"group_task $s0 {quick}", "end")
        self.say("$s0 = group_object")
        if self.chance(40):
            self.guarded(f"group_task $s0 {quick}")
        self.guarded("holding $s0",
                     f"group_task $s0 {self.one_of([spawns, late])}",
                     *self.one_of([[], [], [f"group_task $s0 "
                                            f"{self.child('fails')}"]]),
                     *self.one_of([[], [], ["sleep 0", "raise KeyError"]]),
                     "end")
        again = self.one_of([f"group_task $s0 {quick}", "holding $s0"])
        self.guarded(again, *(["end"] if again[0] == "h" else []))

    def scene_groups_nested(self):                      # K07, K11
        inner = self.group_of([self.child("fails", "fails", "cleans")],
                              self.one_of(["sleep 1", "log 1"]))
        around = self.one_of(["group $s0", "timeout $s0 1"])
        if around[0] == "g":
            other = self.child("fails", "quick", "cleans")
            self.guarded(around, f"group_task $s0 {other}", *inner, "end")
        else:
            self.guarded(around, *inner, "end")

    # --- synchronisation ---

    def workers(self, *lines):
        """Two or three tasks of these lines."""
        return [self.started(*lines)
                for _ in range(self.random.randint(2, 3))]

    def scene_lock(self):                               # P01, P02, P03, P14
        self.say("$s0 = " + self.one_of([
            "lock", "lock", "semaphore 1", "bounded 1", "condition"]))
        self.say("x = acquire $s0")
        wait = self.one_of(["sleep 0", "sleep 1", "log 1"])
        names = self.workers(*self.one_of([
            ["holding $s0", wait, "end", "log 'out'"],
            ["x = acquire $s0", wait, "release $s0"]]))
        self.turns(2)
        if self.chance(50):
            self.say(f"x = cancel {self.one_of(names)}")
        self.say("release $s0")
        if self.chance(40):
            self.say(f"x = cancel {names[0]}")
        self.say("x = locked $s0")
        if self.chance(60):
            self.say("x = acquire $s0")
            self.say("release $s0")
        self.guarded(f"x = gather_all {' '.join(names)}")
        self.guarded("release $s0")

    def scene_units(self):                              # P08
        kind = self.one_of(["semaphore", "bounded"])
        self.say(f"$s0 = {kind} {self.one_of(['1', '2'])}")
        names = self.workers("x = acquire $s0", "sleep 1", "release $s0")
        self.turns(2)
        if self.chance(50):
            self.say(f"x = cancel {self.one_of(names)}")
        self.guarded("release $s0", "release $s0")
        self.guarded(f"x = gather_all {' '.join(names)}")

    def scene_event(self):                              # P04, P10
        self.say("$s0 = event")
        names = self.workers("x = wait_set $s0", "x = is_set $s0")
        self.turns(2)
        if self.chance(40):
            self.say(f"x = cancel {names[0]}")
        self.say("set $s0")
        if self.chance(50):
            self.say("clear $s0")
        else:
            self.say("x = wait_set $s0")
        self.say("x = wait all_completed 1 " + " ".join(names))

    def scene_condition(self):                          # P05, P06, P07
        self.say("$s0 = condition")
        names = self.workers("holding $s0", "x = wait_notified $s0",
                             self.one_of(["log 1", "sleep 0"]), "end")
        if self.chance(30):
            self.guarded(self.one_of(["notify $s0 1",
                                      "x = wait_notified $s0"]))
        self.turns(2)
        self.say("sleep 0")
        self.say("holding $s0")
        self.say(f"notify $s0 {self.one_of(['1', '1', '2'])}")
        if self.chance(60):
            self.say(f"x = cancel {self.one_of(names)}")
        self.say(self.one_of(["sleep 0", "log 1"]))
        self.say("end")
        if self.chance(40):
            self.say(f"x = cancel {self.one_of(names)}")
        self.say("x = wait all_completed 1 " + " ".join(names))

    def scene_queue(self):                              # Q01 to Q08
        kind = self.one_of(["queue", "queue", "lifo", "priority"])
        size = self.one_of(["0", "1", "2"])
        self.say(f"$s0 = {kind} {size}")
        gets = self.workers(self.one_of([
            "x = get $s0", "loop 2\nx = get $s0\ntask_done $s0\nend"]),
            "log x")
        puts = self.workers(f"put $s0 {self.one_of(['1', '2', '3'])}",
                            f"put $s0 {self.one_of(['1', '2'])}")
        if self.chance(50):
            self.turns(2)
        self.say(f"x = cancel {self.one_of(gets + puts)}")
        self.guarded(self.one_of(["put_nowait $s0 2", "x = get_nowait $s0",
                                  "task_done $s0"]))
        if self.chance(40):
            self.say(f"shutdown $s0 {self.one_of(['0', '1'])}")
        self.guarded("x = wait_for 1 " + self.one_of(gets + puts))
        self.guarded("timeout $d 1", "join $s0", "end")

    def scene_settled(self):                            # F01 to F11
        future = self.fresh("$s")
        self.say(f"{future} = future")
        names = self.workers(f"x = await {future}", "log x")
        calls = self.helper("x = status x", kind="fun")
        self.say(f"callback {future} {calls}")
        if self.chance(30):
            self.say(f"x = remove_callback {future}")
        self.turns(2)
        settle = [f"set_result {future} 1",
                  f"set_exception {future} {self.exception()}",
                  f"set_exception {future} StopIteration 1",
                  f"x = cancel {future}{self.message()}"]
        self.guarded(f"x = result {future}")
        self.say(self.one_of(settle))
        self.guarded(self.one_of(settle))
        self.guarded(f"x = exception {future}")
        self.guarded(f"x = await {future}")
        self.guarded(f"x = gather_all {' '.join(names)}")


SCENES = [name for name in dir(Scenes) if name.startswith("scene_")]
# Those that lead to several rules, or not every time, come more often.
OFTEN = """
at_once busy busy coroutines each each gather gather gather group group
group_cancelled group_cancelled group_cancelled group_states group_states
groups_nested groups_nested groups_nested groups_nested lock lock
nested_timeouts shield shield shield shield timeout_and_cancel
timeout_and_cancel timeout_states too_late too_late twice twice wait wait
wait wait_for wait_for wait_for wait_for_none
""".split()
DRAWN = SCENES + ["scene_" + name for name in OFTEN]
