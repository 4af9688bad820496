"""The statements about tasks: their forms, and the Python they become.

script.py and translate.py have the rest of the language; driver/tasks.c,
many.c, sync.c and blocks.c are the same in C.
"""

GIVES, BLOCK, LOOP = 1, 2, 4

# Forms that are one expression: (words, what it is in Python). Where that
# awaits, the statement stands in an async function.
EXPRESSIONS = {
    "task": ("fV", "R.task(me, {0}, {1})"),
    "coroutine": ("fV", "R.coroutine(me, {0}, {1})"),
    "group_task": ("vfV", "R.group_task(me, {0}, {1}, {2})"),
    "future": ("", "R.future(me)"),
    "shield": ("v", "R.shield(me, {0})"),
    "ensure": ("v", "R.ensure(me, {0})"),
    "await": ("v", "(await R.awaits(me, {0}))"),
    "invoke": ("fV", "(await R.invoke(me, {0}, {1}))"),
    "cancel": ("vV", "R.cancel(me, {0}, {1})"),
    "cancelling": ("v", "R.cancelling(me, {0})"),
    "uncancel": ("v", "R.uncancel(me, {0})"),
    "result": ("v", "R.result(me, {0})"),
    "exception": ("v", "R.failure_of(me, {0})"),
    "status": ("v", "R.status(me, {0})"),
    "tasks": ("", "R.tasks(me)"),
    "current": ("", "R.current(me)"),
    "get_name": ("v", "R.get_name(me, {0})"),
    "remove_callback": ("v", "R.remove_callback(me, {0})"),
    "gather": ("*", "(await R.gather(me, {*}))"),
    "gather_all": ("*", "(await R.gather_all(me, {*}))"),
    "gathering": ("*", "R.gathering(me, False, {*})"),
    "gathering_all": ("*", "R.gathering(me, True, {*})"),
    "wait": ("mv*", "(await R.wait(me, {*}))"),
    "wait_for": ("vv", "(await R.wait_for(me, {0}, {1}))"),
    "lock": ("", "R.make_object(me, 'lock', 'Lock')"),
    "event": ("", "R.make_object(me, 'event', 'Event')"),
    "condition": ("V", "R.condition(me, {0})"),
    "semaphore": ("n", "R.make_object(me, 'semaphore', 'Semaphore', {0})"),
    "bounded": ("n", "R.make_object(me, 'bounded', 'BoundedSemaphore', {0})"),
    "queue": ("n", "R.make_object(me, 'queue', 'Queue', {0})"),
    "lifo": ("n", "R.make_object(me, 'lifo', 'LifoQueue', {0})"),
    "priority": ("n", "R.make_object(me, 'priority', 'PriorityQueue', {0})"),
    "acquire": ("v", "(await R.acquire(me, {0}))"),
    "locked": ("v", "R.locked(me, {0})"),
    "wait_notified": ("v", "(await R.wait_notified(me, {0}))"),
    "wait_set": ("v", "(await R.wait_set(me, {0}))"),
    "is_set": ("v", "R.is_set(me, {0})"),
    "get": ("v", "(await R.get(me, {0}))"),
    "get_nowait": ("v", "R.get_nowait(me, {0})"),
    "size": ("v", "R.size(me, {0})"),
    "timeout_object": ("v", "R.timeout_object(me, {0})"),
    "group_object": ("", "R.group_object(me)"),
    "expired": ("v", "R.expired(me, {0})"),
}

# Forms that give nothing.
STATEMENTS = {
    "sleep": ("v", "await R.sleep(me, {0}); R.says(me, 'wakes')"),
    "busy": ("n", "R.busy(me, {0})"),
    "set_result": ("vv", "R.set_result(me, {0}, {1})"),
    "set_exception": ("ve", "R.set_exception(me, {0}, {1}, {2})"),
    "callback": ("vf", "R.callback(me, {0}, {1})"),
    "release": ("v", "R.release(me, {0})"),
    "notify": ("vn", "R.notify(me, {0}, {1})"),
    "notify_all": ("v", "R.notify_all(me, {0})"),
    "set": ("v", "R.set_event(me, {0})"),
    "clear": ("v", "R.clear_event(me, {0})"),
    "put": ("vv", "await R.put(me, {0}, {1}); R.says(me, 'put it')"),
    "put_nowait": ("vv", "R.put_nowait(me, {0}, {1})"),
    "task_done": ("v", "R.task_done(me, {0})"),
    "join": ("v", "await R.join(me, {0}); R.says(me, 'joined')"),
    "shutdown": ("vn", "R.shutdown(me, {0}, {1})"),
    "reschedule": ("vv", "R.reschedule(me, {0}, {1})"),
}

BLOCKS = {
    "timeout": ("tv", BLOCK),
    "group": ("t", BLOCK),
    "holding": ("v", BLOCK),
    "each": ("tv*", BLOCK | LOOP),
}


def all_forms():
    """In the shape of script.FORMS."""
    for forms, flags in ((EXPRESSIONS, GIVES), (STATEMENTS, 0)):
        for name, (words, text) in forms.items():
            yield name, (words, flags, "", "async" if "await" in text else None)
    for name, (words, flags) in BLOCKS.items():
        yield name, (words, flags, "", "async")


FORMS = dict(all_forms())


class Blocks:
    """What a translator does with them."""

    def task_statement(self, statement, words, depth):
        form = statement.form
        if form in BLOCKS:
            getattr(self, "put_" + form)(statement, words, depth)
            return
        text = (EXPRESSIONS.get(form) or STATEMENTS[form])[1]
        text = text.replace("{*}", ", ".join(words)).format(*words)
        if form in EXPRESSIONS:
            self.give(statement, depth, text)
        else:
            self.put(depth, text)

    def manager(self, depth, text):
        name = "w_%d" % self.number()
        self.put(depth, "%s = %s" % (name, text))
        return name

    def watched(self, statement, depth, manager):
        """The block under a manager, which is a handle."""
        self.put(depth, "async with %s.object:" % manager)
        self.put(depth + 1, "R.holds(me, %s)" % manager)
        self.block(statement.block, depth + 1)
        self.put(depth, "R.left(me, %s)" % manager)

    def put_timeout(self, statement, words, depth):
        limit = self.manager(depth, "R.seconds_or_none(%s)" % words[1])
        name = self.manager(depth, "R.handle('timeout')")
        self.put(depth, "%s = %s" % (words[0], name))
        self.put(depth, "R.timeout(me, %s, %s)" % (name, limit))
        self.watched(statement, depth, name)

    def put_group(self, statement, words, depth):
        name = self.manager(depth, "R.handle('group')")
        self.put(depth, "%s = %s" % (words[0], name))
        self.put(depth, "R.group(me, %s)" % name)
        self.watched(statement, depth, name)

    def put_holding(self, statement, words, depth):
        name = self.manager(depth, "R.holding(me, %s)" % words[0])
        self.watched(statement, depth, name)

    def put_each(self, statement, words, depth):
        name = self.manager(depth, "R.each(me, %s)" % ", ".join(words[1:]))
        self.put(depth, "with %s:" % name)
        self.put(depth + 1, "async for %s in %s:" % (words[0], name))
        self.put(depth + 2, "R.item(me, %s)" % words[0])
        self.block(statement.block, depth + 2, loop=self.number(),
                   loop_in_last=False, loop_protected=False)
