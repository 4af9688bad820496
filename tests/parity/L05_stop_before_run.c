/* A loop that is stopped before it runs, runs one iteration. */
#include <cede.h>

static cede_loop *loop;

static void print(void *text)
{
    cede_print((const char *)text);
}

static void one(void *arg)
{
    (void)arg;
    cede_print("one");
    cede_loop_call_soon(loop, print, "two");
}

int main(void)
{
    loop = cede_loop_new();
    cede_loop_call_soon(loop, one, NULL);
    cede_loop_stop(loop);
    cede_loop_run_forever(loop);
    cede_print("-- exactly one iteration");
    cede_loop_stop(loop);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
