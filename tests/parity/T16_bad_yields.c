/*
 * What something awaited yields comes to the task: none is one turn of the
 * loop, anything else is a mistake and is thrown back in.
 */
#include <stdio.h>
#include <string.h>

#include <cede.h>

static cede_value y(void *v)
{
    cede_try {
        cede_yield(cede_value_ref(*(cede_value *)v));
    } cede_except (cede_RuntimeError, e) {
        char text[160];
        char *tail;

        snprintf(text, sizeof text, "%s", cede_exception_message(e));
        if ((tail = strstr(text, " in task")))
            *tail = '\0';
        if ((tail = strstr(text, " for gen")))
            *tail = '\0';
        cede_print("RuntimeError:", (const char *)text);
    } cede_end
    return cede_none;
}

static cede_value nothing(void *arg)
{
    (void)arg;
    return cede_none;
}

/* await y(v); gives v up. */
static void await_y(cede_value v)
{
    cede_await(cede_types_coroutine(cede_generator(y, &v)));
    cede_value_unref(v);
}

static cede_value run(void *arg)
{
    (void)arg;
    await_y(cede_int(5));
    await_y(cede_object(cede_loop_create_future(cede_get_running_loop())));
    await_y(cede_object(cede_generator(nothing, NULL)));
    await_y(cede_none);
    cede_print("bare yield None is fine");
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
