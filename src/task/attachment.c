/*
 * What floors above keep with a loop. cede/lowlevel.h.
 *
 * Invariant: an attachment owns its object and lies in the loop's list until
 * the loop is closed.
 */
#include "task/task.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "value/object.h"

typedef struct attachment {
    cede__list link;
    const void *key;
    void *object; /* owned */
    cede_loop_shutdown shutdown;
} attachment;

static attachment *find(const cede_loop *loop, const void *key)
{
    cede__tasks *tasks = loop->upper;

    if (tasks)
        cede__list_each(link, &tasks->attachments) {
            attachment *found = cede__list_entry(link, attachment, link);

            if (found->key == key)
                return found;
        }
    return NULL;
}

void *cede_loop_attached(const cede_loop *loop, const void *key)
{
    attachment *found;

    cede_check_alive(loop);
    if (!cede__loop_on_owner_thread(loop))
        cede__loop_refuse(loop);
    found = find(loop, key);
    return found ? found->object : NULL;
}

static void check(cede_loop *loop, const void *key)
{
    cede__loop_check(loop);
    if (find(loop, key))
        cede_raise(cede_RuntimeError,
                   "something is attached to this loop with this key: ask "
                   "cede_loop_attached first");
}

void cede_loop_attach(cede_loop *loop, const void *key, void *object,
                      cede_loop_shutdown shutdown)
{
    attachment *made;
    cede__tasks *tasks;
    cede__hold hold;

    cede_check_alive(loop);
    cede__hold_push(&hold, object);
    check(loop, key);
    tasks = cede__tasks_of(loop);
    made = tasks ? cede__malloc(sizeof *made) : NULL;
    if (!made)
        cede_raise(cede_MemoryError);
    cede__hold_pop(&hold);
    *made = (attachment){.key = key, .object = object, .shutdown = shutdown};
    cede__list_push_back(&tasks->attachments, &made->link);
}

/* As long as asyncio's Runner waits for threads. Where time is virtual, no
   time that passes there tells anything of a thread. */
static double patience(const cede_loop *loop)
{
    enum { THREAD_JOIN_TIMEOUT = 300 };

    return loop->clock.jump ? (double)INFINITY : THREAD_JOIN_TIMEOUT;
}

void cede__loop_shut_down(cede_loop *loop)
{
    cede__tasks *tasks = loop->upper;

    if (!tasks)
        return;
    cede__list_each(link, &tasks->attachments) {
        attachment *one = cede__list_entry(link, attachment, link);

        if (one->shutdown)
            one->shutdown(loop, one->object, patience(loop));
    }
}

/* The last first: it may have been made with what was there. */
void cede__attachments_close(cede__tasks *tasks)
{
    while (!cede__list_empty(&tasks->attachments)) {
        attachment *last =
            cede__list_entry(tasks->attachments.prev, attachment, link);

        cede__list_remove(&last->link);
        cede_unref(last->object);
        cede__free(last);
    }
}
