/*
 * Windows into tasks: cede/inspect.h. Rules D11, D12, T28, Z16, Z19.
 */
#include "task/world.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/symbol.h"
#include "base/system.h"

#include "cede/generator.h"
#include "cede/inspect.h"
#include "cede/lowlevel.h"
#include "cede/shield.h"
#include "cede/task_group.h"
#include "cede/wait.h"

/* --- what is printed --- */

static char text[1024 * 1024];

/* What `print` writes to a file, in `text`. */
static void catch_print(void (*print)(void *argument, FILE *file),
                        void *argument)
{
    FILE *file = tmpfile();
    size_t length;

    cede_defer (fclose, file);
    print(argument, file);
    rewind(file);
    length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
}

static void tasks_of(void *loop, FILE *file)
{
    cede_loop_print_tasks(loop, file);
}

/* The part of the text on one task: from its line to the next one's. */
static const char *part_on(const char *name)
{
    static char part[sizeof text];
    char line[64];
    const char *begin, *end;

    snprintf(line, sizeof line, "\n%s ", name);
    begin = strstr(text, line);
    if (!begin)
        return "";
    end = begin + 1;
    do
        end = strchr(end, '\n') + 1;
    while (*end == ' ');
    snprintf(part, sizeof part, "%.*s", (int)(end - begin), begin);
    return part;
}

/* Does `text` have these parts, in this order? */
static bool in_order(const char *where, const char *const *parts)
{
    for (; *parts; parts++) {
        where = strstr(where, *parts);
        if (!where) {
            printf("missing, or too early: %s\n", *parts);
            return false;
        }
        where += strlen(*parts);
    }
    return true;
}
#define IN_ORDER(where, ...)                                                   \
    in_order((where), (const char *const[]){__VA_ARGS__, NULL})

/* --- some who wait --- */

__attribute__((noinline)) static void deeper(cede_future *future)
{
    cede_value_unref(cede_await(cede_ref(future)));
    __asm__ volatile("");
}

__attribute__((noinline)) static void deep(cede_future *future)
{
    deeper(future);
    __asm__ volatile("");
}

static cede_value awaits(void *future)
{
    deep(future);
    return cede_none;
}

static cede_value sleeps(void *arg)
{
    (void)arg;
    cede_sleep(5);
    return cede_none;
}

static bool is_undone(cede_task *task, void *argument)
{
    (void)task;
    (void)argument;
    return true;
}

static cede_value parks(void *arg)
{
    (void)arg;
    cede_park("the end of the world", is_undone, NULL);
    return cede_none;
}

static cede_value reads(void *descriptor)
{
    cede_descriptor_wait_readable(descriptor);
    return cede_none;
}

static cede_future *new_future(void)
{
    return keep(cede_loop_create_future(NULL));
}

static cede_task *name_it(void *task, const char *name)
{
    cede_task_set_name(task, name);
    return task;
}

#define start(function, argument, name)                                        \
    name_it(keep(cede_create_task(function, argument)), (name))

/* --- every task --- */

static cede_value shows_states(void *arg)
{
    (void)arg;
    start(awaits, new_future(), "waiting");
    start(sleeps, NULL, "asleep");
    start(parks, NULL, "parked");
    cede_sleep(1.5);
    start(returns_nothing, NULL, "new");
    catch_print(tasks_of, NULL);
    CHECK_CONTAINS(text, "5 task(s) of the event loop at 1.500000 s:\nTask-1 ");
    CHECK_CONTAINS(text, "Task-1 scenario(): running\n    created at ");
    CHECK_CONTAINS(part_on("waiting"), "waiting awaits(): waiting for 1.500000 "
                                       "s: await <Future pending>\n");
    CHECK_CONTAINS(part_on("waiting"), "test_inspect.c:");
    CHECK_CONTAINS(part_on("waiting"), " in shows_states\n");
    CHECK_CONTAINS(part_on("asleep"), "waiting for 1.500000 s: sleep until "
                                      "5.000000\n");
    CHECK_CONTAINS(part_on("parked"), ": the end of the world\n");
    CHECK_CONTAINS(part_on("new"), "new returns_nothing(): ready to begin\n");
    return cede_none;
}

