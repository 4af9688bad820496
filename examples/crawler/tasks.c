/*
 * tasks.c - a crawl with tasks: one thread, as many workers as are allowed
 *
 * The workers draw pages from the level until it is empty. What is said in
 * threads.c by a pool, futures and a descriptor that stops everybody, is here a
 * group of tasks: when SIGINT cancels the main task, the group ends its workers
 * before the exception leaves it.
 */
#include "fetch.h"

/* --- streams as a network --- */

static void *open_stream(const struct network *network, const char *host,
                         int port)
{
    (void)network;
    return cede_open_connection(host, port);
}

static void write_stream(const struct network *network, void *stream,
                         const void *data, size_t size)
{
    (void)network;
    cede_stream_write(stream, data, size);
}

static size_t read_stream(const struct network *network, void *stream,
                          void *buffer, size_t size)
{
    (void)network;
    return cede_stream_read(stream, buffer, size);
}

static const struct network streams = {open_stream, write_stream, read_stream};

/* --- workers --- */

struct level {
    struct crawl *crawl;
    size_t next; /* page to be fetched */
};

static void visit(struct crawl *crawl, struct page *page)
{
    cede_timeout (deadline, crawl->options.timeout) {
        fetch(crawl, page, &streams);
    } cede_except (cede_Exception, e) {
        page_fail(page, e);
    } cede_end
    pages_take_links(&crawl->pages, page);
    report_page(&crawl->report, page, crawl->pages.count);
}

static void work(struct level *level)
{
    struct pages *pages = &level->crawl->pages;

    while (level->next < pages->level_end)
        visit(level->crawl, pages->items[level->next++]);
}

static void crawl_levels(struct crawl *crawl)
{
    while (pages_next_level(&crawl->pages)) {
        struct level level = {crawl, crawl->pages.level_start};
        size_t workers = crawl->pages.level_end - level.next;

        if (workers > (size_t)crawl->options.concurrency)
            workers = (size_t)crawl->options.concurrency;
        cede_task_group (group) {
            for (size_t i = 0; i < workers; i++)
                cede_task_group_create_task(group, work, &level);
        } cede_end
    }
}

void crawl_with_tasks(struct crawl *crawl)
{
    cede_run(crawl_levels, crawl);
}
