/*
 * Pages fetched by five threads, each shown as soon as it is there. The network
 * is a table; the next page is there once the one before it has been shown, so
 * that the order is the same every time.
 */
#include <semaphore.h>

#include <cede.h>

struct page { const char *url; int turn, size; }; /* size -1: no such host */
static struct page pages[] = {{"http://www.foxnews.com/", 1, 1234},
    {"http://www.cnn.com/", 0, 99}, {"http://some-made-up-domain.com/", 2, -1}};
static sem_t there[3];

static cede_value load_url(struct page *page) {
    sem_wait(&there[page->turn]);
    if (page->size < 0) cede_raise(cede_OSError, "Name or service not known");
    return cede_int(page->size);
}

int main(void) {
    for (int i = 0; i < 3; i++) sem_init(&there[i], 0, i == 0);
    cede_with (executor, cede_thread_pool_executor(5)) {
        cede_concurrent_future *futures[3];
        for (int i = 0; i < 3; i++)
            futures[i] = cede_executor_submit(executor, load_url, &pages[i]);
        cede_for (future, cede_futures_as_completed(futures, 3)) {
            int i = 0; while (futures[i] != cede_value_object(future)) i++;
            cede_own (url, cede_repr(pages[i].url));
            cede_try {
                cede_print(url, "page is", cede_concurrent_future_result(
                           cede_value_object(future)), "bytes");
            } cede_except (cede_Exception, e) {
                cede_print(url, "generated an exception:", e);
            } cede_end
            if (pages[i].turn < 2) sem_post(&there[pages[i].turn + 1]);
        }
    } cede_end
}
