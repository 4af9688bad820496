/*
 * current.c - the running loop of each thread, and forks (see current.h)
 */
#include "loop/current.h"

#include <pthread.h>

#include "loop/loop.h"
#include "loop/signal.h"

CEDE_IMPL_THREAD_LOCAL struct cede_loop *cede__running_loop;

unsigned cede__fork_generation;

static pthread_mutex_t watching_lock = PTHREAD_MUTEX_INITIALIZER;
static bool watching;

cede__list cede__loops = CEDE__LIST_INIT(cede__loops);

void cede__loops_enter(cede__list *node)
{
    pthread_mutex_lock(&watching_lock);
    cede__list_push_back(&cede__loops, node);
    pthread_mutex_unlock(&watching_lock);
}

void cede__loops_leave(cede__list *node)
{
    pthread_mutex_lock(&watching_lock);
    cede__list_remove(node);
    pthread_mutex_unlock(&watching_lock);
}

/*
 * Runs in the child, in the only thread it has. A loop that was running here
 * goes back to whoever called run_forever when the current job returns.
 */
static void forked(void)
{
    cede__fork_generation++;
    if (cede__running_loop != NULL)
        cede__running_loop->interrupted = true;
    cede__running_loop = NULL;
    cede__signals_forked();
}

/* A fork while another thread is in here: the child must be able to go on. */
static void before_fork(void)
{
    pthread_mutex_lock(&watching_lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&watching_lock);
}

static void after_fork_child(void)
{
    pthread_mutex_unlock(&watching_lock);
    forked();
}

int cede__fork_watch(void)
{
    int rc = 0;

    pthread_mutex_lock(&watching_lock);
    if (!watching) {
        rc = -pthread_atfork(before_fork, after_fork, after_fork_child);
        watching = rc == 0;
    }
    pthread_mutex_unlock(&watching_lock);
    return rc;
}
