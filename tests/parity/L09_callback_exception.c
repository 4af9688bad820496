/* What a callback raises goes to the handler; the loop goes on. */
#include <cede.h>

static void print(void *text)
{
    cede_print((const char *)text);
}

static void divide(void *arg)
{
    (void)arg;
    cede_raise(cede_ZeroDivisionError, "integer division or modulo by zero");
}

static void stop(void *loop)
{
    cede_loop_stop(loop);
}

/* What is known, by name and in the order of names. */
static cede_list *keys_of(const cede_exception_handler_context *context)
{
    cede_list *keys = cede_list();

    if (context->exception)
        cede_list_append(keys, "exception");
    if (context->future)
        cede_list_append(keys, "future");
    if (context->handle)
        cede_list_append(keys, "handle");
    if (context->message)
        cede_list_append(keys, "message");
    if (context->task)
        cede_list_append(keys, "task");
    return keys;
}

static void handler(cede_loop *loop,
                    const cede_exception_handler_context *context, void *arg)
{
    (void)loop;
    (void)arg;
    cede_print("handler:", cede_temp(keys_of(context)),
               cede_temp(cede_repr(context->exception)));
}

int main(void)
{
    cede_loop *loop = cede_loop_new();

    cede_loop_set_exception_handler(loop, handler, NULL);
    cede_loop_call_soon(loop, divide, NULL);
    cede_loop_call_soon(loop, print, "continues");
    cede_loop_call_soon(loop, stop, loop);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
