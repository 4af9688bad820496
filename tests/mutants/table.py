"""The mistakes that mutants.py makes: of each part forty rules that were drawn
by lot, and all rules of locks and queues.

A mutant is found by text, which must stand in its file exactly once. It is the
kind of mistake somebody makes: a condition inverted, a call left out, a wrong
order. The program is the one whose tests must notice, room/noun.
"""

from collections import namedtuple

Mutant = namedtuple("Mutant", "rule program file what edits only")


def mutant(rule, program, file, what, old, new, only=None):
    return Mutant(rule, program, file, what, [(file, old, new)], only)


def several(rule, program, file, what, *replacements):
    """More than one text of one file."""
    return Mutant(rule, program, file, what,
                  [(file, old, new) for old, new in replacements], None)


MUTANTS = [
    # ---- context variables -----------------------------------------------
    mutant("C01", "task/context", "src/task/create.c",
           "a task begins with nothing set",
           ".context = cede__context_capture(), .task = task",
           ".context = NULL, .task = task"),
    mutant("C01", "task/context", "src/value/context.h",
           "a task shares the context instead of copying it",
           "return (cede_object *)cede_ref(cede__context_values(context));",
           "return cede_ref(context);"),
    mutant("C02", "loop/context", "src/loop/handle.c",
           "scheduling does not capture the context",
           "        .place.context = cede__context_capture(),\n",
           ""),
    mutant("C02", "loop/context", "src/loop/handle.c",
           "a callback runs in the loop's context and leaks into it",
           "    cede__context_here = &handle->place;\n"
           "    exception = cede_catch",
           "    exception = cede_catch"),
    mutant("C02", "task/context", "src/task/future.c",
           "add_done_callback does not capture the context",
           "        record->place.context = cede__context_capture();",
           "        record->place.context = NULL;"),
    mutant("C02", "task/context", "src/task/future.c",
           "a done callback runs in the loop's context",
           "    cede__context_here = &record->place;\n",
           ""),
    mutant("C03", "value/context", "src/flow/context_var.c",
           "get without a value and a default is no error",
           "    if (variable->no_default)\n"
           "        raise_missing(cede_LookupError, variable);\n",
           ""),
    mutant("C03", "value/context", "src/value/context.c",
           "a token is not marked as used",
           "    token->used = true;\n",
           ""),
    mutant("C03", "value/context", "src/flow/context_var.c",
           "a token works in any context",
           "!cede__context_is_current(token->context)",
           "!token->context"),
    mutant("C03", "value/context", "src/value/context.c",
           "a context may be entered twice",
           "    if (!__atomic_compare_exchange_n(&context->place, &nowhere, "
           "place, false,\n"
           "                                     __ATOMIC_ACQUIRE, "
           "__ATOMIC_RELAXED))\n"
           "        return false;\n",
           "    (void)nowhere;\n"
           "    __atomic_store_n(&context->place, place, __ATOMIC_RELAXED);\n"),
    mutant("C03", "task/context", "src/value/context.c",
           "a task may enter its own context",
           "    if (*base_of(place) == &context->head)\n"
           "        return false;\n",
           ""),
    mutant("C03", "value/context", "src/flow/context_var.c",
           "a token works for any variable",
           "    if (token->variable != variable)\n",
           "    if (token->variable == NULL)\n"),
    mutant("C06", "value/context", "src/value/context.c",
           "copying a context makes a map of its own, item by item",
           "    if (context)\n"
           "        context->values = cede_ref(values);\n",
           "    for (size_t i = 0; context && i < cede__hamt_size(values); "
           "i++) {\n"
           "        cede__hamt *before = context->values;\n"
           "\n"
           "        context->values =\n"
           "            cede__hamt_set(before, cede__hamt_at(values, i));\n"
           "        cede_unref(before);\n"
           "    }\n"),
    mutant("C06", "value/hamt", "src/value/hamt.c",
           "what is replaced is replaced in the node others have, too",
           "    return with_item(node, bit, item);\n",
           "    if (node->items & bit) {\n"
           "        cede_object **slots = (cede_object **)node->slots;\n"
           "\n"
           "        cede_unref(slot(node, bit));\n"
           "        slots[index_of(node, bit)] = &cede_ref(item)->head;\n"
           "        return cede_ref((cede__hamt *)node);\n"
           "    }\n"
           "    return with_item(node, bit, item);\n"),
    mutant("C06", "value/hamt", "src/value/hamt.c",
           "a node looks at one bit of the key, so paths are five times as "
           "long",
           "enum { BITS = 5 };",
           "enum { BITS = 1 };"),

    # ---- locks and their like --------------------------------------------
    mutant("P01", "sync/lock", "src/sync/lock.c",
           "who comes takes a lock that is promised to another",
           "    if (lock->locked || lock->promised)\n",
           "    if (lock->locked)\n"),
    mutant("P02", "sync/cancel_points", "src/sync/lock.c",
           "a cancelled waiter does not pass its wake-up on",
           "        lock->promised = false;\n"
           "    wake_first(lock);\n",
           "        lock->promised = false;\n"),
    mutant("P02", "sync/lock", "src/sync/lock.c",
           "the lock waits for a task that has been cancelled",
           "    if (!lock->locked && !lock->promised)\n"
           "        lock->promised = cede_wait_queue_wake(&lock->waiters);\n",
           "    if (!lock->locked && !lock->promised) {\n"
           "        cede_wait_queue_wake(&lock->waiters);\n"
           "        lock->promised = lock->bound.waiting > 0;\n"
           "    }\n"),
    mutant("P03", "sync/lock", "src/sync/lock.c",
           "a lock nobody has may be released",
           "    if (!lock->locked)\n"
           "        cede_raise(cede_RuntimeError, \"Lock is not acquired.\");\n",
           ""),
    mutant("P03", "sync/lock", "src/sync/lock.c",
           "a promised lock counts as locked",
           "    return lock->locked;\n",
           "    return lock->locked || lock->promised;\n"),
    mutant("P04", "sync/event", "src/sync/event.c",
           "set wakes one of those who wait",
           "    while (cede_wait_queue_wake(&event->waiters))\n"
           "        continue;\n",
           "    cede_wait_queue_wake(&event->waiters);\n"),
    mutant("P04", "sync/event", "src/sync/event.c",
           "a woken waiter looks whether the event is still set",
           "    if (!event->set)\n        wait_for_set(event);\n",
           "    while (!event->set)\n        wait_for_set(event);\n"),
    mutant("P04", "sync/event", "src/sync/event.c",
           "a cancelled waiter passes its wake-up on",
           "    cede_wait_queue_park_keep(&event->waiters, \"event\", &woken);\n",
           "    (void)woken;\n"
           "    cede_wait_queue_park(&event->waiters, \"event\");\n"),
    mutant("P05", "sync/condition", "src/sync/condition.c",
           "notify wakes one more",
           "    wake(condition, count);\n",
           "    wake(condition, count + 1);\n"),
    mutant("P05", "sync/condition", "src/sync/condition.c",
           "notifying does not need the lock",
           "    if (!cede_lock_locked(condition->lock))\n"
           "        cede_raise(cede_RuntimeError, "
           "\"cannot notify on un-acquired lock\");\n",
           ""),
    mutant("P06", "sync/condition", "src/sync/condition.c",
           "a second cancel ends the wait for the lock",
           "    while (!now.mine)\n",
           "    if (!now.mine)\n"),
    mutant("P06", "sync/condition", "src/sync/condition.c",
           "the cancel is forgotten when the lock is there",
           "    if (now.cancelled)\n        cede_raise(now.cancelled);\n",
           ""),
    several("P06", "sync/condition", "src/sync/condition.c",
            "a cancelled scope ends the wait for the lock",
            ("    cede_shield_begin();\n", ""),
            ("    cede_defer (cede_shield_end, NULL);\n", "")),
    mutant("P07", "sync/condition", "src/sync/condition.c",
           "a notification is lost with its cancelled task",
           "    if (turn->woken && !turn->done)\n"
           "        wake(turn->condition, 1);\n",
           "    (void)wake;\n"),
    mutant("P08", "sync/semaphore", "src/sync/semaphore.c",
           "who comes goes ahead of who waits",
           "    return semaphore->value == 0 || semaphore->promised > 0 ||\n"
           "           !cede_wait_queue_empty(&semaphore->waiters);\n",
           "    return semaphore->value == 0;\n"),
    mutant("P08", "sync/semaphore", "src/sync/semaphore.c",
           "the promise to a cancelled task stays",
           "    semaphore->promised -= turn->woken;\n",
           ""),
    mutant("P08", "sync/semaphore", "src/sync/semaphore.c",
           "the one who leaves does not wake the next",
           "    while (wake_next(semaphore))\n        continue;\n",
           ""),
    mutant("P08", "sync/semaphore", "src/sync/semaphore.c",
           "a semaphore may begin below nothing",
           "    if (value < 0)\n",
           "    if (value < -1)\n"),
    mutant("P08", "sync/semaphore", "src/sync/semaphore.c",
           "a bounded semaphore has no bound",
           "    return make(bounded_class, value, value);\n",
           "    return make(bounded_class, value, INT64_MAX);\n"),
    mutant("P09", "sync/barrier", "src/sync/barrier.c",
           "who comes goes in while others leave",
           "    while (barrier->state == DRAINING || "
           "barrier->state == RESETTING)\n",
           "    while (barrier->state == RESETTING)\n"),
    mutant("P09", "sync/barrier", "src/sync/barrier.c",
           "the barrier mends itself when the last one has left",
           "    if (barrier->state != BROKEN)\n"
           "        barrier->state = FILLING;\n",
           "    barrier->state = FILLING;\n"),
    mutant("P09", "sync/barrier", "src/sync/barrier.c",
           "indices go on over the generations",
           "        barrier->left = 0;\n",
           ""),
    mutant("P09", "sync/barrier", "src/sync/barrier.c",
           "reset does not hear of those inside",
           "barrier->count > 0 ? RESETTING : FILLING;\n",
           "barrier->count > barrier->parties ? RESETTING : FILLING;\n"),
    mutant("P10", "sync/event", "src/sync/event.c",
           "a set event is waited for",
           "    if (!event->set)\n        wait_for_set(event);\n",
           "    if (!event->set)\n        wait_for_set(event);\n"
           "    else\n        cede_sleep(0);\n"),
    mutant("P11", "sync/condition", "src/sync/condition.c",
           "wait_for looks twice",
           "    while (!cede_value_truth(result)) {\n",
           "    if (!cede_value_truth(result)) {\n"),
    mutant("P12", "sync/barrier", "src/sync/barrier.c",
           "a cancelled party takes the index of another along",
           "        barrier->left = 0;\n",
           ""),
    mutant("P12", "sync/barrier", "src/sync/barrier.c",
           "a cancelled party still counts",
           "    if (--barrier->count > 0)\n        return;\n",
           "    if (barrier->state == FILLING || --barrier->count > 0)\n"
           "        return;\n"),
    mutant("P13", "sync/lock", "src/sync/bound.c",
           "any loop may wait",
           "    if (CEDE_IMPL_UNLIKELY(bound->loop != loop))\n",
           "    if (bound->loop != loop && !bound->loop)\n"),
    mutant("P14", "sync/lock", "src/sync/lock.c",
           "a free lock lets others run first",
           "    else\n        lock->locked = true;\n    return true;\n",
           "    else\n        lock->locked = true;\n"
           "    cede_sleep(0);\n    return true;\n"),
    mutant("P14", "sync/semaphore", "src/sync/semaphore.c",
           "a free unit lets others run first",
           "    else\n        semaphore->value--;\n    return true;\n",
           "    else\n        semaphore->value--;\n"
           "    cede_sleep(0);\n    return true;\n"),
    mutant("P15", "sync/condition", "src/sync/condition.c",
           "a condition has a lock of its own whatever it is given",
           "    condition->lock = cede_ref(lock);\n",
           "    condition->lock = cede_lock_new();\n"),
    # ---- queues ----------------------------------------------------------
    mutant("Q01", "sync/queue", "src/sync/queue.c",
           "maxsize is one too many",
           "size >= (uint64_t)queue->maxsize;\n",
           "size > (uint64_t)queue->maxsize;\n"),
    mutant("Q01", "sync/queue", "src/sync/queue.c",
           "maxsize 0 is full",
           "    return queue->maxsize > 0 && size",
           "    return queue->maxsize >= 0 && size"),
    mutant("Q02", "sync/queue", "src/sync/queue.c",
           "join waits for an empty queue",
           "    if (queue->unfinished == 0)\n        return;\n",
           "    if (cede_queue_empty(queue))\n        return;\n"),
    mutant("Q02", "sync/queue", "src/sync/queue.c",
           "task_done may be said too often",
           "    if (queue->unfinished == 0)\n"
           "        cede_raise(cede_ValueError, "
           "\"task_done() called too many times\");\n",
           "    if (queue->unfinished == 0)\n        return;\n"),
    mutant("Q03", "sync/cancel_points", "src/sync/queue.c",
           "a cancelled task does not pass its wake-up on",
           "    if (turn->woken && !turn->done && !turn->idle(turn->queue))\n"
           "        cede_wait_queue_wake(turn->line);\n",
           "    (void)turn;\n"),
    mutant("Q03", "sync/queue", "src/sync/queue.c",
           "a wake-up for nothing is passed on",
           "!turn->done && !turn->idle(turn->queue))\n",
           "!turn->done)\n"),
    mutant("Q04", "sync/queue", "src/sync/queue.c",
           "a woken task takes it that there is something for it",
           "    while (turn->idle(queue)) {\n",
           "    if (turn->idle(queue)) {\n"),
    mutant("Q05", "sync/priority_queue", "src/sync/heap.c",
           "the left child counts as the smaller",
           "    if (left + 1 < count && "
           "!less(heap, items[left], items[left + 1]))\n"
           "        return left + 1;\n",
           "    (void)count;\n    (void)items;\n"),
    mutant("Q05", "sync/priority_queue", "src/sync/heap.c",
           "the last item takes the end of the way",
           "    length = find_end(heap, last, &way);\n",
           "    length = way.length;\n    (void)find_end;\n"),
    mutant("Q05", "sync/queue", "src/sync/queue.c",
           "a LIFO queue gives the oldest",
           "lifo = {push_back, pop_back};\n",
           "lifo = {push_back, pop_front};\n"),
    mutant("Q05", "sync/priority_queue", "src/sync/heap.c",
           "an item is in before its place is found",
           "    place = find_place(heap, value, at);\n",
           "    items[at] = value;\n    heap->ring.count++;\n"
           "    place = find_place(heap, value, at);\n"
           "    heap->ring.count--;\n"),
    mutant("Q06", "sync/queue", "src/sync/ring.c",
           "items change places when the ring grows",
           "    ring->capacity = capacity;\n    ring->first = 0;\n",
           "    ring->capacity = capacity;\n"),
    mutant("Q06", "sync/queue", "src/task/park.c",
           "who comes stands in front",
           "    link->previous = queue->previous;\n"
           "    link->next = queue;\n"
           "    queue->previous->next = link;\n"
           "    queue->previous = link;\n",
           "    link->previous = queue;\n"
           "    link->next = queue->next;\n"
           "    queue->next->previous = link;\n"
           "    queue->next = link;\n"),
    mutant("Q07", "sync/queue", "src/task/park.c",
           "a cancelled task stays in the line until it runs",
           "    (void)argument;\n"
           "    unlink_waiter(&task->queue_link);\n"
           "    return true;\n",
           "    (void)argument;\n    (void)task;\n    return true;\n"),
    mutant("Q08", "sync/queue", "src/sync/queue.c",
           "shutdown leaves those asleep who wait to put",
           "    wake_all(&queue->putters);\n",
           ""),
    mutant("Q08", "sync/queue", "src/sync/queue.c",
           "items dropped by shutdown are never done",
           "        if (queue->unfinished > 0)\n"
           "            done_with_one(queue);\n",
           ""),
    mutant("Q08", "sync/queue", "src/sync/queue.c",
           "shutdown drops the items also when it should not",
           "    queue->shut = true;\n    if (immediate)\n",
           "    queue->shut = true;\n    if (immediate || queue->shut)\n"),
    # ---- exceptions ------------------------------------------------------
    mutant("E06", "value/traceback", "src/flow/flow.h",
           "the functions an exception passes are not put down",
           "inside == frame ? NULL : frame->where",
           "inside == frame ? NULL : NULL"),
    mutant("E06", "value/traceback", "src/flow/trace.c",
           "a bare raise is a line of its own",
           "    cede__exception_add_place(exception, NULL, frame ? here : "
           "NULL);",
           "    cede__exception_add_place(exception, where, frame ? here : "
           "NULL);"),
    mutant("E06", "flow/try", "src/flow/raise.c",
           "raising an exception again raises another of its class",
           "    exception->head.references++;\n",
           "    exception = cede__exception_make(exception->head.object_class,"
           "\n                                     exception->message);\n"),
    mutant("E06", "value/traceback", "src/flow/traceback.c",
           "a traceback has its innermost place first",
           "        frames[i] = *exception->trace[count - 1 - i];",
           "        frames[i] = *exception->trace[i];"),
    mutant("E08", "value/exception", "src/value/chain.c",
           "an exception may become its own context",
           "    if (!context || context == exception || exception ==",
           "    if (!context || exception =="),
    mutant("E08", "value/exception", "src/value/chain.c",
           "an older context does not give way to a newer one",
           "    if (is_linked(exception))\n"
           "        cut_contexts(context, exception);\n",
           ""),
    mutant("E08", "value/exception", "src/value/chain.c",
           "a circle is cut in the first context only",
           "    for (; context; context = context->context)\n"
           "        cut(",
           "    if (context)\n"
           "        cut("),
    mutant("E15", "value/args", "src/flow/message.c",
           "str() of several args is that of the first",
           "    if (args->size > 1)\n"
           "        return keep_value(exception,\n"
           "                          cede_impl_repr(cede_impl_value_borrowed("
           "args)));\n",
           ""),
    mutant("E15", "value/args", "src/value/args.c",
           "the text an exception was made with is no arg",
           "    if (exception->message)\n"
           "        return put_string(args, exception->message);\n",
           ""),
    mutant("E15", "value/exception", "src/flow/message.c",
           "str() without args says so",
           "    if (args->size == 0)\n"
           "        return \"\";\n",
           "    if (args->size == 0)\n"
           "        return \"()\";\n"),
    mutant("E15", "value/args", "src/value/exception.c",
           "strings among the args are the caller's",
           "    if (!error && own_strings(args))\n",
           "    (void)own_strings;\n"
           "    if (!error)\n"),
    mutant("E16", "flow/exit", "src/flow/report.c",
           "the exit status of an uncaught exception is 0",
           "    int status = 1;\n",
           "    int status = 0;\n"),
    mutant("E16", "task/run", "src/flow/report.c",
           "what nobody caught is not printed",
           "    } else {\n"
           "        cede__log_exception(CEDE_LOG_CRITICAL, NULL, exception);\n"
           "        if (",
           "    } else {\n"
           "        if ("),
    mutant("E16", "flow/exit", "src/flow/report.c",
           "SystemExit is printed as others are",
           "        status = system_exit(exception);",
           "        cede_print_exception(exception);\n"
           "        status = system_exit(exception);"),
    mutant("E16", "flow/exit", "src/flow/report.c",
           "the status of SystemExit is printed",
           "    if (status != 0 && value.kind != CEDE_INT && value.kind != "
           "CEDE_BOOL)\n",
           "    if (status != 0 && value.kind != CEDE_BOOL)\n"),
    mutant("E16", "flow/exit", "src/flow/report.c",
           "KeyboardInterrupt ends a program as others do",
           "        if (cede_exception_is(exception, cede_KeyboardInterrupt))\n"
           "            status = 130;\n",
           ""),

    # ---- generators ------------------------------------------------------
    mutant("G01", "coro/generator", "src/coro/generator.c",
           "the value sent first is dropped without a word",
           "        cede_raise(cede_TypeError,\n"
           "                   \"can't send non-None value to a just-started "
           "%s\",\n"
           "                   kind_name(coroutine));\n",
           ""),
    several("G01", "coro/generator", "src/coro/generator.c",
            "it is started before the value is looked at",
            ("    if (!cede_is_none(sent)) {\n"
             "        cede_value_unref(sent);\n"
             "        cede_raise(cede_TypeError,\n"
             "                   \"can't",
             "    if (!cede__coroutine_start(coroutine))\n"
             "        cede_raise(cede_MemoryError);\n"
             "    if (!cede_is_none(sent)) {\n"
             "        cede_value_unref(sent);\n"
             "        cede_raise(cede_TypeError,\n"
             "                   \"can't"),
            ("                   kind_name(coroutine));\n"
             "    }\n"
             "    if (!cede__coroutine_start(coroutine))\n"
             "        cede_raise(cede_MemoryError);\n",
             "                   kind_name(coroutine));\n"
             "    }\n")),
    mutant("G02", "coro/generator", "src/coro/generator.c",
           "closing a created generator leaves it created",
           "        coroutine->state = CEDE_IMPL_CLOSED;\n"
           "        return CEDE_IMPL_RETURNED;\n",
           "        return CEDE_IMPL_RETURNED;\n"),
    mutant("G02", "coro/generator", "src/coro/generator.c",
           "what is closed is closed again",
           "    if (!check_resumable(generator, cede_none, NULL, "
           "\"aclose\"))\n"
           "        return value;\n",
           "    check_resumable(generator, cede_none, NULL, "
           "\"aclose\");\n"),
    mutant("G05", "coro/generator", "src/coro/generator.c",
           "a generator is not looked at whether it runs",
           "    if (cede__coroutine_is_running(coroutine)) {\n",
           "    if (false) {\n"),
    mutant("G05", "coro/generator", "src/coro/generator.c",
           "only the code of the generator itself may not resume it, what it "
           "calls may",
           "    if (cede__coroutine_is_running(coroutine)) {\n",
           "    if (coroutine == here) {\n"),
    mutant("G05", "task/generator", "src/coro/generator.c",
           "in a task, a generator that resumes itself is said to await",
           "if (!awaits || !awaits(coroutine))",
           "if (!awaits)"),
    mutant("G10", "coro/generator", "src/coro/generator.c",
           "a throw that is answered by a yield counts as the end",
           "    if (word == CEDE_IMPL_YIELDED)\n"
           "        return true;\n",
           "    if (word == CEDE_IMPL_YIELDED)\n"
           "        return !thrown;\n"),
    mutant("G11", "coro/generator", "src/coro/generator.c",
           "a GeneratorExit that comes out is taken for a close",
           "    if (word == CEDE_IMPL_RETURNED)\n"
           "        return false;\n"
           "    cede__exception_trace",
           "    if (word == CEDE_IMPL_RETURNED ||\n"
           "        cede_exception_is(exception, cede_GeneratorExit))\n"
           "        return false;\n"
           "    cede__exception_trace"),
    mutant("G11", "coro/generator", "src/coro/generator.c",
           "close() raises the GeneratorExit that comes out",
           "    if (!cede_exception_is(exception, cede_GeneratorExit))\n"
           "        return exception;\n"
           "    cede_unref(exception);\n"
           "    return NULL;\n",
           "    return exception;\n"),
    mutant("G12", "coro/generator", "src/coro/generator.c",
           "close() does not mind a yield",
           "        cede__exception_set_context(exception, "
           "cede_sys_exception());\n"
           "        return exception;\n"
           "    }\n"
           "    exception = (cede_exception *)word;\n",
           "        cede_unref(exception);\n"
           "        return NULL;\n"
           "    }\n"
           "    exception = (cede_exception *)word;\n"),
    mutant("G12", "coro/generator", "src/flow/raise.c",
           "behind a finally clause the exception is forgotten",
           "        frame->record.state = CEDE_IMPL_STATE_DONE;\n"
           "        cede__throw(exception);\n",
           "        frame->record.state = CEDE_IMPL_STATE_DONE;\n"
           "        cede_unref(exception);\n"
           "        return CEDE_IMPL_PHASE_DONE;\n"),
    mutant("G12", "coro/generator", "src/coro/generator.c",
           "a throw that a finally clause answers by a yield is the end",
           "    if (word == CEDE_IMPL_YIELDED)\n"
           "        return true;\n",
           "    if (word == CEDE_IMPL_YIELDED)\n"
           "        return !thrown;\n"),
    mutant("G13", "coro/generator", "src/flow/raise.c",
           "what the resumer handles is not looked at",
           "    for (; flow; flow = flow->outer)\n"
           "        if (flow->handled)\n"
           "            return flow->handled;\n"
           "    return NULL;\n",
           "    return flow ? flow->handled : NULL;\n"),
    mutant("G14", "coro/generator", "src/flow/raise.c",
           "what the resumer handles comes before what the generator handles",
           "    for (; flow; flow = flow->outer)\n"
           "        if (flow->handled)\n"
           "            return flow->handled;\n"
           "    return NULL;\n",
           "    cede_exception *handled = NULL;\n"
           "\n"
           "    for (; flow; flow = flow->outer)\n"
           "        if (flow->handled)\n"
           "            handled = flow->handled;\n"
           "    return handled;\n"),
    mutant("G14", "coro/generator", "src/coro/generator.c",
           "what is thrown in has the thrower's handled exception as context",
           "    while (member->parent && !member->flow.handled)\n"
           "        member = member->parent;\n"
           "    cede__exception_set_context(exception, "
           "member->flow.handled);\n",
           "    cede__exception_set_context(exception,\n"
           "                                cede__handled(&member->flow));\n"),
    mutant("G14", "coro/generator", "src/coro/coroutine.c",
           "close() does not know what its caller handles",
           "    cede__exception_set_context(exit, cede__handled(flow));\n",
           "    (void)flow;\n"),
    mutant("G17", "coro/generator", "src/coro/generator.c",
           "a generator that waits for another does not count as running",
           "    if (cede__coroutine_is_running(coroutine)) {\n",
           "    if (coroutine == here) {\n"),
    mutant("G20", "coro/generator", "src/coro/coroutine.c",
           "a generator that returned is not closed",
           "    coroutine->state = CEDE_IMPL_CLOSED;\n"
           "    if (coroutine->parent)",
           "    if (coroutine->parent)"),
    mutant("G20", "coro/for_else", "include/cede/iterator.h",
           "the else clause runs when the loop was left early",
           "                             !(cede_impl_frame_.exhausted ="
           "                    \\\n"
           "                                   !cede_impl_for_next("
           "cede_impl_pointer_##v,  \\\n",
           "                             (cede_impl_frame_.exhausted ="
           "                     \\\n"
           "                                   cede_impl_for_next("
           "cede_impl_pointer_##v,   \\\n"),
    mutant("G22", "coro/generator", "src/coro/delegate.c",
           "a delegator has no line in the traceback",
           "        cede__exception_trace((cede_exception *)word, where);\n",
           ""),
    mutant("G22", "value/traceback", "src/coro/generator.c",
           "who resumes a generator has no line in the traceback",
           "        return false;\n"
           "    cede__exception_trace(exception, where);\n",
           "        return false;\n"),
    mutant("G22", "coro/itertools", "src/coro/iterate.c",
           "a combinator is not told who iterates",
           "    if (its->flags & CEDE__CLASS_COMBINATOR)\n"
           "        ((cede__combinator *)iterator)->where = where;\n",
           ""),
    mutant("G24", "coro/generator", "src/coro/inspect.c",
           "a running generator looks suspended",
           "        return cede__coroutine_is_running(coroutine) ? "
           "CEDE_GEN_RUNNING\n"
           "                                                     : "
           "CEDE_GEN_SUSPENDED;",
           "        return CEDE_GEN_SUSPENDED;"),
    mutant("G24", "coro/generator", "src/coro/inspect.c",
           "one that has not begun looks suspended",
           "    case CEDE_IMPL_CREATED:\n"
           "        return CEDE_GEN_CREATED;\n",
           ""),
    mutant("G24", "coro/generator", "src/coro/coroutine.c",
           "one that returned looks as if it ran",
           "    coroutine->state = CEDE_IMPL_CLOSED;\n"
           "    if (coroutine->parent)",
           "    if (coroutine->parent)"),
    mutant("G26", "coro/generator", "include/cede/impl/switch.h",
           "the switch does not restore a register",
           '                     "movq %%r10, %%rbx\\n\\t"\n',
           "", only=("x86_64",)),
    mutant("G26", "coro/generator", "include/cede/impl/switch.h",
           "the switch does not say that it overwrites two registers",
           '"xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",\n',
           '"xmm4", "xmm5", "xmm6", "xmm7", "xmm10",\n', only=("x86_64",)),
    mutant("G26", "coro/generator", "src/stack/stack.h",
           "two generators get one stack",
           "    pool->idle = stack->next;\n"
           "    cede__pool_increment(&pool->acquired);",
           "    cede__pool_increment(&pool->acquired);"),

    # ---- iterators -------------------------------------------------------
    mutant("I01", "coro/iterate", "src/coro/iterate.c",
           "an iterator without iter is not iterable",
           "    if (cede__is_iterator(object))\n"
           "        return cede_ref(object);\n",
           ""),
    several("I01", "coro/array", "src/coro/array.c",
            "the position belongs to the array, not to its iterator",
            ("    size_t size; /* of an element, in bytes */\n",
             "    size_t size; /* of an element, in bytes */\n"
             "    size_t index;\n"),
            ("    if (iterator->index == iterator->array->count) {",
             "    if (iterator->array->index == iterator->array->count) {"),
            ("element(iterator->array, iterator->index++)",
             "element(iterator->array, iterator->array->index++)")),
    mutant("I10", "coro/iterate", "src/coro/iterate.c",
           "a loop closes a generator that others hold",
           "    return generator->head.references == 1 &&\n"
           "           generator->coroutine",
           "    return generator->coroutine"),
    several("I10", "coro/range", "src/coro/range.c",
            "two loops over a range draw from one position",
            ("    uint64_t length;\n"
             "};\n",
             "    uint64_t length;\n"
             "    uint64_t taken;\n"
             "};\n"),
            ("typedef struct range_iterator {\n"
             "    cede_object head;\n",
             "typedef struct range_iterator {\n"
             "    cede_object head;\n"
             "    cede_range *range;\n"),
            ("    *item = cede_int(iterator->next);\n",
             "    *item = cede_int(number(iterator->range,\n"
             "                            iterator->range->taken++));\n"),
            ("    iterator->next = range->start;\n",
             "    iterator->range = self;\n"
             "    iterator->next = range->start;\n")),

    # ---- groups ----------------------------------------------------------
    mutant("X02", "value/group", "src/value/group.c",
           "a BaseExceptionGroup of Exceptions stays one",
           "    return group_class == cede_BaseExceptionGroup &&\n"
           "                   all_are(exceptions, count, cede_Exception)\n"
           "               ? cede_ExceptionGroup\n"
           "               : group_class;",
           "    (void)exceptions, (void)count;\n"
           "    return group_class;"),
    mutant("X02", "value/group", "src/value/group.c",
           "an ExceptionGroup may have any exceptions",
           "    if (!cede_issubclass(group_class, cede_Exception) ||\n"
           "        all_are(exceptions, count, cede_Exception))\n"
           "        return NULL;\n",
           "    return NULL;\n"),
    mutant("X02", "value/group", "src/value/group.c",
           "a group may be empty",
           "    if (!exceptions || count == 0)\n",
           "    if (!exceptions)\n"),
    mutant("X02", "value/group", "src/value/group.c",
           "members are looked at but for the last",
           "    for (i = 0; i < count; i++)\n"
           "        if (!cede_exception_is(exceptions[i], cede_BaseException))"
           "\n",
           "    for (i = 0; i + 1 < count; i++)\n"
           "        if (!cede_exception_is(exceptions[i], cede_BaseException))"
           "\n"),
    mutant("X03", "flow/except_group", "src/flow/group.c",
           "what no clause took is lost",
           "        cede__group_clause_raised(frame, now->rest);\n"
           "        now->rest = NULL;\n",
           "        cede_unref(now->rest);\n"
           "        now->rest = NULL;\n"),
    mutant("X03", "flow/except_group", "src/flow/group.c",
           "a naked exception is not wrapped",
           "        match = cede_exception_group(\"\", &now->rest, 1);",
           "        match = cede_ref(now->rest);"),
    mutant("X03", "flow/except_group", "src/flow/group.c",
           "one clause at most runs, as with plain except",
           "    if (!now->rest)\n"
           "        return NULL;\n"
           "    now->taken",
           "    if (!now->rest || now->rest != frame->exception)\n"
           "        return NULL;\n"
           "    now->taken"),
    mutant("X04", "flow/except_group", "src/value/group.c",
           "what a clause raised again counts as new",
           "push(is_piece(raised[i], original) ? &pieces : &others, "
           "raised[i]);",
           "push(&others, raised[i]);"),
    mutant("X04", "flow/except_group", "src/value/group.c",
           "the rest of the group is forgotten beside new exceptions",
           "    if (done && whole)\n",
           "    if (done && whole && others.count == 0)\n"),
    mutant("X04", "value/group", "src/value/group.c",
           "one new exception is wrapped, too",
           "    if (others->count == 1) {\n",
           "    if (others->count == 1 && 0) {\n"),
    mutant("X07", "flow/except_group", "src/flow/group.c",
           "later clauses see what an earlier one took",
           "    cede_unref(now->rest);\n"
           "    now->rest = rest;\n"
           "    return match;",
           "    cede_unref(rest);\n"
           "    return match;"),
    mutant("X08", "value/group", "src/value/group.c",
           "the members are in the opposite order",
           "cede__exception_link(exceptions[i]);\n"
           "    return members;",
           "cede__exception_link(exceptions[count - 1 - i]);\n"
           "    return members;"),
    mutant("X08", "value/group", "src/flow/split.c",
           "the message of a group is its text",
           "    return members_of(group, \"message\")->message;",
           "    members_of(group, \"message\");\n"
           "    return group->message;"),
    mutant("X08", "value/group", "src/value/group.c",
           "a group keeps its maker's text instead of a copy",
           "    members->message = cede__copy_text(message);\n",
           "    members->message = (char *)message;\n"),

    # ---- delegation ------------------------------------------------------
    mutant("Y01", "coro/delegation", "src/coro/iterate.c",
           "send(None) is a send",
           "    if (!cede_is_none(asked->sent))\n"
           "        return methods->send",
           "    if (methods->send)\n"
           "        return methods->send"),
    mutant("Y01", "coro/delegation", "src/coro/delegate.c",
           "the delegator is resumed instead of its sub",
           "    leaf->root = root;\n"
           "    root->leaf = leaf;\n"
           "    leaf->yield_flags |=",
           "    leaf->root = root;\n"
           "    leaf->yield_flags |="),
    mutant("Y03", "coro/delegation", "src/coro/coroutine.c",
           "when the sub is closed its delegator goes on",
           "            exception = exit_for(root, parent);",
           "            exception = NULL;"),
    mutant("Y03", "coro/delegation", "src/coro/delegate.c",
           "an iterator is not closed",
           "        if (methods->close)\n"
           "            methods->close(iterator);\n",
           ""),
    mutant("Y04", "coro/delegation", "src/coro/delegate.c",
           "an iterator that cannot throw is gone after a throw",
           "    if (!methods->throw_)\n"
           "        cede_impl_raise_thrown((uintptr_t)exception, where);\n",
           "    if (!methods->throw_) {\n"
           "        while (cede__iterator_next(iterator, item, where))\n"
           "            cede_value_unref(*item);\n"
           "        cede_impl_raise_thrown((uintptr_t)exception, where);\n"
           "    }\n"),
    mutant("Y04", "coro/delegation", "src/coro/delegate.c",
           "an iterator that cannot throw is closed by a throw",
           "    if (!methods->throw_)\n"
           "        cede_impl_raise_thrown((uintptr_t)exception, where);\n",
           "    if (!methods->throw_) {\n"
           "        if (methods->close)\n"
           "            methods->close(iterator);\n"
           "        cede_impl_raise_thrown((uintptr_t)exception, where);\n"
           "    }\n"),
    mutant("Y06", "coro/delegation", "src/coro/coroutine.c",
           "a sub that returns when closed ends the close",
           "        if (!exception || cede_exception_is(exception, "
           "cede_GeneratorExit)) {\n"
           "            cede_value_unref(value);",
           "        if (exception && cede_exception_is(exception, "
           "cede_GeneratorExit)) {\n"
           "            cede_value_unref(value);"),
    mutant("Y07", "coro/delegation", "src/coro/yield.c",
           "a sub that yields when closed yields to whoever closes",
           "        if (leaf->root->closing)\n"
           "            return cede__chain_refuse_close(leaf, value, word);\n",
           ""),
    mutant("Y07", "coro/delegation", "src/coro/coroutine.c",
           "the member that is closed does not know it",
           "        next->yield_flags |= CEDE_IMPL_CLOSING;\n",
           ""),
    mutant("Y08", "coro/delegation", "src/coro/coroutine.c",
           "what closing the sub raises gives way to GeneratorExit",
           "        if (!exception || cede_exception_is(exception, "
           "cede_GeneratorExit)) {\n"
           "            cede_value_unref(value);",
           "        {\n"
           "            cede_value_unref(value);"),
    mutant("Y10", "coro/delegation", "src/coro/delegate.c",
           "one may delegate to what runs",
           "    if (cede__coroutine_is_running(sub))\n",
           "    if (false)\n"),
    mutant("Y10", "coro/delegation", "src/coro/delegate.c",
           "a generator between others does not count as running",
           "    if (cede__coroutine_is_running(sub))\n",
           "    if (sub->state == CEDE_IMPL_RUNNING)\n"),
    mutant("Y12", "coro/delegation", "src/coro/delegate.c",
           "a sub is not taken away from its other delegator",
           "        if (sub->parent)\n"
           "            cede__coroutine_detach(sub);\n",
           ""),
    mutant("Y12", "coro/delegation", "src/coro/delegate.c",
           "closing a delegator leaves a sub alone that others took",
           "    cede_value_unref(cede_generator_close(sub));\n",
           "    (void)sub;\n"),
    mutant("Y12", "coro/delegation", "src/coro/generator.c",
           "a sub that is resumed by others stays below its delegator",
           "    if (coroutine->parent)\n"
           "        cede__coroutine_detach(coroutine);\n",
           ""),
    mutant("Y15", "coro/delegation", "src/coro/coroutine.c",
           "an exception of the sub passes the delegator by",
           "    if (coroutine->parent)\n"
           "        hand_over(",
           "    if (coroutine->parent && !exception)\n"
           "        hand_over("),
    mutant("Y15", "coro/delegation", "src/coro/coroutine.c",
           "the chain does not know that its innermost has ended",
           "    parent->root = root;\n"
           "    root->leaf = parent;\n"
           "    if (root->closing == ended) {\n",
           "    parent->root = root;\n"
           "    if (root->closing == ended) {\n"),
    mutant("Y17", "coro/delegation", "src/coro/delegate.c",
           "the delegator asks for a value before the sub has begun",
           "    more = cede__iterator_next(iterator, &item, where);\n"
           "    while (more) {",
           "    more = true;\n"
           "    while (more) {"),
    mutant("Y17", "coro/delegation", "src/coro/delegate.c",
           "the sub is first resumed with a value that is not None",
           "    cede_value value = cede_none;\n"
           "    uintptr_t word = 0;\n",
           "    cede_value value = cede_int(0);\n"
           "    uintptr_t word = 0;\n"),
    mutant("Y18", "coro/delegation", "src/coro/delegate.c",
           "a value for an iterator without send is dropped",
           "    if (cede_is_none(sent))\n"
           "        return cede__iterator_next",
           "    if (cede_is_none(sent) || !methods->send)\n"
           "        return cede__iterator_next"),
    mutant("Y20", "coro/delegation", "src/coro/delegate.c",
           "a primed sub begins anew",
           "        if (sub->state == CEDE_IMPL_CREATED && "
           "!cede__coroutine_start(sub))",
           "        if (!cede__coroutine_start(sub))"),

    # ---- futures -----------------------------------------------------------
    mutant("F08", "task/future", "src/task/future.c",
           "what a callback raises is not reported",
           "    cede__loop_report(loop, &context);\n"
           "    cede_unref(error);\n",
           "    (void)context;\n"
           "    cede_unref(error);\n"),
    mutant("F08", "task/future", "src/task/future.c",
           "whatever a callback raises ends the loop",
           "    if (cede__ends_loop(error)) {\n"
           "        cede__loop_fail(loop, error);\n",
           "    if (error) {\n"
           "        cede__loop_fail(loop, error);\n"),
    mutant("F08", "task/future", "src/task/future.c",
           "what a callback raises goes through the loop",
           "    error = cede_catch(call_caught, record, NULL);\n",
           "    error = NULL;\n"
           "    call_caught(record);\n"),

    # ---- loop --------------------------------------------------------------
    mutant("L02", "loop/loop", "src/loop/timer.c",
           "timers fire in the order of their making",
           "    if (a.when != b.when)\n"
           "        return a.when < b.when;\n",
           ""),
    mutant("L14", "loop/timer", "src/loop/timer.c",
           "of two siblings with one deadline the later is first",
           "        return before(*b, *a) ? b : a;\n",
           "        return before(*b, *a) ? a : b;\n"),
    mutant("L02", "loop/loop", "src/loop/handle.c",
           "a negative delay is none",
           "    when = cede__deadline(cede__loop_now(loop), "
           "cede__nanoseconds(delay));",
           "    when = cede__deadline(cede__loop_now(loop),\n"
           "                          cede__nanoseconds(delay < 0 ? 0 : "
           "delay));"),
    mutant("L02", "loop/loop", "src/loop/handle.c",
           "what has no delay is scheduled at once",
           "    when = cede__deadline(cede__loop_now(loop), "
           "cede__nanoseconds(delay));",
           "    if (delay <= 0)\n"
           "        return cede_impl_loop_call_soon(loop, callback, argument, "
           "call);\n"
           "    when = cede__deadline(cede__loop_now(loop), "
           "cede__nanoseconds(delay));"),
    mutant("L06", "task/run", "src/task/run.c",
           "a run that was stopped early has a result",
           "    if (!cede_future_done(future))\n"
           "        cede_raise(",
           "    if (!cede_future_done(future))\n"
           "        return cede_none;\n"
           "    if (false)\n"
           "        cede_raise("),
    mutant("L06", "task/run", "src/task/run.c",
           "the future stops later runs of the loop",
           "    cede_defer (remove_stop, future);\n",
           "    (void)remove_stop;\n"),
    mutant("L06", "task/run", "src/task/run.c",
           "a run that was stopped early cancels what it ran for",
           "    if (!cede_future_done(future))\n"
           "        cede_raise(",
           "    if (!cede_future_done(future))\n"
           "        cede__future_cancel(future, NULL);\n"
           "    if (cede_future_cancelled(future))\n"
           "        cede_raise("),
    mutant("L16", "loop/signal", "src/loop/signal.c",
           "handlers can be set in any thread",
           "    check_main_thread();\n"
           "    slot = &slots[number];\n",
           "    slot = &slots[number];\n"),
    mutant("L16", "loop/signal", "src/loop/signal.c",
           "removing what is not there is said to have removed it",
           "    if (slots[number].loop != loop)\n"
           "        return false;\n",
           "    if (slots[number].loop != loop)\n"
           "        return true;\n"),
    mutant("L16", "loop/signal", "src/loop/signal.c",
           "what the signal did before is not put back",
           "    take_back(slot);\n"
           "    restore(number, &slot->previous);\n",
           "    take_back(slot);\n"
           "    (void)restore;\n"),
    mutant("L16", "loop/signal", "src/loop/signal.c",
           "the callback runs in the system's handler",
           "    __atomic_store_n(&slot->raised, true, __ATOMIC_SEQ_CST);\n",
           "    if (slot->handle)\n"
           "        slot->handle->callback(slot->handle->argument);\n"),
    mutant("L16", "loop/signal", "src/loop/signal.c",
           "a signal that cannot be caught is an OSError",
           "    if (rc == -EINVAL)\n",
           "    if (rc == -ENOTSUP)\n"),
    mutant("L22", "loop/loop", "src/loop/loop.c",
           "a timer fires at its time or later",
           "    return timer->when <= loop->now ||\n"
           "           timer->when - loop->clock.resolution < loop->now;\n",
           "    return timer->when <= loop->now;\n"),
    mutant("L22", "loop/loop", "src/loop/loop.c",
           "a timer fires when it is due within twice the resolution",
           "timer->when - loop->clock.resolution < loop->now;",
           "timer->when - 2 * loop->clock.resolution < loop->now;"),
    mutant("L24", "loop/loop", "src/loop/handle.c",
           "NULL is scheduled",
           "    if (callback == NULL)\n"
           "        cede_raise(cede_TypeError, \"a callback object was "
           "expected, got NULL\");\n",
           ""),
    several("L24", "loop/loop", "src/loop/handle.c",
            "only call_soon looks at its callback",
            ("    if (callback == NULL)\n"
             "        cede_raise(cede_TypeError, \"a callback object was "
             "expected, got NULL\");\n"
             "    handle = try_new(",
             "    handle = try_new("),
            ("    cede__loop_check(loop);\n"
             "    handle = cede__handle_new(loop, callback, argument, call);\n"
             "    /* What this",
             "    cede__loop_check(loop);\n"
             "    if (callback == NULL)\n"
             "        cede_raise(cede_TypeError, \"a callback object was "
             "expected, got NULL\");\n"
             "    handle = cede__handle_new(loop, callback, argument, call);\n"
             "    /* What this")),
    mutant("L28", "loop/loop", "src/loop/loop.c",
           "a loop still runs when its run is over",
           "    loop->stopping = false;\n"
           "    cede__running_loop = NULL;\n",
           "    loop->stopping = false;\n"),
    mutant("L28", "loop/loop", "src/loop/loop.c",
           "outside a run there is no loop, and no error",
           "    if (CEDE_IMPL_UNLIKELY(loop == NULL))\n"
           "        cede_impl_raise_new(where ? where : CEDE_IMPL_HERE, "
           "cede_RuntimeError,\n"
           "                            \"no running event loop\");\n"
           "    return loop;\n",
           "    return loop;\n"),
    Mutant("L28", "loop/wakeup", "src/loop/current.c",
           "all threads have one running loop",
           [("src/loop/current.c",
             "CEDE_IMPL_THREAD_LOCAL struct cede_loop *cede__running_loop;",
             "struct cede_loop *cede__running_loop;"),
            ("src/loop/current.h",
             "extern CEDE_IMPL_THREAD_LOCAL struct cede_loop "
             "*cede__running_loop;",
             "extern struct cede_loop *cede__running_loop;")], None),
    mutant("L29", "loop/watch", "src/loop/watch.c",
           "reports never say where a handle was created",
           "    if (debug)\n"
           "        cede__text_format(text, \" created at",
           "    if (debug && 0)\n"
           "        cede__text_format(text, \" created at"),
    mutant("L29", "loop/watch", "src/loop/watch.c",
           "reports always say where a handle was created",
           "    if (debug)\n"
           "        cede__text_format(text, \" created at",
           "    (void)debug;\n"
           "        cede__text_format(text, \" created at"),
    mutant("L29", "task/factory", "src/task/future.c",
           "a future does not know where it was created",
           "    future->created = where;\n",
           "    (void)where;\n"),
    mutant("L29", "task/factory", "src/task/create.c",
           "a task does not know where it was created",
           "    task->future.created = made->where;\n",
           ""),
    mutant("L30", "loop/loop", "src/loop/loop.c",
           "an unclosed loop is closed without a word",
           "        cede__logf(CEDE_LOG_WARNING,\n"
           "                   \"ResourceWarning: unclosed event loop",
           "        if (loop->debug)\n"
           "            cede__logf(CEDE_LOG_WARNING,\n"
           "                   \"ResourceWarning: unclosed event loop"),
    mutant("L30", "loop/loop", "src/loop/loop.c",
           "there is a word about closed loops too",
           "    if (!cede_loop_is_closed(loop)) {\n"
           "        cede__logf(",
           "    {\n"
           "        cede__logf("),

    # ---- tasks -------------------------------------------------------------
    mutant("T03", "task/task", "src/task/cancel.c",
           "who is cancelled runs inside the cancel",
           "        !task->abort(task, task->abort_argument))\n"
           "        return;\n"
           "    task->undone = true;\n"
           "    cede__task_schedule(task);\n",
           "        !task->abort(task, task->abort_argument))\n"
           "        return;\n"
           "    task->undone = true;\n"
           "    cede__task_step(&task->job);\n"),
    mutant("T03", "task/task", "src/task/cancel.c",
           "a cancel waits until the wait is over",
           "    } else if (task->parked) {\n"
           "        cede__task_undo_wait(task);\n"
           "        cede__task_overtake(task);\n"
           "    }\n"
           "    return true;\n",
           "    }\n"
           "    return true;\n"),
    mutant("T19", "task/task", "src/task/cancel.c",
           "a cancel does not overtake sleeps that are over",
           "        cede__task_overtake(task);\n",
           ""),
    mutant("T03", "task/task", "src/task/park.c",
           "a wait that was undone goes on as if it were over",
           "        task->committed = false; /* a cancel has to wait */\n"
           "    else if (CEDE_IMPL_UNLIKELY(task->disturbed))\n"
           "        cede__task_check_cancel(task);\n",
           "        task->committed = false; /* a cancel has to wait */\n"),
    mutant("T06", "task/task", "src/task/task.c",
           "who cancels himself and returns has a result",
           "    } else if (task->must_cancel) {\n",
           "    } else if (task->must_cancel && task->undone) {\n"),
    mutant("T06", "task/task", "src/task/await.c",
           "a cancel that came before is not passed on to what is awaited",
           "        (task->must_cancel || task->level))\n"
           "        cede__task_cancel_awaited(task);\n",
           "        task->level)\n"
           "        cede__task_cancel_awaited(task);\n"),
    mutant("T06", "task/lowlevel", "src/task/park.c",
           "a cancel that came before lets the task wait",
           "        (task->must_cancel || task->level || task->closing))\n",
           "        (task->level || task->closing))\n"),
    mutant("T12", "task/task", "src/task/cancel.c",
           "the count goes below zero",
           "    if (task->cancel_requests > 0 && --task->cancel_requests == 0 "
           "&&\n",
           "    if (--task->cancel_requests == 0 &&\n"),
    mutant("T12", "task/task", "src/task/cancel.c",
           "a cancel that was taken back comes all the same",
           "        task->must_cancel = false; /* D06 */\n",
           "        ;\n"),
    mutant("T12", "task/task", "src/task/cancel.c",
           "two cancels count as one",
           "        task->cancel_requests++;\n",
           "        task->cancel_requests = 1;\n"),
    mutant("T16", "task/await", "src/task/await.c",
           "None is a mistake as others",
           "    if (cede_is_none(value))\n"
           "        return cede_catch(let_others_run, NULL, NULL);\n",
           "    (void)let_others_run;\n"),
    mutant("T16", "task/await", "src/task/await.c",
           "None does not let others run",
           "    cede_sleep(0);\n"
           "    return cede_none;\n",
           "    return cede_none;\n"),
    mutant("T16", "task/await", "src/task/await.c",
           "a future is a mistake as others",
           "    if (cede__is_future(object))\n"
           "        cede_raise(",
           "    if (!object)\n"
           "        cede_raise("),
    mutant("T16", "task/await", "src/task/await.c",
           "the mistake is not thrown in",
           "    cede_value_unref(value);\n"
           "    return error;\n",
           "    cede_value_unref(value);\n"
           "    cede_unref(error);\n"
           "    return NULL;\n"),
    mutant("T24", "coro/coroutine", "src/coro/await.c",
           "a coroutine that is over is awaited again",
           "    if (awaited->state == CEDE_IMPL_CLOSED)\n"
           "        cede_raise(cede_RuntimeError, \"cannot reuse already "
           "awaited coroutine\");\n",
           ""),
    mutant("T24", "coro/coroutine", "src/coro/await.c",
           "two may await one coroutine",
           "        cede_raise(cede_RuntimeError, \"coroutine is being awaited "
           "already\");\n",
           "        return;\n"),
    mutant("T24", "coro/coroutine", "src/coro/generator.c",
           "a coroutine that is over ends again when it is sent a value",
           "        if (coroutine->kind == CEDE_IMPL_KIND_COROUTINE) {\n"
           "            cede_unref(thrown);\n",
           "        if (coroutine->kind == CEDE_IMPL_KIND_COROUTINE && thrown) "
           "{\n"
           "            cede_unref(thrown);\n"),
    mutant("T25", "task/create", "src/task/create.c",
           "the context that is given is not taken",
           "    if (options->context)\n"
           "        cede__context_place_set(&task->place, options->context);\n",
           ""),
    mutant("T25", "task/create", "src/task/create.c",
           "anything is taken for a context",
           "        if (!cede_isinstance(options->context, "
           "cede__context_class))\n"
           "            cede_raise(cede_TypeError, \"a context was "
           "expected\");\n",
           ""),
    mutant("T25", "task/context", "src/task/create.c",
           "a task does not copy the context",
           ".context = cede__context_capture(), .task = task",
           ".context = NULL, .task = task"),
    mutant("T28", "task/inspect", "src/task/frames.c",
           "the innermost frame comes first",
           "    reverse(frames, all.count);\n",
           "    (void)reverse;\n"),
    mutant("T28", "task/inspect", "src/task/frames.c",
           "a generator that others resumed hides them",
           "    while (go_on && (root = walk_delegators(&way, here)) != NULL "
           "&&\n",
           "    (void)walk_delegators;\n"
           "    while (go_on && (root = here->parent) != NULL &&\n"),
    mutant("T28", "task/inspect", "src/task/frames.c",
           "a traceback begins where the exception was raised",
           "exception->trace[exception->trace_count - 1 - i];",
           "exception->trace[i];"),
    mutant("T28", "task/inspect", "src/task/frames.c",
           "a task that failed has no frames",
           "    if (failure_of(task))\n"
           "        return get_traceback(failure_of(task), frames, limit);\n",
           "    (void)get_traceback;\n"),
    mutant("T31", "coro/coroutine", "src/coro/generator.c",
           "nobody hears of a coroutine that was never awaited",
           "        report_never_awaited(coroutine);\n",
           "        (void)report_never_awaited;\n"),
    mutant("T31", "coro/coroutine", "src/coro/generator.c",
           "a coroutine that was closed is reported too",
           "    if (coroutine->state == CEDE_IMPL_CREATED &&\n"
           "        coroutine->kind == CEDE_IMPL_KIND_COROUTINE)\n"
           "        report_never_awaited(coroutine);\n",
           "    if (coroutine->kind == CEDE_IMPL_KIND_COROUTINE)\n"
           "        report_never_awaited(coroutine);\n"),
    mutant("T32", "task/await", "src/coro/generator.c",
           "what is thrown gets into a coroutine that awaits in a task",
           "    if (cede__coroutine_is_running(coroutine)) {\n"
           "        drop(sent, thrown);\n",
           "    if (cede__coroutine_is_running(coroutine) && !thrown) {\n"
           "        drop(sent, thrown);\n"),
    mutant("T32", "task/await", "src/task/create.c",
           "whoever resumes a coroutine is taken to be inside it",
           "    return !flow;\n",
           "    return false;\n"),

    # ---- waiting -----------------------------------------------------------
    mutant("W01", "task/gather", "src/task/gather.c",
           "the results are in the opposite order",
           "            list->items[i] = "
           "result_of(gathering->children[i].future);",
           "            list->items[i] =\n"
           "                result_of(gathering->children[gathering->count - 1 "
           "- i].future);"),
    mutant("W01", "task/gather", "src/task/gather.c",
           "the first exception comes when all are done",
           "    else if ((exception = failure(gathering, child)) != NULL)\n",
           "    else if (gathering->finished == gathering->unique &&\n"
           "             (exception = failure(gathering, child)) != NULL)\n"),
    mutant("W01", "task/gather", "src/task/gather.c",
           "the first exception cancels the others",
           "        cede__future_end_exception(&gathering->future, "
           "exception);\n"
           "    else if (",
           "        cede__gather_cancel(&gathering->future, NULL),\n"
           "            cede__future_end_exception(&gathering->future, "
           "exception);\n"
           "    else if ("),
    mutant("W10", "task/wait_for", "src/task/wait_for.c",
           "without time the clean-up is not waited for",
           "        cede_wait(row, 1, INFINITY, CEDE_ALL_COMPLETED);\n",
           "        (void)row;\n"),
    mutant("W10", "task/wait_for", "src/task/wait_for.c",
           "without time the TimeoutError has no cause",
           "        cede__raise_timeout(e);\n",
           "        cede_raise(cede_TimeoutError);\n"),
    mutant("W10", "task/wait_for", "src/task/timeout.c",
           "the TimeoutError has no cause",
           "    cede_exception_set_cause(error, cancelled);\n",
           "    (void)cancelled;\n"),
    mutant("W16", "task/as_completed", "src/task/as_completed.c",
           "the last that is done comes first",
           "    child->next = NULL;\n"
           "    *all->last = child;\n"
           "    all->last = &child->next;\n",
           "    child->next = all->first;\n"
           "    all->first = child;\n"),
    mutant("W16", "task/as_completed", "src/task/as_completed.c",
           "the end of the time wakes one",
           "        if (!cede_wait_queue_wake(&all->takers))\n"
           "            break;\n",
           "        if (cede_wait_queue_wake(&all->takers))\n"
           "            break;\n"),
    mutant("W16", "task/as_completed", "src/task/as_completed.c",
           "what is done too late comes all the same",
           "    if (all->timed_out)\n"
           "        return; /* it comes too late */\n",
           ""),
    mutant("W16", "task/as_completed", "src/task/as_completed.c",
           "the timer goes on when all are done",
           "    if (--all->left == 0)\n"
           "        cede__alarm_stop(&all->alarm);\n",
           "    all->left--;\n"),
    mutant("W16", "task/as_completed", "src/task/as_completed.c",
           "the end of the time cancels what is not done",
           "    all->timed_out = true;\n",
           "    all->timed_out = true;\n"
           "    for (i = 0; i < all->count; i++)\n"
           "        if (all->children[i].future)\n"
           "            cede__future_cancel(all->children[i].future, NULL);\n"),
    mutant("W19", "task/timeout", "src/task/timeout.c",
           "a timeout takes the cancel of others for its own",
           "    if (cede_task_uncancel(task) > timeout->cancelling || "
           "!exception)\n",
           "    cede_task_uncancel(task);\n"
           "    if (!exception)\n"),
    mutant("W19", "task/timeout", "src/task/timeout.c",
           "a timeout does not take its own cancel back",
           "    if (cede_task_uncancel(task) > timeout->cancelling || "
           "!exception)\n",
           "    if (task->cancel_requests > timeout->cancelling + 1 || "
           "!exception)\n"),
    mutant("W19", "task/timeout", "src/task/timeout.c",
           "a timeout that lost has not expired",
           "    timeout->state = EXPIRED;\n"
           "    /* Another",
           "    timeout->state = task->cancel_requests > 1 ? EXITED : "
           "EXPIRED;\n"
           "    /* Another"),
    mutant("W22", "task/timeout", "src/task/timeout.c",
           "a timeout is entered again",
           "    if (timeout->state != CREATED)\n",
           "    if (timeout->state == ENTERED)\n"),
    mutant("W22", "task/timeout", "src/task/timeout.c",
           "a timeout that expires may still be moved",
           "    if (timeout->state != ENTERED)\n"
           "        cede_raise",
           "    if (timeout->state == EXITED)\n"
           "        cede_raise"),
    mutant("W22", "task/timeout", "src/task/timeout.c",
           "a deadline in the past never comes",
           "    if (when <= cede__loop_now(loop))\n"
           "        post(timeout);\n",
           "    if (when <= cede__loop_now(loop))\n"
           "        return;\n"),
    mutant("W22", "task/timeout", "src/task/timeout.c",
           "a deadline that is moved stands twice",
           "    disarm(timeout);\n"
           "    timeout->when = when;\n",
           "    timeout->when = when;\n"),

    # ---- task groups -------------------------------------------------------
    mutant("K04", "task/task_group", "src/task/task_group.c",
           "who is cancelled while it waits leaves the children alone",
           "    group->cancelling = error;\n"
           "    abort_children(group);\n",
           "    group->cancelling = error;\n"),
    mutant("K04", "task/task_group", "src/task/task_group.c",
           "a cancel of the body ends in the group",
           "            group->cancelling = cede_ref(exception);\n",
           "            (void)0;\n"),
    mutant("K04", "task/task_group", "src/task/task_group.c",
           "a cancel goes before the children's errors",
           "    if (group->cancelling && !failed) {\n",
           "    if (group->cancelling) {\n"),
    mutant("K04", "task/task_group", "src/task/task_group.c",
           "behind the children's errors the cancel is forgotten",
           "    ask_again(group->parent);\n",
           "    (void)ask_again;\n"),
    mutant("K05", "task/task_group", "src/task/task_group.c",
           "a child's KeyboardInterrupt is an error as others",
           "    keep_base_error(group, child->error);\n",
           ""),
    mutant("K05", "task/task_group", "src/task/task_group.c",
           "the body's KeyboardInterrupt is an error as others",
           "        keep_base_error(group, exception);\n",
           ""),
    mutant("K05", "task/task_group", "src/task/task_group.c",
           "a KeyboardInterrupt does not wait for the children",
           "    wait_for_children(group);\n"
           "    return conclude(group, exception);\n",
           "    if (!group->base_error)\n"
           "        wait_for_children(group);\n"
           "    return conclude(group, exception);\n"),
    mutant("K07", "task/task_group", "src/task/task_group.c",
           "the body does not hear of a child's error",
           "        abort_children(group);\n"
           "        ask_parent(group);\n",
           "        abort_children(group);\n"),
    mutant("K07", "task/task_group", "src/task/task_group.c",
           "an inner group takes the outer one's cancel back",
           "    if (!group->parent_asked || cede_task_uncancel(group->parent) "
           "> 0)\n",
           "    if (cede_task_uncancel(group->parent) > 0)\n"),
    mutant("K07", "task/task_group", "src/task/task_group.c",
           "the error of the body is left out",
           "        raise_group(group, is_cancel ? NULL : exception);\n",
           "        raise_group(group, failed ? NULL : exception);\n"),
    mutant("K13", "task/task_group", "src/task/task_group.c",
           "a group is entered by a callback, too",
           "    if (!task)\n"
           "        refuse(group, \"cannot determine the parent task\");\n",
           ""),
    mutant("K13", "task/task_group", "src/task/task_group.c",
           "a group that was refused counts as entered",
           "    if (!task)\n"
           "        refuse(group, \"cannot determine the parent task\");\n"
           "    group->entered = true;\n",
           "    group->entered = true;\n"
           "    if (!task)\n"
           "        refuse(group, \"cannot determine the parent task\");\n"),

    # ---- generators that await ---------------------------------------------
    mutant("A05", "task/generator", "src/task/park.c",
           "a cancel does not reach a generator that waits",
           "        task->committed = false; /* a cancel has to wait */\n"
           "    else if (CEDE_IMPL_UNLIKELY(task->disturbed))\n"
           "        cede__task_check_cancel(task);\n",
           "        task->committed = false; /* a cancel has to wait */\n"
           "    else if (cede_impl_flow_now() == &task->coroutine.flow)\n"
           "        cede__task_check_cancel(task);\n"),
    mutant("A05", "task/generator", "src/task/relay.h",
           "a task goes on outside the generator it waits in",
           "    task->active = here;\n",
           "    task->active = &task->coroutine.flow;\n"),
    mutant("A05", "task/async_generator", "src/coro/iterate.c",
           "a loop that an exception leaves does not close what it goes over",
           "        cede__iterator_drop(&record->iterator);\n"
           "    else\n"
           "        cede_unref(record->iterator);\n",
           "        record->iterator = NULL;\n"
           "    else\n"
           "        cede_unref(record->iterator);\n"),
    mutant("A09", "task/async_generator", "src/task/relay.h",
           "a clean-up that awaits loses its place",
           "    task->active = here;\n",
           "    task->active = &task->coroutine.flow;\n"),
    mutant("A09", "task/async_generator", "src/coro/generator.c",
           "closing is left to the loop once a generator has awaited",
           "    *value = cede_none;\n"
           "    if (coroutine->state == CEDE_IMPL_CREATED) {\n",
           "    *value = cede_none;\n"
           "    if (coroutine->asynchronous.next)\n"
           "        return CEDE_IMPL_RETURNED;\n"
           "    if (coroutine->state == CEDE_IMPL_CREATED) {\n"),
    mutant("A16", "coro/exit_stack", "src/coro/closing.c",
           "a generator is closed when the block ends without exception",
           "    if (closing->generator)\n",
           "    if (closing->generator && exception)\n"
           "        return false;\n"
           "    if (closing->generator)\n"),
    mutant("A16", "coro/exit_stack", "src/coro/closing.c",
           "closing swallows what ended the block",
           "        closing->function(closing->thing);\n"
           "    return false;\n",
           "        closing->function(closing->thing);\n"
           "    return true;\n"),
    mutant("A16", "task/contextlib", "src/coro/closing.c",
           "a generator is only given up",
           "        cede_value_unref(cede_generator_close("
           "closing->generator));\n",
           "        cede_unref(closing->generator), closing->generator = "
           "NULL;\n"),

    # ---- threads -----------------------------------------------------------
    several("H01", "work/concurrent_future", "src/work/concurrent_future.c",
            "what runs can be cancelled",
            ("    if (state == CEDE__PENDING)\n"
             "        calls = enter_state(future, CEDE__CANCELLED);\n",
             "    if (state <= CEDE__RUNNING)\n"
             "        calls = enter_state(future, CEDE__CANCELLED);\n"),
            ("    return state != CEDE__RUNNING && state != CEDE__FINISHED;\n",
             "    return state != CEDE__FINISHED;\n")),
    mutant("H01", "work/concurrent_future", "src/work/concurrent_future.c",
           "what is cancelled cannot be cancelled again",
           "    return state != CEDE__RUNNING && state != CEDE__FINISHED;\n",
           "    return state == CEDE__PENDING;\n"),
    mutant("H01", "work/concurrent_future", "src/work/concurrent_future.c",
           "who waited too long is told of a cancel",
           "    if (!is_done(state))\n"
           "        cede_raise(cede_TimeoutError);\n",
           ""),
    mutant("H01", "work/concurrent_future", "src/work/concurrent_future.c",
           "what is cancelled has a result",
           "    if (state != CEDE__FINISHED)\n"
           "        cede_raise(cede_concurrent_CancelledError);\n",
           ""),
    mutant("H01", "work/executor", "src/work/thread_pool.c",
           "work is taken after the shutdown",
           "    if (pool->shutdown)\n"
           "        return SHUT_DOWN;\n",
           ""),
    mutant("H01", "work/executor", "src/work/thread_pool.c",
           "a pool may have no workers",
           "    if (max_workers <= 0)\n",
           "    if (max_workers < 0)\n"),

    # ---- runners -----------------------------------------------------------
    mutant("R02", "task/runner", "src/task/runner.c",
           "each run has a loop of its own",
           "    if (runner->loop)\n"
           "        return;\n"
           "    context",
           "    if (runner->loop)\n"
           "        cede_loop_close(runner->loop), "
           "cede_unref(runner->loop), cede_unref(runner->context);\n"
           "    context"),
    mutant("R02", "task/runner", "src/task/runner.c",
           "each run has a context of its own",
           "    if (!mine.context)\n"
           "        mine.context = runner->context;\n",
           ""),
    mutant("R02", "task/runner", "src/task/runner.c",
           "a closed runner begins anew",
           "    if (runner->closed)\n"
           "        cede_raise(cede_RuntimeError, \"Runner is closed\");\n",
           ""),
    mutant("R02", "task/runner", "src/task/runner.c",
           "a runner is closed once",
           "    cede_check_alive(runner);\n"
           "    if (!runner->loop)\n"
           "        return;\n",
           "    cede_check_alive(runner);\n"
           "    if (runner->closed)\n"
           "        cede_raise(cede_RuntimeError, \"Runner is closed\");\n"
           "    if (!runner->loop)\n"
           "        return;\n"),
    mutant("R03", "task/run", "src/task/runner.c",
           "a second SIGINT cancels again",
           "    if (runner->interrupts == 1 && runner->main &&\n",
           "    if (runner->main &&\n"),
    mutant("R03", "task/run", "src/task/runner.c",
           "SIGINT is a CancelledError",
           "        if (runner->interrupts > 0 && "
           "cede_task_uncancel(runner->main) == 0)\n"
           "            cede_raise(cede_KeyboardInterrupt);\n",
           ""),
    mutant("R03", "task/runner", "src/task/runner.c",
           "SIGINT hides the cancel of others",
           "        if (runner->interrupts > 0 && "
           "cede_task_uncancel(runner->main) == 0)\n",
           "        if (runner->interrupts > 0)\n"),
    mutant("R03", "task/runner", "src/task/runner.c",
           "SIGINT stays the runner's between its runs",
           "    if (!runner->once)\n"
           "        give_sigint_back(runner);\n",
           "    (void)give_sigint_back;\n"),
    mutant("R05", "task/async_generator", "src/task/runner.c",
           "generators are left open",
           "    cede__asynchronous_shutdown(runner->loop);\n",
           ""),
    mutant("R05", "task/async_generator", "src/task/runner.c",
           "generators are closed before the tasks that are left",
           "    cede__tasks_cancel_all(runner->loop);\n"
           "    cede__asynchronous_shutdown(runner->loop);\n",
           "    cede__asynchronous_shutdown(runner->loop);\n"
           "    cede__tasks_cancel_all(runner->loop);\n"),
    mutant("R05", "task/async_generator", "src/task/async_generator.c",
           "who is delegated to is closed for itself",
           "    return coroutine->state == CEDE_IMPL_SUSPENDED && "
           "!coroutine->parent;\n",
           "    return coroutine->state == CEDE_IMPL_SUSPENDED ||\n"
           "           coroutine->parent;\n"),

    # ---- beyond asyncio ----------------------------------------------------
    mutant("Z05", "task/cancel_scope", "src/task/await.c",
           "awaiting what is done is no checkpoint",
           "    else\n"
           "        cede__checkpoint();\n",
           ""),
    mutant("Z05", "sync/cancel_points", "src/task/park.c",
           "what need not wait is no checkpoint",
           "    cede__checkpoint();\n",
           ""),
    mutant("Z05", "sync/cancel_points", "src/sync/queue.c",
           "joining a queue whose work is done is no checkpoint",
           "    cede_check_alive(queue);\n"
           "    cede_consume_budget();\n"
           "    if (queue->unfinished == 0)\n",
           "    cede_check_alive(queue);\n"
           "    if (queue->unfinished == 0)\n"),
    mutant("Z07", "task/nursery", "src/task/task.c",
           "in a cancelled scope a body is not entered",
           "    if (task->must_cancel || task->closing) { /* T02 */\n",
           "    if (task->must_cancel || task->closing || task->level) {\n"),
    mutant("Z07", "task/nursery", "src/task/scope.c",
           "a scope cancels those who have not begun as asyncio does",
           "        next = link->next;\n"
           "        cede__task_set_level(task, level_of(task));\n",
           "        next = link->next;\n"
           "        if (task->coroutine.state == CEDE_IMPL_CREATED)\n"
           "            cede__task_request_cancel(task, NULL);\n"
           "        cede__task_set_level(task, level_of(task));\n"),
    mutant("Z17", "task/lowlevel", "src/task/park.c",
           "there is no end of the budget",
           "    if (CEDE_IMPL_LIKELY(!task || ++task->budget < BUDGET))\n",
           "    if (CEDE_IMPL_LIKELY(!task || BUDGET > 0))\n"),
    mutant("Z17", "task/lowlevel", "src/task/task.c",
           "a suspension does not renew the budget",
           "    task->scheduled = false;\n"
           "    task->budget = 0;\n",
           "    task->scheduled = false;\n"),
    mutant("Z17", "sync/lock", "src/sync/lock.c",
           "locks do not count against the budget",
           "    cede_check_alive(lock);\n"
           "    cede_consume_budget();\n",
           "    cede_check_alive(lock);\n"),
    mutant("Z17", "sync/select", "src/sync/select.c",
           "selects do not count against the budget",
           "    cede_consume_budget();\n",
           ""),
]
