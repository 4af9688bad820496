/*
 * What wait refuses: nothing at all, coroutine objects, another return_when.
 */
#include <cede.h>

static cede_value c(void *arg)
{
    (void)arg;
    return cede_none;
}

static void refused(void **futures, size_t count, int return_when)
{
    cede_try {
        cede_wait(futures, count, INFINITY, (enum cede_return_when)return_when);
    } cede_except ((cede_ValueError, cede_TypeError), e) {
        cede_print_end(": ", cede_exception_name(e));
        cede_print(e);
    } cede_end
}

static cede_value run(void *arg)
{
    cede_coroutine *x = cede_coroutine(c, NULL);
    cede_future *future;

    (void)arg;
    refused(NULL, 0, CEDE_ALL_COMPLETED);
    refused((void *[]){x}, 1, CEDE_ALL_COMPLETED);
    cede_coroutine_close(x);
    cede_unref(x);
    future = cede_loop_create_future(NULL);
    refused((void *[]){future}, 1, 7);
    cede_unref(future);
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
