/*
 * Await is a function call, and concurrency is spelled out: tasks run side by
 * side from cede_create_task on, cede_gather waits for all of them and returns
 * their results in the order in which they were named.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

struct page {
    const char *name;
    double seconds;
    int64_t size;
};

/* Stands for something slow. It is an ordinary function that may suspend. */
static cede_value fetch(const struct page *page)
{
    cede_sleep(page->seconds);
    printf("%s is here\n", page->name);
    return cede_int(page->size);
}

static cede_value total(void)
{
    struct page front = {"front page", 3, 1200};
    struct page news = {"news", 1, 300};
    struct page sport = {"sport", 2, 45};
    cede_value sizes[3];
    int64_t sum = 0;

    cede_gather(sizes, cede_create_task(fetch, &front),
                cede_create_task(fetch, &news),
                cede_create_task(fetch, &sport));
    for (int i = 0; i < 3; i++)
        sum += cede_value_int(sizes[i]);
    return cede_int(sum);
}

/* On a virtual clock; with cede_run the program would really wait. */
int main(void)
{
    cede_value sum = cede_run_simulated(total);

    printf("%" PRId64 " bytes\n", cede_value_int(sum));
}
