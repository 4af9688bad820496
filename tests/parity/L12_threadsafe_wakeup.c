/* A call from another thread wakes a loop that waits. */
#include <cede.h>

#include <pthread.h>

static cede_loop *loop;
static cede_future *f;

static void set_result(void *text)
{
    cede_future_set_result(f, (const char *)text);
}

static void *thread(void *text)
{
    cede_loop_call_soon_threadsafe(loop, set_result, text);
    return NULL;
}

int main(void)
{
    pthread_t id;

    loop = cede_loop_new();
    f = cede_loop_create_future(loop);
    pthread_create(&id, NULL, thread, "woken from thread");
    cede_print(cede_loop_run_until_complete(loop, f));
    pthread_join(id, NULL);
    cede_loop_close(loop);
    cede_unref(loop);
}