TEST(Z19_state_reason_duration_and_place)
{
    expect(shows_states, "");
}

static cede_value shows_stacks(void *arg)
{
    (void)arg;
    start(awaits, new_future(), "waiting");
    start(returns_nothing, NULL, "new");
    turns(1);
    catch_print(tasks_of, cede_get_running_loop());
    CHECK(IN_ORDER(part_on("waiting"), "    #0 ", "deeper (", "deep (",
                   "awaits ("));
    CHECK(IN_ORDER(part_on("Task-1"), "cede_loop_print_tasks (",
                   "shows_stacks ("));
    CHECK(!strstr(text, "cede__coroutine_main"));
    CHECK(!strstr(text, "new returns_nothing"));
    return cede_none;
}

TEST(Z19_stacks, .shuffle = false)
{
    expect(shows_stacks, "");
}

static cede_value shows_ready(void *arg)
{
    cede_future *future = new_future();
    cede_task *task = start(awaits, future, "waiting");

    (void)arg;
    cede_sleep(1);
    cede_future_set_result(future, 1);
    catch_print(tasks_of, NULL);
    CHECK_CONTAINS(part_on("waiting"), ": ready, suspended 1.000000 s ago\n");
    cede_task_cancel(task, NULL);
    catch_print(tasks_of, NULL);
    CHECK_CONTAINS(part_on("waiting"), "ago, to be cancelled\n");
    turns(1);
    catch_print(tasks_of, NULL);
    CHECK_STR(part_on("waiting"), "");
    return cede_none;
}

TEST(Z19_ready_and_to_be_cancelled, .shuffle = false)
{
    expect(shows_ready, "");
}

static void close_both(void *ends)
{
    close(((int *)ends)[0]);
    close(((int *)ends)[1]);
}

static cede_value shows_descriptor(void *arg)
{
    int ends[2];
    char what[64];
    cede_descriptor *descriptor;

    (void)arg;
    if (!CHECK(pipe(ends) == 0))
        return cede_none;
    cede_defer (close_both, ends);
    descriptor = keep(cede_descriptor_new(ends[0]));
    cede_defer (cede_descriptor_close, descriptor);
    start(reads, descriptor, "reader");
    turns(1);
    catch_print(tasks_of, NULL);
    snprintf(what, sizeof what, ": read of descriptor %d\n", ends[0]);
    CHECK_CONTAINS(part_on("reader"), what);
    return cede_none;
}

TEST(Z19_descriptor, .shuffle = false)
{
    expect(shows_descriptor, "");
}

/* --- generators, each on a stack of its own --- */

static cede_value innermost(void *future)
{
    deep(future);
    return cede_yield(1);
}

static cede_value delegates(void *future)
{
    cede_value_unref(cede_yield_from(cede_generator(innermost, future)));
    return cede_none;
}

static cede_value iterates(void *future)
{
    cede_for (v, cede_generator(delegates, future))
        (void)v;
    return cede_none;
}

static cede_value iterates_generators(void *future)
{
    cede_for (v, cede_generator(iterates, future))
        (void)v;
    return cede_none;
}

static cede_value shows_generators(void *arg)
{
    (void)arg;
    start(iterates_generators, new_future(), "waiting");
    turns(1);
    catch_print(tasks_of, NULL);
    CHECK(IN_ORDER(part_on("waiting"), "deeper (", "deep (", "innermost (",
                   "resumed by delegates():", "delegates (",
                   "resumed by iterates():", "iterates (",
                   "resumed by iterates_generators():",
                   "iterates_generators ("));
    CHECK(!strstr(part_on("waiting"), "cede__coroutine_main"));
    return cede_none;
}

/* T28: the coroutine is reachable, whoever runs it. */
TEST(Z19_stack_on_many_stacks, .shuffle = false)
{
    expect(shows_generators, "");
}

