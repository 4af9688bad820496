/* A task that failed and that nobody looks at tells the loop's handler when it
   goes. */
#include <cede.h>

static void handler(cede_loop *loop, const cede_exception_handler_context *c,
                    void *arg)
{
    cede_value text = cede_repr(c->exception);
    cede_list *known = cede_list();

    (void)loop;
    (void)arg;
    if (c->exception)
        cede_list_append(known, "exception");
    if (c->future)
        cede_list_append(known, "future");
    if (c->handle)
        cede_list_append(known, "handle");
    if (c->message)
        cede_list_append(known, "message");
    if (c->task)
        cede_list_append(known, "task");
    cede_print("handler:", c->message, text, known);
    cede_unref(known);
    cede_value_unref(text);
}

static cede_value c(void *arg)
{
    (void)arg;
    cede_raise(cede_ValueError, "nobody looks");
}

static cede_value run(void *arg)
{
    cede_task *t;

    (void)arg;
    cede_loop_set_exception_handler(cede_get_running_loop(), handler, NULL);
    t = cede_create_task(c, NULL);
    cede_sleep(0);
    cede_sleep(0);
    cede_print("task done", cede_task_done(t));
    cede_unref(t);
    cede_print("end");
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
