/*
 * Another thread's loop runs coroutines for us: their results and exceptions
 * come back, and cancelling the future cancels the task. CPython's lock lets
 * this thread print what cancel() returned before the other thread runs; here
 * the other thread waits for that.
 */
#include <pthread.h>
#include <semaphore.h>

#include <cede.h>

static sem_t printed;

static cede_value c(void *text)
{
    if (text)
        cede_raise(cede_ValueError, "%s", (char *)text);
    return cede_str("r");
}

static cede_value forever(void *arg)
{
    (void)arg;
    cede_try {
        cede_sleep(100);
    } cede_except (cede_CancelledError) {
        sem_wait(&printed);
        cede_print("task cancelled through the concurrent future");
        cede_reraise();
    } cede_end
    return cede_none;
}

static cede_value sleeps(void *seconds)
{
    cede_sleep(*(double *)seconds);
    return cede_none;
}

static void *run_forever(void *loop)
{
    cede_loop_run_forever(loop);
    return NULL;
}

static void stop(void *loop)
{
    cede_loop_stop(loop);
}

static cede_value result(cede_concurrent_future *f)
{
    cede_defer (cede_unref, f);

    return cede_concurrent_future_result(f);
}

int main(void)
{
    cede_loop *loop = cede_loop_new();
    double none = 0, short_time = 0.01;
    cede_concurrent_future *f;
    pthread_t th;

    sem_init(&printed, 0, 0);
    pthread_create(&th, NULL, run_forever, loop);
    cede_print(result(cede_run_coroutine_threadsafe(c, NULL, loop)));
    cede_try {
        result(cede_run_coroutine_threadsafe(c, "bad", loop));
    } cede_except (cede_ValueError, e) {
        cede_print(cede_temp(cede_repr(e)));
    } cede_end
    f = cede_run_coroutine_threadsafe(forever, NULL, loop);
    result(cede_run_coroutine_threadsafe(sleeps, &none, loop));
    cede_print(cede_concurrent_future_cancel(f));
    sem_post(&printed);
    result(cede_run_coroutine_threadsafe(sleeps, &short_time, loop));
    cede_unref(f);
    cede_loop_call_soon_threadsafe(loop, stop, loop);
    pthread_join(th, NULL);
    cede_loop_close(loop);
    cede_unref(loop);
    cede_try {
        cede_unref(cede_run_coroutine_threadsafe((cede_function)NULL, NULL, NULL));
    } cede_except (cede_TypeError, e) {
        cede_print("TypeError:", e);
    } cede_end
}