static cede_value looks_around(void *arg)
{
    (void)arg;
    catch_print(tasks_of, NULL);
    return cede_yield(1);
}

static cede_value runs_generator(void *arg)
{
    (void)arg;
    cede_for (v, cede_generator(looks_around, NULL))
        (void)v;
    CHECK(IN_ORDER(part_on("Task-1"), ": running\n", "looks_around (",
                   "resumed by scenario():", "runs_generator ("));
    return cede_none;
}

TEST(Z19_generator_that_runs)
{
    expect(runs_generator, "");
}

/* --- bad days --- */

static cede_value without_memory(void *arg)
{
    (void)arg;
    keep(cede_create_task(awaits, new_future()));
    turns(1);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, LONG_MAX);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 1, LONG_MAX);
    catch_print(tasks_of, NULL);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    CHECK_INT(cede__fault_seen(CEDE__FAULT_ALLOCATION), 0);
    CHECK(IN_ORDER(part_on("Task-2"), "await <Future pending>", "deeper ("));
    return cede_none;
}

TEST(Z19_takes_no_memory, .shuffle = false, .torture = false)
{
    expect(without_memory, "");
}

static void *looks_from_outside(void *loop)
{
    cede_try {
        cede_loop_print_tasks(loop, NULL);
    } cede_except (cede_RuntimeError, e) {
        say("%.24s", cede_exception_message(e));
    } cede_end
    return NULL;
}

static cede_value is_looked_at(void *arg)
{
    pthread_t thread;

    (void)arg;
    pthread_create(&thread, NULL, looks_from_outside, cede_get_running_loop());
    pthread_join(thread, NULL);
    return cede_none;
}

TEST(only_its_own_thread_looks_at_a_loop)
{
    expect(is_looked_at, "Non-thread-safe operatio;");
    CHECK_RAISES(cede_RuntimeError, cede_print_tasks(NULL));
    CHECK_RAISES(cede_RuntimeError, cede_print_task_tree(NULL));
    CHECK_RAISES(cede_RuntimeError, cede_print_call_graph(NULL, NULL));
}

TEST(loop_without_tasks)
{
    cede_auto (cede_loop *, loop, shut) = cede_loop_new();

    catch_print(tasks_of, loop);
    CHECK_CONTAINS(text, "0 task(s) of the event loop at ");
}

/* --- on a signal --- */

static void asks(void *arg)
{
    (void)arg;
    raise(SIGUSR1);
    cede_sleep(0);
    cede_sleep(0.001); /* I/O is looked at */
}

static cede_value prints_on_signal(void *arg)
{
    (void)arg;
    start(sleeps, NULL, "asleep");
    cede_loop_print_tasks_on_signal(cede_get_running_loop(), SIGUSR1);
    harness_capture(asks, NULL, text, sizeof text);
    CHECK_CONTAINS(text, "2 task(s) of the event loop");
    CHECK_CONTAINS(part_on("asleep"), "sleep until ");
    CHECK(cede_loop_remove_signal_handler(cede_get_running_loop(), SIGUSR1));
    return cede_none;
}

TEST(Z19_on_a_signal)
{
    expect(prints_on_signal, "");
}

/* --- T28: one task's stack --- */

static void *address_of(const cede_frame *frame)
{
    return (void *)(uintptr_t)frame->address;
}

static bool within(const cede_frame *frame, const char *function)
{
    cede__symbol symbol;

    cede__symbol_find(address_of(frame), &symbol);
    return strncmp(symbol.function, function, strlen(function)) == 0;
}

