/*
 * A handler that fails is told of by the default handler, with what it had been
 * given. The traceback, which the program in Python leaves out, has a place.
 */
#include <cede.h>

#include <stdio.h>
#include <string.h>

static void log_to_stdout(cede_log_level level, const char *text, void *arg)
{
    const char *traceback = strstr(text, "Traceback");
    const char *last = strrchr(text, '\n');

    (void)arg;
    printf("%s %.*s  [%s]\n", level == CEDE_LOG_ERROR ? "ERROR" : "WARNING",
           (int)(traceback - text), text, last + 1);
}

static void bad(cede_loop *loop, const cede_exception_handler_context *context,
                void *arg)
{
    (void)loop;
    (void)context;
    (void)arg;
    cede_raise(cede_KeyError, "handler bug");
}

int main(void)
{
    cede_loop *loop = cede_loop_new();

    cede_set_log_handler(log_to_stdout, NULL);
    cede_loop_set_exception_handler(loop, bad, NULL);
    cede_loop_call_exception_handler(
        loop, &(cede_exception_handler_context){.message = "original"});
    cede_print("loop survives");
    cede_loop_close(loop);
    cede_unref(loop);
}
