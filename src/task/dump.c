/*
 * Every task of a loop, for a reader: rule Z19, `python -m asyncio ps`.
 *
 * What the Go runtime prints for SIGQUIT, in the order of creation.
 */
#include "task/inspect.h"

#include "loop/signal.h"

#include "cede/inspect.h"

struct report {
    FILE *file;
    cede__symbols symbols;
    const cede_impl_coroutine *told; /* whose frames come now */
    size_t frames;
};

/* --- who awaits it --- */

/* Futures in between, as gather's, are passed through. */
enum { MOST_WAITERS = 8, MOST_DEPTH = 8 };

static void print_waiters(struct report *report, const cede_future *future,
                          size_t *count, int depth)
{
    cede__waiters waiters;
    cede_future *waiter;
    char label[32];

    cede__waiters_begin(&waiters, future);
    while ((waiter = cede__waiters_next(&waiters)) != NULL) {
        if (waiter->head.object_class != cede__task_class) {
            if (depth < MOST_DEPTH)
                print_waiters(report, waiter, count, depth + 1);
            continue;
        }
        if (++*count > MOST_WAITERS)
            continue;
        fprintf(report->file, "%s%s",
                *count == 1 ? "    awaited by " : ", ",
                cede__task_label((cede_task *)waiter, label, sizeof label));
    }
}

static void print_awaited_by(struct report *report, const cede_task *task)
{
    size_t count = 0;

    print_waiters(report, &task->future, &count, 0);
    if (count > MOST_WAITERS)
        fprintf(report->file, " and %zu more", count - MOST_WAITERS);
    if (count > 0)
        fputc('\n', report->file);
}

/* --- one task --- */

static bool print_stretch(const cede__stretch *stretch, void *argument)
{
    struct report *report = argument;
    char line[CEDE__LINE];

    if (report->told && stretch->count > 0)
        fprintf(report->file, "    resumed by %s():\n",
                stretch->coroutine->name);
    for (size_t i = 0; i < stretch->count; i++) {
        cede__frame_tell(&report->symbols, stretch->frames[i], line,
                         sizeof line);
        fprintf(report->file, "    #%-2zu %s\n", report->frames++, line);
    }
    report->told = stretch->coroutine;
    return true;
}

static void print_task(struct report *report, const cede_task *task)
{
    const cede_location *created = task->coroutine.created;
    char state[CEDE__LINE + 64], label[32];

    cede__task_tell_state(task, state, sizeof state);
    fprintf(report->file, "%s %s(): %s%s\n",
            cede__task_label(task, label, sizeof label), task->coroutine.name,
            state, task->must_cancel ? ", to be cancelled" : "");
    if (created)
        fprintf(report->file, "    created at %s:%d in %s\n", created->file,
                created->line, created->function);
    print_awaited_by(report, task);
    report->told = NULL;
    report->frames = 0;
    cede__task_walk(task, print_stretch, report);
}

/* --- all of them --- */

void cede_loop_print_tasks(cede_loop *loop, FILE *file)
{
    struct report report = {.file = file ? file : stderr};
    const cede__tasks *tasks;

    if (!loop)
        loop = cede_get_running_loop();
    cede_check_alive(loop);
    cede__loop_check_thread(loop);
    tasks = loop->upper;
    flockfile(report.file);
    fprintf(report.file, "%zu task(s) of the event loop at %.6f s:\n",
            tasks ? tasks->count : 0, (double)loop->now / CEDE__SECOND);
    if (tasks)
        cede__list_each(link, &tasks->unfinished)
            print_task(&report, cede__list_entry(link, cede_task, siblings));
    fflush(report.file);
    funlockfile(report.file);
}

void cede_print_tasks(FILE *file)
{
    cede_loop_print_tasks(NULL, file);
}

static void print_to_stderr(void *loop)
{
    cede_loop_print_tasks(loop, NULL);
}

void cede_loop_print_tasks_on_signal(cede_loop *loop, int number)
{
    cede_loop_add_signal_handler(loop, number, print_to_stderr, loop);
    cede__signal_set_aside(loop, number);
}
