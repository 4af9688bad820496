/*
 * The stack of a task. It may lie on several: a generator that awaits leaves
 * with its task, and so do those who delegate to it and who resumed it. Rule
 * T28.
 *
 * Where each suspended part goes on is known by a slot (cede/impl/switch.h):
 * of the innermost code, the task's; of who delegates, his own; of who resumed
 * a chain, that of the chain's leaf.
 */
#include "task/inspect.h"

#include "arch/walk.h"
#include "stack/stack.h"
#include "value/exception.h"

#include "cede/inspect.h"
#include "cede/traceback.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

/* --- walking --- */

struct walk {
    cede__visit_stretch *visit;
    void *argument;
};

static bool hand_over(const struct walk *way,
                      const cede_impl_coroutine *coroutine, void **frames,
                      size_t count)
{
    cede__stretch stretch = {coroutine, count, frames};

    return way->visit(&stretch, way->argument);
}

static bool walk_slot(const struct walk *way,
                      const cede_impl_coroutine *coroutine,
                      const cede_impl_slot *slot)
{
    void *frames[CEDE__WALK_MOST];
    const cede__stack *stack = coroutine->stack;

    if (!stack)
        return false;
    return hand_over(way, coroutine, frames,
                     cede__walk_suspended(slot, stack->low, stack->high, frames,
                                          CEDE__WALK_MOST));
}

static bool walk_here(const struct walk *way,
                      const cede_impl_coroutine *coroutine)
{
    void *frames[CEDE__WALK_MOST];

    return hand_over(way, coroutine, frames,
                     cede__walk_here(frames, CEDE__WALK_MOST));
}

/* Those who delegate to `leaf`, from the inside out; returns the root, or NULL
   when there is no use in going on. */
static const cede_impl_coroutine *
walk_delegators(const struct walk *way, const cede_impl_coroutine *leaf)
{
    const cede_impl_coroutine *member = leaf;

    while (member->parent) {
        member = member->parent;
        if (!walk_slot(way, member, &member->slot))
            return NULL;
    }
    return member;
}

void cede__task_walk(const cede_task *task, cede__visit_stretch *visit,
                     void *argument)
{
    const struct walk way = {visit, argument};
    const cede_impl_coroutine *here, *root;
    bool go_on;

    if (cede__task_is_suspended(task)) {
        here = CEDE_IMPL_COROUTINE_OF(task->active);
        go_on = walk_slot(&way, here, &task->coroutine.slot);
    } else if (task == cede__task_now()) {
        here = CEDE_IMPL_COROUTINE_OF(cede_impl_current);
        go_on = walk_here(&way, here);
    } else {
        return;
    }
    while (go_on && (root = walk_delegators(&way, here)) != NULL &&
           root != &task->coroutine && root->flow.outer) {
        const cede_impl_slot *resumer = &here->slot;

        here = CEDE_IMPL_COROUTINE_OF(root->flow.outer);
        go_on = walk_slot(&way, here, resumer);
    }
}

/* --- names --- */

const cede__symbol *cede__symbols_find(cede__symbols *symbols,
                                       const void *address)
{
    enum { COUNT = sizeof symbols->known / sizeof *symbols->known };
    size_t place = ((uintptr_t)address >> 2) * 31 % COUNT;

    if (symbols->known[place].address != address) {
        symbols->known[place].address = address;
        cede__symbol_find(address, &symbols->known[place].symbol);
    }
    return &symbols->known[place].symbol;
}

/* A call is before where it returns to. */
static const void *call_of(const void *frame)
{
    return (const char *)frame - 1;
}

void cede__frame_tell(cede__symbols *symbols, const void *frame, char *line,
                      size_t size)
{
    const cede__symbol *symbol = cede__symbols_find(symbols, call_of(frame));
    /* Compilers name copies of a function f.cold, f.isra.0. */
    int length = (int)strcspn(symbol->function, ".");

    snprintf(line, size, "%.*s%s%s+0x%" PRIxPTR "%s", length, symbol->function,
             length ? " (" : "", symbol->object, symbol->offset,
             length ? ")" : "");
}

/* --- Task.get_stack --- */

struct collection {
    cede_frame *frames;
    size_t count;
    size_t limit;
};

static bool collect(const cede__stretch *stretch, void *argument)
{
    struct collection *all = argument;

    for (size_t i = 0; i < stretch->count && all->count < all->limit; i++)
        all->frames[all->count++] =
            (cede_frame){.address = call_of(stretch->frames[i]),
                         .coroutine = stretch->coroutine->name};
    return all->count < all->limit;
}

static void reverse(cede_frame *frames, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        cede_frame kept = frames[i];

        frames[i] = frames[count - 1 - i];
        frames[count - 1 - i] = kept;
    }
}

static size_t get_traceback(const cede_exception *exception, cede_frame *frames,
                            size_t limit)
{
    size_t count = exception->trace_count;

    if (count > limit)
        count = limit;
    for (size_t i = 0; i < count; i++) {
        const cede_location *place =
            exception->trace[exception->trace_count - 1 - i];

        frames[i] = (cede_frame){.file = place->file,
                                 .function = place->function,
                                 .line = place->line};
    }
    return count;
}

static const cede_exception *failure_of(const cede_task *task)
{
    return task->future.state == CEDE__FUTURE_FINISHED ? task->future.exception
                                                       : NULL;
}

size_t cede_task_get_stack(cede_task *task, cede_frame *frames, size_t limit)
{
    struct collection all = {frames, 0, limit};

    cede_check_alive(task);
    cede__loop_check_thread(task->future.loop);
    if (failure_of(task))
        return get_traceback(failure_of(task), frames, limit);
    if (limit == 0)
        return 0;
    cede__task_walk(task, collect, &all);
    reverse(frames, all.count);
    return all.count;
}

static void print_frame(FILE *file, cede__symbols *symbols,
                        const cede_frame *frame)
{
    char line[CEDE__LINE];

    if (!frame->address) {
        fprintf(file, "  File \"%s\", line %d, in %s\n", frame->file,
                frame->line, frame->function);
        return;
    }
    cede__frame_tell(symbols, (const char *)frame->address + 1, line,
                     sizeof line);
    fprintf(file, "  %s\n", line);
}

static void print_failure(FILE *file, const cede_exception *exception)
{
    char *text = cede_format_exception_only(exception);

    if (text)
        fputs(text, file);
    else /* no memory */
        fprintf(file, "%s\n", cede_exception_name(exception));
    cede_free(text);
}

void cede_task_print_stack(cede_task *task, FILE *file)
{
    cede_frame frames[CEDE__WALK_MOST];
    cede__symbols symbols = {0};
    char line[CEDE__LINE];
    size_t count = cede_task_get_stack(task, frames, CEDE__WALK_MOST);

    if (!file)
        file = stderr;
    cede__future_describe(&task->future, line, sizeof line);
    flockfile(file);
    if (count == 0)
        fprintf(file, "No stack for %s\n", line);
    else if (failure_of(task))
        fprintf(file, "Traceback for %s (most recent call last):\n", line);
    else
        fprintf(file, "Stack for %s (most recent call last):\n", line);
    for (size_t i = 0; i < count; i++)
        print_frame(file, &symbols, &frames[i]);
    if (failure_of(task))
        print_failure(file, failure_of(task));
    funlockfile(file);
}