static cede_value gets_stack(void *arg)
{
    cede_frame frames[32];
    cede_task *task = start(awaits, new_future(), "waiting");
    const void *newest;
    size_t count;

    (void)arg;
    CHECK_INT(cede_task_get_stack(task, frames, 32), 0); /* not begun */
    turns(1);
    count = cede_task_get_stack(task, frames, 32);
    if (!CHECK(count > 3))
        return cede_none;
    CHECK(within(&frames[0], "awaits"));
    CHECK(within(&frames[1], "deep"));
    CHECK(within(&frames[2], "deeper"));
    CHECK(within(&frames[count - 1], "cede__switch") || /* a called one */
          within(&frames[count - 1], "cede__await_future") ||
          within(&frames[count - 1], "swapcontext"));
    newest = frames[count - 1].address;
    CHECK_STR(frames[0].coroutine, "awaits");
    /* The newest ones, the oldest of these first. */
    CHECK_INT(cede_task_get_stack(task, frames, 2), 2);
    CHECK_PTR(frames[1].address, newest);
    CHECK(frames[0].address != newest);
    CHECK_INT(cede_task_get_stack(task, frames, 0), 0);
    cede_task_cancel(task, NULL);
    turns(1);
    CHECK_INT(cede_task_get_stack(task, frames, 32), 0); /* cancelled */
    return cede_none;
}

TEST(T28_stack_of_a_task, .shuffle = false)
{
    expect(gets_stack, "");
}

static cede_value gets_own_stack(void *arg)
{
    cede_frame frames[32];
    size_t count = cede_task_get_stack(cede_current_task(), frames, 32);

    (void)arg;
    if (CHECK(count > 1)) {
        CHECK(within(&frames[0], "gets_own_stack"));
        CHECK(within(&frames[1], "cede_task_get_stack"));
    }
    return cede_none;
}

TEST(T28_stack_of_the_running_task)
{
    expect(gets_own_stack, "");
}

static void stack_of(void *task, FILE *file)
{
    cede_task_print_stack(task, file);
}

static cede_value gets_traceback(void *arg)
{
    cede_frame frames[4];
    cede_task *task = start(fails, "no", "failing");

    (void)arg;
    turns(1);
    CHECK_INT(cede_task_get_stack(task, frames, 4), 1);
    CHECK_STR(frames[0].function, "fails");
    CHECK_CONTAINS(frames[0].file, "world.h");
    CHECK(frames[0].line > 0);
    CHECK_PTR(frames[0].address, NULL);
    CHECK_INT(cede_task_get_stack(task, frames, 0), 0);
    catch_print(stack_of, task);
    CHECK_CONTAINS(text, "Traceback for <Task finished name='failing' "
                         "coro=<fails()>> (most recent call last):\n  File \"");
    CHECK_CONTAINS(text, "in fails\nValueError: no\n");
    cede_task_exception(task);
    return cede_none;
}

TEST(T28_traceback_of_a_failed_task, .shuffle = false)
{
    expect(gets_traceback, "");
}

static cede_value awaits_a_failure(void *arg)
{
    (void)arg;
    return cede_await(cede_coroutine(fails, "no"));
}

static cede_value gets_long_traceback(void *arg)
{
    cede_frame frames[4];
    cede_task *task = start(awaits_a_failure, NULL, "failing");

    (void)arg;
    turns(1);
    CHECK_INT(cede_task_get_stack(task, frames, 4), 2);
    CHECK_STR(frames[0].function, "awaits_a_failure");
    CHECK_STR(frames[1].function, "fails");
    cede_task_exception(task);
    return cede_none;
}

TEST(T28_a_traceback_begins_outermost, .shuffle = false)
{
    expect(gets_long_traceback, "");
}

static cede_value prints_stack(void *arg)
{
    cede_task *task = start(awaits, new_future(), "waiting");

    (void)arg;
    catch_print(stack_of, task);
    CHECK_STR(text, "No stack for <Task pending name='waiting' "
                    "coro=<awaits()>>\n");
    turns(1);
    catch_print(stack_of, task);
    CHECK(IN_ORDER(text, "Stack for <Task pending name='waiting' ",
                   "(most recent call last):\n  awaits (", "\n  deep (",
                   "\n  deeper (", "cede__await_future ("));
    return cede_none;
}

TEST(T28_print_stack, .shuffle = false)
{
    expect(prints_stack, "");
}

/* --- D11: the call graph --- */

static void graph_of(void *task, FILE *file)
{
    cede_print_call_graph(task, file);
}

