/*
 * Five pages by five threads, each shown as soon as it is there. The network is
 * a table; a page is there once the one before it in `there` has been shown, so
 * that the order is the same every time.
 */
#include <semaphore.h>
#include <stdio.h>

#include <cede.h>

struct page {
    const char *url;
    int turn;
    int size; /* -1: there is no such host */
};

static const struct page pages[] = {
    {"http://www.foxnews.com/", 1, 1234},
    {"http://www.cnn.com/", 0, 99},
    {"http://some-made-up-domain.com/", 2, -1},
};
enum { PAGES = sizeof pages / sizeof *pages };
static sem_t there[PAGES];

static cede_value load_url(void *arg)
{
    const struct page *page = arg;

    sem_wait(&there[page->turn]);
    if (page->size < 0)
        cede_raise(cede_OSError, "Name or service not known");
    return cede_int(page->size);
}

static const struct page *page_of(cede_concurrent_future **futures,
                                  cede_concurrent_future *future)
{
    const struct page *page = pages;

    while (*futures++ != future)
        page++;
    return page;
}

static void show(const struct page *page, cede_concurrent_future *future)
{
    cede_try {
        int size = (int)cede_value_int(cede_concurrent_future_result(future));

        printf("'%s' page is %d bytes\n", page->url, size);
    } cede_except (cede_Exception, e) {
        printf("'%s' generated an exception: %s\n", page->url,
               cede_exception_message(e));
    } cede_end
}

int main(void)
{
    cede_concurrent_future *futures[PAGES];
    int shown = 0;

    for (int i = 0; i < PAGES; i++)
        sem_init(&there[i], 0, i == 0);
    cede_with (executor, cede_thread_pool_executor(5)) {
        for (int i = 0; i < PAGES; i++)
            futures[i] =
                cede_executor_submit(executor, load_url, (void *)&pages[i]);
        cede_for (f, cede_futures_as_completed(futures, PAGES)) {
            cede_concurrent_future *future = cede_value_object(f);

            show(page_of(futures, future), future);
            if (++shown < PAGES)
                sem_post(&there[shown]);
        }
    } cede_end
}
