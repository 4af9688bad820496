/*
 * What a loop waits for besides time: a descriptor, a signal, another thread.
 * Each of them sets off the next, and all four callbacks run in one thread.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <cede.h>

static cede_loop *loop;
static int ends[2]; /* of a pipe */
static pthread_t thread;

static void done(const char *news)
{
    printf("%s\n", news);
    cede_loop_stop(loop);
}

static void *elsewhere(void *arg)
{
    (void)arg;
    cede_loop_call_soon_threadsafe(loop, done, "a thread has called");
    return NULL;
}

static void interrupted(void)
{
    printf("a signal has come\n");
    pthread_create(&thread, NULL, elsewhere, NULL);
}

static void readable(void)
{
    char text[16];
    ssize_t size = read(ends[0], text, sizeof text);

    printf("the pipe says %.*s\n", (int)size, text);
    raise(SIGUSR1);
}

static void begin(void)
{
    cede_check(write(ends[1], "hello", 5));
}

int main(void)
{
    loop = cede_loop_new();
    cede_check(pipe(ends));
    cede_loop_add_reader(loop, ends[0], readable);
    cede_loop_add_signal_handler(loop, SIGUSR1, interrupted);
    cede_loop_call_soon(loop, begin);
    cede_loop_run_forever(loop);
    pthread_join(thread, NULL);
    cede_loop_close(loop); /* takes the reader and the handler away */
    cede_unref(loop);
    close(ends[0]);
    close(ends[1]);
}
