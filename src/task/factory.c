/*
 * Task factories: loop.set_task_factory, asyncio.eager_task_factory. Rules L26,
 * D01.
 *
 * What a factory makes begins when the factory has returned, for who asked may
 * have to write the task down before. What it makes besides begins too, as an
 * asyncio.Task would. Invariant: `unbegun` is the last task made inside the
 * call of the factory that is going on, if that has not begun.
 */
#include "task/create.h"

#include "flow/flow.h"
#include "value/object.h"

/* The call of a factory. */
typedef struct asking {
    cede_loop *loop;
    cede_task *outer; /* of a call around this one */
    bool nested;
} asking;

/* NULL once the loop has been closed. */
static cede__tasks *known(cede_loop *loop)
{
    return loop->upper;
}

static void begin_unbegun(cede__tasks *tasks)
{
    cede_task *task = tasks->unbegun;

    tasks->unbegun = NULL;
    if (task)
        cede__task_schedule(task);
}

static void end_asking(void *self)
{
    const asking *call = self;
    cede__tasks *tasks = known(call->loop);

    if (!tasks)
        return;
    begin_unbegun(tasks);
    tasks->unbegun = call->outer;
    tasks->asking = call->nested;
}

static void check_product(cede_task *task)
{
    if (!task)
        cede_raise(cede_TypeError,
                   "a task factory returned NULL: it returns what "
                   "cede_task_make returned");
    if (!cede_isinstance(task, cede__task_class))
        cede_raise(cede_TypeError, "a task factory returned '%s', not a task",
                   cede__class_name(task));
}

static cede_task *ask(cede_loop *loop, const cede_task_recipe *recipe)
{
    cede__tasks *tasks = known(loop);
    asking call = {loop, tasks->unbegun, tasks->asking};
    cede_task *task;
    cede_defer (end_asking, &call);

    tasks->unbegun = NULL;
    tasks->asking = true;
    task = tasks->factory(loop, recipe, tasks->factory_argument);
    check_product(task);
    if (known(loop) && tasks->unbegun == task)
        tasks->unbegun = NULL;
    return task;
}

bool cede__has_task_factory(const cede_loop *loop)
{
    const cede__tasks *tasks = loop->upper;

    return tasks && tasks->factory;
}

/* The task has a reference to the awaitable of its own: the caller's goes. */
cede_task *cede__ask_task_factory(const cede__making *made, cede_loop *loop)
{
    cede_task_recipe recipe = {
        .loop = loop,
        .function = made->awaitable ? NULL : made->function,
        .awaitable = made->awaitable,
        .function_name = made->coroutine_name,
        .options = *made->options,
        .where = made->where,
        .copy = made->copy,
        .copy_size = made->size,
    };
    cede_task *task;

    recipe.options.argument = made->argument;
    cede__loop_check(loop);
    task = ask(loop, &recipe);
    cede_unref(made->awaitable);
    return task;
}

/* --- public --- */

void cede_loop_set_task_factory(cede_loop *loop, cede_task_factory factory,
                                void *argument)
{
    cede__tasks *tasks;

    cede_check_alive(loop);
    cede__loop_check(loop);
    tasks = cede__tasks_of(loop);
    if (!tasks)
        cede_raise(cede_MemoryError);
    tasks->factory = factory;
    tasks->factory_argument = argument;
}

cede_task_factory cede_loop_get_task_factory(const cede_loop *loop)
{
    const cede__tasks *tasks;

    cede_check_alive(loop);
    tasks = loop->upper;
    return tasks ? tasks->factory : NULL;
}

static cede_task *follow(const cede_task_recipe *recipe)
{
    return cede__task_make_plainly(
        &(const cede__making){
            .function = recipe->awaitable ? cede__await_it : recipe->function,
            .argument = recipe->awaitable ? recipe->awaitable
                                          : recipe->options.argument,
            .copy = recipe->copy,
            .size = recipe->copy_size,
            .awaitable = recipe->awaitable,
            .coroutine_name = recipe->function_name,
            .where = recipe->where,
            .options = &recipe->options,
        },
        recipe->loop);
}

cede_task *cede_task_make(const cede_task_recipe *recipe)
{
    cede__tasks *tasks;
    cede_task *task;

    if (!recipe || !recipe->loop || !(recipe->function || recipe->awaitable))
        cede_raise(cede_TypeError,
                   "a task is made of the recipe that its factory was given, "
                   "or of a copy of that");
    cede_check_alive(recipe->loop);
    task = follow(recipe);
    if (recipe->awaitable)
        cede_ref(recipe->awaitable); /* the task's */
    tasks = known(recipe->loop);
    if (tasks->asking) {
        begin_unbegun(tasks);
        tasks->unbegun = task;
    } else {
        cede__task_begin(task);
    }
    return task;
}

cede_task *cede_eager_task_factory(cede_loop *loop,
                                   const cede_task_recipe *recipe,
                                   void *argument)
{
    cede_task_recipe eager = *recipe;

    (void)argument;
    eager.options.eager_start = loop == cede__running_loop;
    return cede_task_make(&eager);
}
