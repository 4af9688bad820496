/*
 * Making tasks, for what makes them in its own way: groups and nurseries.
 */
#pragma once

#include "task/task.h"

/* What a task is made of. */
typedef struct cede__making {
    cede_loop *loop; /* NULL: the running one */
    cede_function function;
    void *argument;
    const void *copy; /* of the argument, in its place; NULL: none */
    size_t size;      /* of the copy */
    void *awaitable;  /* what the function awaits; the task takes it over */
    const char *coroutine_name;
    const cede_location *where;
    const cede_task_options *options;
} cede__making;

/* For makings without options. */
extern const cede_task_options cede__task_defaults;

/* To await what options->argument is, which can be awaited. */
cede__making cede__making_of_awaitable(cede_loop *loop,
                                       const cede_task_options *options,
                                       const cede_location *where);

/* The same of a coroutine, for an owner that may refuse: `check` raises, and
   then the coroutine is closed, for nobody else will, and given up. Raises
   TypeError for what is no coroutine. */
cede__making cede__making_offered(void (*check)(const void *owner),
                                  const void *owner,
                                  const cede_task_options *options,
                                  const cede_location *where);

/* A task, one reference, that has not begun, made by the loop's factory if it
   has one; when make raises, the awaitable is still the caller's. begin
   schedules it, or runs it if it is eager; it does nothing to one that a
   factory has begun. */
cede_task *cede__task_make(const cede__making *made);
void cede__task_begin(cede_task *task);

/* The same without the factory, of a loop that is no longer NULL. */
cede_task *cede__task_make_plainly(const cede__making *made, cede_loop *loop);

/* With it (factory.c). */
bool cede__has_task_factory(const cede_loop *loop);
cede_task *cede__ask_task_factory(const cede__making *made, cede_loop *loop);

/* What awaits the awaitable that is its argument. */
cede_value cede__await_it(void *awaitable);

/* Nobody has forgotten to await this, if it is a coroutine that has not begun:
   it is closed. */
void cede__excuse(void *awaitable);
