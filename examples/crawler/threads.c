/*
 * threads.c - a crawl with threads: the crawler of PEP 3148, made real
 *
 * The pages of a level are submitted to a pool, and the main thread takes the
 * futures as they are done. The worker threads wait in plain system calls; what
 * ends that when SIGINT comes is a descriptor which each of them polls too.
 */
#include "fetch.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "sockets.h"

/* A signal handler knows nothing but what is global. */
static volatile sig_atomic_t stop_fd = -1;

static void stop(int number)
{
    int saved = errno;

    (void)number;
    eventfd_write(stop_fd, 1);
    errno = saved;
}

/* The first SIGINT stops the crawl in order, a second one kills. A shell's
   background jobs ignore it, and so do we then. */
static void catch_sigint(struct sigaction *old)
{
    const struct sigaction new = {.sa_handler = stop, .sa_flags = SA_RESETHAND};

    sigaction(SIGINT, NULL, old);
    if (old->sa_handler != SIG_IGN)
        sigaction(SIGINT, &new, NULL);
}

/* --- in a worker thread --- */

struct job {
    struct crawl *crawl;
    struct page *page;
};

static cede_value visit(const struct job *job)
{
    struct sockets sockets =
        sockets_for(job->crawl->options.timeout, stop_fd);

    cede_try { /* a KeyboardInterrupt leaves the page as it is */
        fetch(job->crawl, job->page, &sockets.network);
    } cede_except (cede_Exception, e) {
        page_fail(job->page, e);
    } cede_end
    return cede_pointer(job->page);
}

/* --- in the main thread --- */

/* The futures of a level: references that are given up on every way out. */
struct batch {
    cede_concurrent_future **futures;
    size_t count;
};

static void end_batch(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        cede_unref(batch->futures[i]);
    free(batch->futures);
}

static void submit_level(struct crawl *crawl, cede_executor *pool,
                         struct batch *batch)
{
    struct pages *pages = &crawl->pages;
    size_t count = pages->level_end - pages->level_start;

    batch->futures = calloc(count, sizeof *batch->futures);
    if (!batch->futures)
        cede_raise(cede_MemoryError);
    for (; batch->count < count; batch->count++) {
        size_t i = pages->level_start + batch->count;
        struct job job = {crawl, pages->items[i]};

        batch->futures[batch->count] =
            cede_executor_submit_with(pool, visit, job);
    }
}

static void crawl_level(struct crawl *crawl, cede_executor *pool)
{
    struct batch batch = {NULL, 0};
    size_t count;

    cede_defer (end_batch, &batch);
    submit_level(crawl, pool, &batch);
    count = batch.count;
    batch.count = 0; /* the references are handed over */
    cede_for (f, cede_futures_as_completed(batch.futures, count)) {
        cede_concurrent_future *future = cede_value_object(f);
        struct page *page =
            cede_value_pointer(cede_concurrent_future_result(future));

        pages_take_links(&crawl->pages, page);
        report_page(&crawl->report, page, crawl->pages.count);
    }
}

void crawl_with_threads(struct crawl *crawl)
{
    struct sigaction old;

    stop_fd = eventfd(0, EFD_CLOEXEC);
    if (stop_fd < 0)
        cede_raise_errno(errno, "eventfd");
    catch_sigint(&old);
    cede_with (pool, cede_thread_pool_executor(crawl->options.concurrency)) {
        while (pages_next_level(&crawl->pages))
            crawl_level(crawl, pool);
    } cede_finally {
        sigaction(SIGINT, &old, NULL);
        close(stop_fd);
        stop_fd = -1;
    } cede_end
}