static cede_value awaits_task(void *task)
{
    cede_value_unref(cede_await(cede_ref((cede_task *)task)));
    return cede_none;
}

static cede_value gathers(void *task)
{
    cede_gather(NULL, cede_ref((cede_task *)task));
    return cede_none;
}

static cede_value shows_graph(void *arg)
{
    cede_task *test = start(awaits, new_future(), "test");

    (void)arg;
    start(awaits_task, test, "main");
    start(gathers, test, "group");
    turns(2);
    catch_print(graph_of, test);
    CHECK(IN_ORDER(text, "* Task(name='test', id=0x", "  + Call stack:\n",
                   "  |   ", "deeper (", "awaits (", "\n  + Awaited by:\n",
                   "    * Task(name='main', id=0x", "      + Call stack:\n",
                   "awaits_task (", "\n    * _GatheringFuture(id=0x",
                   "      + Awaited by:\n",
                   "        * Task(name='group', id=0x", "gathers ("));
    catch_print(tasks_of, NULL);
    CHECK_CONTAINS(part_on("test"), "    awaited by main, group\n");
    CHECK(!strstr(part_on("main"), "awaited by"));
    return cede_none;
}

TEST(D11_call_graph, .shuffle = false)
{
    expect(shows_graph, "");
}

static cede_value groups(void *arg)
{
    (void)arg;
    cede_task_group (group) {
        cede_task_set_name(cede_task_group_create_task(group, sleeps, NULL),
                           "child");
    } cede_end
    return cede_none;
}

static cede_value waits_for_shielded(void *task)
{
    cede_wait_for(cede_shield(cede_ref((cede_task *)task)), 100);
    return cede_none;
}

static cede_value shows_families(void *arg)
{
    (void)arg;
    start(groups, NULL, "parent");
    start(waits_for_shielded, start(sleeps, NULL, "inner"), "outer");
    turns(3);
    catch_print(tasks_of, NULL);
    CHECK_CONTAINS(part_on("child"), "    awaited by parent\n");
    CHECK_CONTAINS(part_on("inner"), "    awaited by outer\n");
    return cede_none;
}

/* A group's block waits for its children, a shield for what is in it. */
TEST(D11_groups_and_the_wait_family)
{
    expect(shows_families, "");
}

static cede_value shows_own_graph(void *arg)
{
    (void)arg;
    catch_print(graph_of, NULL);
    CHECK(IN_ORDER(text, "* Task(name='Task-1', id=0x", "  + Call stack:\n",
                   "shows_own_graph ("));
    CHECK(!strstr(text, "Awaited by"));
    return cede_none;
}

TEST(D11_call_graph_of_the_current_task)
{
    expect(shows_own_graph, "");
}

static cede_value links_by_hand(void *arg)
{
    cede_future *future = new_future();
    cede_task *task = start(awaits, future, "test");
    cede_task *other = start(parks, NULL, "other");

    (void)arg;
    turns(1);
    cede_future_add_to_awaited_by(cede_task_future(task),
                                  cede_task_future(other));
    cede_future_add_to_awaited_by(cede_task_future(task),
                                  cede_task_future(other));
    catch_print(tasks_of, NULL);
    CHECK_CONTAINS(part_on("test"), "    awaited by other\n");
    cede_future_discard_from_awaited_by(cede_task_future(task),
                                        cede_task_future(other));
    cede_future_discard_from_awaited_by(cede_task_future(task),
                                        cede_task_future(other));
    catch_print(tasks_of, NULL);
    CHECK(!strstr(part_on("test"), "awaited by"));
    /* What is done is awaited by nobody: the link is given up with it. */
    cede_future_add_to_awaited_by(cede_task_future(task),
                                  cede_task_future(other));
    cede_future_set_result(future, 1);
    turns(2);
    catch_print(graph_of, task);
    CHECK(!strstr(text, "Awaited by"));
    cede_future_add_to_awaited_by(future, cede_task_future(other));
    cede_future_add_to_awaited_by(keep(cede_loop_create_future(NULL)),
                                  cede_task_future(other));
    CHECK_RAISES(cede_TypeError,
                 cede_future_add_to_awaited_by(
                     future, (cede_future *)cede_get_running_loop()));
    return cede_none;
}

