/*
 * A task modelled on generators: a step sends none to the coroutine; the future
 * that comes up the chain of awaits gets the next step as its callback; the
 * coroutine's end is the task's result.
 */
#include <cede.h>

typedef struct future {
    void (*callback)(struct future *task); /* one is enough here */
    struct future *task;                   /* whose step it is */
    bool finished;
    int val;
    cede_coroutine *coro; /* of a task */
} future;

static struct {
    void (*callback)(future *task);
    future *task;
} ready[8];
static int first, last;

static void schedule(void (*callback)(future *task), future *task)
{
    ready[last].callback = callback;
    ready[last++].task = task;
}

static void run_next(void)
{
    int now = first++;

    ready[now].callback(ready[now].task);
}

static void add_done_callback(future *s, void (*callback)(future *task),
                              future *task)
{
    cede_print("  future: callback registered");
    s->callback = callback;
    s->task = task;
}

static void set_result(future *s, int v)
{
    s->finished = true;
    s->val = v;
    cede_print("  future: FINISHED, schedule", s->callback ? 1 : 0,
               "callback(s)");
    if (s->callback)
        schedule(s->callback, s->task);
}

static cede_value yield_itself(void *s)
{
    if (!((future *)s)->finished)
        cede_yield(cede_pointer(s));
    return cede_int(((future *)s)->val);
}

static cede_value await_future(future *s)
{
    return cede_await(cede_types_coroutine(cede_generator(yield_itself, s)));
}

static void step(future *task)
{
    cede_print("task: __step -> coro.send(None)");
    cede_try {
        future *f = cede_value_pointer(cede_coroutine_send(task->coro,
                                                           cede_none));

        cede_print("task: received a future, wait for it");
        add_done_callback(f, step, task);
    } cede_except (cede_StopIteration, e) {
        cede_value value = cede_exception_value(e);

        cede_print("task: StopIteration value", value);
        set_result(task, (int)cede_value_int(value));
    } cede_end
}

static cede_value leaf(void *fut)
{
    cede_print("    leaf: await future");
    return await_future(fut);
}

static cede_value first_coroutine(void *fut)
{
    cede_value r;

    cede_print("    first: await leaf");
    r = cede_await(cede_coroutine(leaf, fut));
    cede_print("    first: got", r);
    return cede_int(cede_value_int(r) * 2);
}

int main(void)
{
    future fut = {0};
    future t = {.coro = cede_coroutine(first_coroutine, &fut)};

    cede_print("task: created, __step scheduled");
    schedule(step, &t);
    run_next();
    cede_print("loop: idle; timer fires");
    set_result(&fut, 21);
    while (first < last)
        run_next();
    cede_print("result", t.val);
    cede_unref(t.coro);
}
