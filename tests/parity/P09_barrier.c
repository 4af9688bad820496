/*
 * Parties at a barrier get different indices, generation after generation;
 * reset and abort break those who wait, abort also those who come, until the
 * next reset.
 */
#include <cede.h>

static cede_barrier *barrier;
static cede_list *entries;

static cede_value work(void *name)
{
    cede_try {
        size_t index = cede_barrier_wait(barrier);

        cede_list_append(entries, cede_tuple((const char *)name, index));
    } cede_except (cede_BrokenBarrierError, e) {
        cede_list_append(entries,
                         cede_tuple((const char *)name, cede_to_str(e)));
    } cede_end
    return cede_none;
}

static cede_task *start(char *name)
{
    return cede_create_task(work, name);
}

/* The list's items in order, for which a priority queue is there. */
static void print_sorted(cede_list *list)
{
    cede_queue *queue = cede_priority_queue_new(0);
    cede_list *sorted = cede_list();
    cede_defer (cede_unref, queue);
    cede_defer (cede_unref, sorted);

    cede_for (item, cede_ref(list))
        cede_queue_put_nowait(queue, cede_value_ref(item));
    while (!cede_queue_empty(queue))
        cede_list_append(sorted, cede_queue_get_nowait(queue));
    cede_print(sorted);
}

static void clear(cede_list *list)
{
    while (cede_list_size(list) > 0)
        cede_value_unref(cede_list_pop(list, -1));
}

static cede_value run(void *arg)
{
    cede_task *task, *x, *y;

    (void)arg;
    cede_gather(NULL, start("a"), start("b"), start("c"), start("d"),
                start("e"), start("f"));
    print_sorted(entries);
    cede_print(cede_barrier_n_waiting(barrier), cede_barrier_parties(barrier));

    clear(entries);
    x = start("x");
    y = start("y");
    cede_sleep(0);
    cede_print(cede_barrier_n_waiting(barrier));
    cede_barrier_reset(barrier);
    cede_gather(NULL, x, y);
    cede_print(entries);

    clear(entries);
    task = start("z");
    cede_sleep(0);
    cede_barrier_abort(barrier);
    cede_await(task);
    work("later");
    cede_print(entries, cede_barrier_broken(barrier));
    cede_barrier_reset(barrier);
    cede_print("reset repairs", cede_barrier_broken(barrier));
    cede_try {
        cede_unref(cede_barrier_new(0));
    } cede_except (cede_ValueError, e) {
        cede_print("ValueError:", e);
    } cede_end
    return cede_none;
}

int main(void)
{
    barrier = cede_barrier_new(3);
    entries = cede_list();
    cede_run(run, NULL);
    cede_unref(barrier);
    cede_unref(entries);
}