TEST(D11_links_added_by_hand)
{
    expect(links_by_hand, "");
}

/* Two that wait for each other; and one that can wait for them. */
static cede_task *circle[2];

static cede_value awaits_other(void *index)
{
    cede_value_unref(cede_await(cede_ref(circle[!*(int *)index])));
    return cede_none;
}

static void make_circle(void)
{
    static int index[2] = {0, 1};

    circle[0] = start(awaits_other, &index[0], "one");
    circle[1] = start(awaits_other, &index[1], "two");
}

static void tree_of(void *loop, FILE *file)
{
    cede_loop_print_task_tree(loop, file);
}

static cede_value shows_circle(void *arg)
{
    (void)arg;
    make_circle();
    turns(2);
    catch_print(graph_of, circle[0]);
    CHECK(IN_ORDER(text, "* Task(name='one'", "    * Task(name='two'",
                   "        * Task(name='one'",
                   "          ! shown above: they await each other\n"));
    catch_print(tree_of, NULL);
    CHECK(IN_ORDER(text, "These tasks await each other, in a circle:\n",
                   "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 (T) one ",
                   "    \xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 (T) two ",
                   "        \xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 (T) one ",
                   "(awaits itself)\n"));
    cede_task_cancel(circle[0], NULL);
    return cede_none;
}

/* D12 */
TEST(D11_tasks_that_await_each_other)
{
    expect(shows_circle, "");
}

static cede_value shows_tree(void *arg)
{
    cede_task *leaf = start(awaits, new_future(), "leaf");
    cede_task *middle = start(awaits_task, leaf, "middle");

    (void)arg;
    start(awaits_task, middle, "root");
    start(gathers, leaf, "other");
    turns(2);
    catch_print(tree_of, NULL);
    CHECK(IN_ORDER(text, "(T) Task-1 ", "(T) root awaits_task(): waiting",
                   "\n    \xe2\x94\x94", "(T) middle ",
                   "\n        \xe2\x94\x94", "(T) leaf ", "\n\xe2\x94\x94",
                   "(T) other ", "\n    \xe2\x94\x94", "(T) leaf ",
                   "(shown above)\n"));
    return cede_none;
}

TEST(D12_tree)
{
    expect(shows_tree, "");
}

enum { CHAIN = 3000 };

static cede_value shows_chain(void *arg)
{
    cede_task *last = cede_create_task(awaits, new_future());
    int i;

    (void)arg;
    for (i = 0; i < CHAIN; i++) {
        cede_task *next = cede_create_task(awaits_task, last);

        cede_unref(last); /* the loop's, which outlives who awaits it */
        last = next;
    }
    keep(last);
    turns(2);
    catch_print(tree_of, NULL);
    CHECK_CONTAINS(text, "(T) Task-2 ");
    return cede_none;
}

TEST(D12_long_chains_of_tasks_are_no_recursion, .torture = false)
{
    expect(shows_chain, "");
}

/* --- Z16: all tasks are asleep --- */

