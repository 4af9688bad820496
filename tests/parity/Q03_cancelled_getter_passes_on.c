/*
 * A task that was woken to get an item, or to put one, and is cancelled before
 * it runs, leaves it to the next.
 */
#include <cede.h>

static cede_queue *queue;
static cede_list *got;

static cede_value get(void *name)
{
    cede_value item = cede_queue_get(queue);

    cede_list_append(got, cede_tuple((const char *)name, item));
    return cede_none;
}

static cede_value put(void *name)
{
    cede_queue_put(queue, (const char *)name);
    cede_list_append(got, (const char *)name);
    return cede_none;
}

static void pause_thrice(void)
{
    for (int i = 0; i < 3; i++)
        cede_sleep(0);
}

static void getters(void)
{
    queue = cede_queue_new(0);
    cede_defer (cede_unref, queue);
    cede_task *a = cede_create_task(get, "a");
    cede_task *b = cede_create_task(get, "b");
    cede_defer (cede_unref, a);
    cede_defer (cede_unref, b);

    cede_sleep(0);
    cede_queue_put_nowait(queue, "item");
    cede_task_cancel(a, NULL);
    pause_thrice();
    cede_print(got, cede_task_cancelled(a), cede_task_done(b));
}

static void putters(void)
{
    queue = cede_queue_new(1);
    cede_defer (cede_unref, queue);
    cede_queue_put_nowait(queue, 0);
    cede_task *c = cede_create_task(put, "c");
    cede_task *d = cede_create_task(put, "d");
    cede_list *names = cede_list();
    cede_defer (cede_unref, c);
    cede_defer (cede_unref, d);
    cede_defer (cede_unref, names);

    cede_sleep(0);
    cede_queue_get_nowait(queue);
    cede_task_cancel(c, NULL);
    pause_thrice();
    for (size_t i = 1; i < cede_list_size(got); i++)
        cede_list_append(names, cede_list_get(got, (int64_t)i));
    cede_print(names, cede_task_cancelled(c), cede_task_done(d));
}

static cede_value run(void *arg)
{
    (void)arg;
    getters();
    putters();
    return cede_none;
}

int main(void)
{
    got = cede_list();
    cede_run(run, NULL);
    cede_unref(got);
}
