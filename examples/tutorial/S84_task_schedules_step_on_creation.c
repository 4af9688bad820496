/* A task is a future; making it schedules its first step, between the callbacks
   that were scheduled before and after. */
#include <cede.h>

static cede_value co(void *arg)
{
    cede_print("task", *(int *)arg);
    return cede_none;
}

static void print(void *text)
{
    cede_print((const char *)text);
}

static cede_value run(void *arg)
{
    cede_loop *loop = cede_get_running_loop();
    cede_future *any = cede_loop_create_future(loop);
    cede_task *t;

    (void)arg;
    cede_loop_call_soon(loop, print, "callback 1");
    t = cede_create_task_with(co, 1);
    cede_task_set_name(t, "T");
    cede_print("created", cede_isinstance(t, cede_class_of(any)),
               cede_task_get_name(t));
    cede_unref(any);
    cede_loop_call_soon(loop, print, "callback 2");
    cede_await(t);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
