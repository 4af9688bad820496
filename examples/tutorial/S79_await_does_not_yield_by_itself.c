/*
 * Awaiting a coroutine runs it here and now; others run only when something in
 * it suspends.
 */
#include <cede.h>

static cede_value child(void *arg)
{
    (void)arg;
    cede_print("child");
    return cede_int(1);
}

static cede_value other(void *arg)
{
    (void)arg;
    cede_print("other");
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_task *t = cede_create_task(other, arg);

    cede_await(cede_coroutine(child, arg));
    cede_print("after child (other has not run)");
    cede_sleep(0);
    cede_print("after sleep(0)");
    cede_await(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
