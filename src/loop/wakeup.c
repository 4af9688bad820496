/*
 * wakeup.c - posting from other threads (see wakeup.h)
 */
#include "loop/wakeup.h"

#include <errno.h>

#include "base/system.h"

int cede__wakeup_init(cede__wakeup *wakeup)
{
    int rc = cede__sys_eventfd();

    if (rc < 0)
        return rc;
    pthread_mutex_init(&wakeup->lock, NULL);
    cede__queue_init(&wakeup->queue);
    wakeup->open = true;
    wakeup->pending = false;
    wakeup->fd = rc;
    /* By level: an edge would come for each reading too, which leaves room. */
    wakeup->watch = (cede__watch){.fd = rc, .interest = CEDE__READABLE};
    return 0;
}

void cede__wakeup_close(cede__wakeup *wakeup, cede__queue *ret_rest)
{
    pthread_mutex_lock(&wakeup->lock);
    if (wakeup->open) {
        cede__queue_append(ret_rest, &wakeup->queue);
        cede__sys_close(wakeup->fd);
        wakeup->fd = -1;
        wakeup->open = false;
    }
    pthread_mutex_unlock(&wakeup->lock);
}

void cede__wakeup_forked(cede__wakeup *wakeup)
{
    pthread_mutex_init(&wakeup->lock, NULL);
    cede__queue_init(&wakeup->queue);
}

void cede__wakeup_finish(cede__wakeup *wakeup)
{
    pthread_mutex_destroy(&wakeup->lock);
}

int cede__wakeup_post(cede__wakeup *wakeup, cede__job *job)
{
    int rc = 0;

    pthread_mutex_lock(&wakeup->lock);
    if (!wakeup->open) {
        rc = -ESHUTDOWN;
    } else {
        bool first = cede__queue_empty(&wakeup->queue);

        cede__queue_push(&wakeup->queue, job);
        if (first) {
            __atomic_store_n(&wakeup->pending, true, __ATOMIC_RELAXED);
            cede__sys_eventfd_raise(wakeup->fd);
        }
    }
    pthread_mutex_unlock(&wakeup->lock);
    return rc;
}

void cede__wakeup_nudge(cede__wakeup *wakeup)
{
    pthread_mutex_lock(&wakeup->lock);
    if (wakeup->open && cede__queue_empty(&wakeup->queue))
        cede__sys_eventfd_raise(wakeup->fd);
    pthread_mutex_unlock(&wakeup->lock);
}

void cede__wakeup_take(cede__wakeup *wakeup, cede__queue *queue)
{
    pthread_mutex_lock(&wakeup->lock);
    cede__queue_append(queue, &wakeup->queue);
    __atomic_store_n(&wakeup->pending, false, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&wakeup->lock);
}
