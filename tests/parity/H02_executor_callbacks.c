/*
 * Done callbacks run in the thread that completes the future, in order; what
 * one raises is logged and the others run. A future is finished once.
 */
#include <stdio.h>
#include <string.h>

#include <cede.h>

static void say(cede_concurrent_future *future, void *text)
{
    (void)future;
    cede_print((const char *)text);
}

static void look_beyond_the_end(cede_concurrent_future *future, void *arg)
{
    cede_list *list = cede_list();
    cede_defer (cede_unref, list);

    (void)future;
    (void)arg;
    cede_getitem(list, 1);
}

/* As the logger of the Python program, without the address in <Future at …>. */
static void logged(cede_exception *e, const char *doing, void *arg)
{
    const char *future = strchr(doing, '<');

    (void)arg;
    printf("exception %.*s<%.6s>\n", (int)(future - doing), doing, future + 1);
    cede_print_end("", "  ");
    cede_print(cede_temp(cede_repr(e)));
}

int main(void)
{
    cede_concurrent_future *f = cede_concurrent_future_new();
    cede_concurrent_future *g;

    cede_set_unraisablehook(logged, NULL);
    cede_concurrent_future_add_done_callback(f, say, "1");
    cede_concurrent_future_add_done_callback(f, look_beyond_the_end, NULL);
    cede_concurrent_future_add_done_callback(f, say, "3");
    cede_concurrent_future_set_result(f, 0);
    cede_concurrent_future_add_done_callback(
        f, say, "already done: called at once in this thread");
    cede_try {
        cede_concurrent_future_set_result(f, 1);
    } cede_except (cede_concurrent_InvalidStateError, e) {
        cede_print(cede_exception_name(e));
    } cede_end
    cede_unref(f);

    g = cede_concurrent_future_new();
    cede_print(cede_concurrent_future_set_running_or_notify_cancel(g),
               cede_concurrent_future_running(g),
               cede_concurrent_future_cancel(g));
    cede_unref(g);
    g = cede_concurrent_future_new();
    cede_concurrent_future_cancel(g);
    cede_print(cede_concurrent_future_set_running_or_notify_cancel(g));
    cede_unref(g);
}
