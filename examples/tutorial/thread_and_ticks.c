/*
 * A blocking call in a thread, and a loop that goes on meanwhile: the thread
 * blocks until the loop has ticked three times, which it could not do on the
 * loop's own thread.
 */
#include <cede.h>

#include <semaphore.h>
#include <stdio.h>

static sem_t has_ticked;

/* Runs in a thread; no task, so it may block as it likes. */
static cede_value blocks(void)
{
    sem_wait(&has_ticked);
    return cede_str("the thread has got what it waited for");
}

static void tick(void)
{
    for (int i = 1; i <= 3; i++) {
        printf("tick %d\n", i);
        cede_sleep(0.01);
    }
    sem_post(&has_ticked);
}

static void both(void)
{
    cede_task *ticking = cede_create_task(tick);

    cede_print(cede_to_thread(blocks));
    cede_await(ticking);
}

int main(void)
{
    sem_init(&has_ticked, 0, 0);
    cede_run(both);
}
