/*
 * What one does with libuv's small handles, in cede: a repeating timer, work in
 * idle time, an async whose sends may become one, a walk over what there is.
 * Time is virtual.
 */
#include <cede.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

/* uv_timer_start(…, 1000, 1000): a task. Cancelling it is uv_timer_stop. */
static void every_second(void)
{
    for (int beat = 1;; beat++) {
        cede_sleep(1);
        printf("beat %d\n", beat);
    }
}

/* uv_idle_t: a piece of work, and everybody else has a turn before the next. */
static void in_idle_time(void)
{
    for (int piece = 1; piece <= 3; piece++) {
        printf("piece %d\n", piece);
        cede_sleep(0);
    }
}

/* uv_async_t: any thread may send, as often as it likes; several sends before
   the loop has come to it are one. */
struct async {
    cede_loop *loop;
    atomic_bool is_sent;
    int sends, calls;
};

static void called(struct async *async)
{
    atomic_store(&async->is_sent, false);
    async->calls++;
}

static void async_send(struct async *async)
{
    if (!atomic_exchange(&async->is_sent, true))
        cede_loop_call_soon_threadsafe(async->loop, called, async);
}

static void *elsewhere(void *arg)
{
    struct async *async = arg;

    for (async->sends = 0; async->sends < 3; async->sends++)
        async_send(async);
    return NULL;
}

static void use_async(void)
{
    struct async async = {.loop = cede_get_running_loop()};
    pthread_t thread;

    pthread_create(&thread, NULL, elsewhere, &async);
    pthread_join(thread, NULL); /* blocks the loop: all sends come before */
    cede_sleep(0.1);
    printf("%d sends, %d call\n", async.sends, async.calls);
}

/* uv_walk: every task that is not done. */
static void walk(void)
{
    cede_for (task, cede_all_tasks(NULL))
        printf("task %s\n",
               cede_task_get_name((cede_task *)cede_value_object(task)));
}

static void use_all(void)
{
    cede_own (beats, cede_create_task(every_second));

    cede_task_set_name(beats, "beats");
    cede_await(cede_create_task(in_idle_time));
    use_async();
    cede_sleep(2.5);
    walk();
}

int main(void)
{
    cede_run_simulated(use_all);
}
