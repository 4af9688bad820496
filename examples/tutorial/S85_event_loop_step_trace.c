/*
 * A task modelled on generators: a step sends none to the coroutine; the future
 * that comes up the chain of awaits gets the next step as its callback; the
 * coroutine's end is the task's result.
 */
#include <cede.h>

struct future {
    struct future *task; /* whose step is its callback; one is enough */
    bool finished; int val;
    cede_coroutine *coro; /* of a task */
};
static struct future *ready[8]; /* tasks whose step is due */
static int first, last;
static void add_done_callback(struct future *s, struct future *task) {
    cede_print("  future: callback registered");
    s->task = task;
}
static void set_result(struct future *s, int v) {
    s->finished = true; s->val = v;
    cede_print("  future: FINISHED, schedule", s->task ? 1 : 0, "callback(s)");
    if (s->task) ready[last++] = s->task;
}
static cede_value yield_itself(struct future *s) {
    if (!s->finished) cede_yield(cede_pointer(s));
    return cede_int(s->val);
}
static void *await_of(struct future *s) { /* __await__ */
    return cede_types_coroutine(cede_generator(yield_itself, s));
}
static void step(struct future *task) {
    cede_print("task: __step -> coro.send(None)");
    cede_try {
        cede_value f = cede_coroutine_send(task->coro, cede_none);
        cede_print("task: received a future, wait for it");
        add_done_callback(cede_value_pointer(f), task);
    } cede_except (cede_StopIteration, e) {
        cede_value value = cede_exception_value(e);
        cede_print("task: StopIteration value", value);
        set_result(task, (int)cede_value_int(value));
    } cede_end
}
static cede_value leaf(struct future *fut) {
    cede_print("    leaf: await future"); return cede_await(await_of(fut));
}
static cede_value first_coroutine(struct future *fut) {
    cede_print("    first: await leaf");
    cede_value r = cede_await(cede_coroutine(leaf, fut));
    cede_print("    first: got", r); return cede_int(cede_value_int(r) * 2);
}

int main(void) {
    struct future fut = {0}, t = {.coro = cede_coroutine(first_coroutine, &fut)};
    cede_print("task: created, __step scheduled"); ready[last++] = &t;
    step(ready[first++]);
    cede_print("loop: idle; timer fires"); set_result(&fut, 21);
    while (first < last) step(ready[first++]);
    cede_print("result", t.val);
    cede_unref(t.coro);
}
