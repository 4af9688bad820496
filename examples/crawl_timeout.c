/*
 * Deadlines: when the time is over, whatever the block waits for is cancelled,
 * its finally clauses run, and the block ends with TimeoutError. Deadlines
 * nest; what is done in time is not touched.
 */
#include <stdio.h>

#include <cede.h>

struct site {
    const char *name;
    double seconds;
};

static void fetch(const struct site *site)
{
    cede_try {
        cede_sleep(site->seconds);
        printf("%s: fetched\n", site->name);
    } cede_except (cede_CancelledError, e) {
        printf("%s: cancelled\n", site->name);
        cede_reraise();
    } cede_finally {
        printf("%s: closed\n", site->name);
    } cede_end
}

static void crawl(void)
{
    struct site fast = {"fast", 0.5}, slow = {"slow", 60};

    cede_timeout (deadline, 2.5) {
        cede_gather(NULL, cede_create_task(fetch, &fast),
                    cede_create_task(fetch, &slow));
    } cede_except (cede_TimeoutError, e) {
        printf("gave up after 2.5 s\n");
    } cede_end
}

/* On a virtual clock, so that nobody waits 2.5 s to see it. */
int main(void)
{
    cede_run_simulated(crawl);
}