static void run_asleep(void *function)
{
    cede_try {
        cede_value_unref(cede_run_simulated(*(cede_function *)function, NULL));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
}

/* Runs it on the virtual clock; stderr is in `text`, what is said goes on. */
static void run_watched(cede_function function)
{
    cede_defer (dismiss, &kept);

    harness_capture(run_asleep, &function, text, sizeof text);
}

static cede_value tidies_up(void *arg)
{
    cede_future *future = new_future();

    (void)arg;
    start(parks, NULL, "parked");
    cede_sleep(2);
    cede_try {
        deep(future);
    } cede_finally {
        say("finally at %g", now());
    } cede_end
    return cede_none;
}

TEST(Z16_all_tasks_are_asleep)
{
    run_watched(tidies_up);
    CHECK_STR(said(), "finally at 2;all tasks are asleep - deadlock!;");
    CHECK(IN_ORDER(text, "cede: all tasks are asleep - deadlock!\n",
                   "2 task(s) of the event loop at 2.000000 s:\n",
                   "Task-1 ", "(): waiting for 0.000000 s: await <Future "
                              "pending>\n",
                   "deeper (", "parked parks(): waiting for 2.000000 s: the "
                               "end of the world\n",
                   "parks ("));
}

static cede_value waits_in_a_circle(void *arg)
{
    (void)arg;
    make_circle();
    awaits_task(circle[0]);
    return cede_none;
}

TEST(Z16_tasks_that_await_each_other)
{
    run_watched(waits_in_a_circle);
    CHECK_STR(said(), "all tasks are asleep - deadlock!;");
    CHECK_CONTAINS(part_on("one"), "    awaited by Task-1, two\n");
}

static cede_value insists(void *arg)
{
    int i;

    (void)arg;
    for (i = 0; i < 3; i++) {
        cede_try {
            cede_park("nothing", NULL, NULL);
        } cede_except (cede_CancelledError) {
            say("cancelled");
        } cede_end
    }
    return cede_none;
}

/* It cannot be ended: its wait has no way out. The run ends all the same. */
TEST(Z16_task_that_cannot_be_cancelled)
{
    run_watched(insists);
    CHECK_CONTAINS(said(), "all tasks are asleep - deadlock!;");
}

/* run_until_complete raises it too, and the loop is as good as before. */
TEST(Z16_loop_goes_on_afterwards)
{
    cede_virtual_time time = {0};
    cede_clock clock = cede_virtual_clock(&time);
    cede_auto (cede_loop *, loop, shut) =
        cede_loop_new_with(&(cede_loop_options){.clock = &clock});
    cede_auto (cede_future *, future, drop) = cede_loop_create_future(loop);

    CHECK_RAISES(cede_RuntimeError,
                 cede_loop_run_until_complete(loop, cede_ref(future)));
    cede_future_set_result(future, 3);
    CHECK_INT(cede_value_int(
                  cede_loop_run_until_complete(loop, cede_ref(future))),
              3);
}

/* What a thread does while the loop waits for it. */
struct worker {
    cede_loop *loop;
    cede_future *future;
    pthread_t thread;
    bool holds;
};

static void answer(void *future)
{
    if (!cede_future_done(future))
        cede_future_set_result((cede_future *)future, 7);
}

static void *work(void *self)
{
    struct worker *worker = self;

    /* Long enough for a loop that looks at once whether it is asleep. */
    usleep(20000);
    cede_loop_call_soon_threadsafe(worker->loop, answer, worker->future);
    if (worker->holds)
        cede_loop_release(worker->loop);
    return NULL;
}

static void finish_work(void *self)
{
    pthread_join(((struct worker *)self)->thread, NULL);
}

static cede_value waits_for_thread(void *holds)
{
    struct worker worker = {cede_get_running_loop(), new_future(), 0,
                            holds != NULL};

    if (worker.holds)
        cede_loop_hold(worker.loop);
    pthread_create(&worker.thread, NULL, work, &worker);
    cede_defer (finish_work, &worker);
    say("%d", (int)cede_value_int(cede_await(cede_ref(worker.future))));
    return cede_none;
}

TEST(Z16_threads_that_hold_the_loop_may_post, .torture = false)
{
    cede_defer (dismiss, &kept);

    cede_run_simulated(waits_for_thread, "hold");
    CHECK_STR(said(), "7;");
}

/* Nobody knows what a second thread is going to do. */
TEST(Z16_real_clock_with_threads, .torture = false)
{
    cede_defer (dismiss, &kept);

    cede_run(waits_for_thread, NULL);
    CHECK_STR(said(), "7;");
}

static void *only_holds(void *loop)
{
    usleep(20000);
    cede_loop_release(loop);
    return NULL;
}

static cede_value waits_for_nothing(void *arg)
{
    struct worker worker = {.loop = cede_get_running_loop()};

    (void)arg;
    cede_loop_hold(worker.loop);
    pthread_create(&worker.thread, NULL, only_holds, worker.loop);
    cede_defer (finish_work, &worker);
    deep(new_future());
    return cede_none;
}

TEST(Z16_thread_that_ends_without_a_word, .torture = false)
{
    run_watched(waits_for_nothing);
    CHECK_STR(said(), "all tasks are asleep - deadlock!;");
}

static cede_value blocks(void *arg)
{
    (void)arg;
    deep(new_future());
    return cede_none;
}

static void run_blocked(void *arg)
{
    cede_defer (dismiss, &kept);

    (void)arg;
    cede_try {
        cede_value_unref(cede_run(blocks, NULL));
    } cede_except (cede_RuntimeError, e) {
        say("%s", cede_exception_message(e));
    } cede_end
}

/* SIGINT, which cede_run has a handler for, is nothing to wait for. */
TEST(Z16_real_clock)
{
    setenv("CEDE_DEADLOCK", "1", 1); /* a sanitizer has a thread of its own */
    harness_capture(run_blocked, NULL, text, sizeof text);
    CHECK_STR(said(), "all tasks are asleep - deadlock!;");
}

/* Who cannot count threads is not sure. */
TEST(Z16_real_clock_and_one_thread, .torture = false)
{
    int threads = cede__sys_thread_count();

    if (threads != 1)
        SKIP("somebody else's thread is here");
    unsetenv("CEDE_DEADLOCK");
    harness_capture(run_blocked, NULL, text, sizeof text);
    CHECK_STR(said(), "all tasks are asleep - deadlock!;");
}

TEST(Z16_not_if_nobody_wants_to_hear_of_it, .torture = false)
{
    cede_defer (dismiss, &kept);

    setenv("CEDE_DEADLOCK", "0", 1);
    cede_run_simulated(waits_for_thread, NULL);
    CHECK_STR(said(), "7;");
}

static void *writes(void *fd)
{
    usleep(20000);
    CHECK_INT(write(*(int *)fd, "x", 1), 1);
    return NULL;
}

static cede_value waits_for_input(void *arg)
{
    int ends[2];
    cede_descriptor *descriptor;
    struct worker worker;

    (void)arg;
    if (!CHECK(pipe(ends) == 0))
        return cede_none;
    cede_defer (close_both, ends);
    descriptor = keep(cede_descriptor_new(ends[0]));
    cede_defer (cede_descriptor_close, descriptor);
    pthread_create(&worker.thread, NULL, writes, &ends[1]);
    cede_defer (finish_work, &worker);
    cede_descriptor_wait_readable(descriptor);
    say("read");
    return cede_none;
}

TEST(Z16_descriptors_may_become_ready, .torture = false)
{
    expect(waits_for_input, "read;");
}

static void got_signal(void *future)
{
    cede_future_set_result((cede_future *)future, 1);
}

static void *sends(void *arg)
{
    (void)arg;
    usleep(20000);
    kill(getpid(), SIGUSR1);
    return NULL;
}

static cede_value waits_for_signal(void *arg)
{
    cede_future *future = new_future();
    cede_loop *loop = cede_get_running_loop();
    struct worker worker;

    (void)arg;
    /* The user's own takes the place of ours. */
    cede_loop_print_tasks_on_signal(loop, SIGUSR1);
    cede_loop_add_signal_handler(loop, SIGUSR1, got_signal, future);
    pthread_create(&worker.thread, NULL, sends, NULL);
    cede_defer (finish_work, &worker);
    deep(future);
    say("signal");
    return cede_none;
}

TEST(Z16_signals_may_come, .torture = false)
{
    expect(waits_for_signal, "signal;");
}

static cede_value waits_for_report(void *arg)
{
    (void)arg;
    cede_loop_print_tasks_on_signal(cede_get_running_loop(), SIGUSR1);
    deep(new_future());
    return cede_none;
}

TEST(Z16_report_on_a_signal_wakes_nobody)
{
    run_watched(waits_for_report);
    CHECK_STR(said(), "all tasks are asleep - deadlock!;");
}
