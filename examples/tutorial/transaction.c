/*
 * A context manager made of a generator: what stands before its yield is the
 * enter, what stands behind it the exit, and both may wait. An exception of the
 * block, a cancellation too, is raised at the yield. Time is virtual.
 */
#include <cede.h>

#include <stdio.h>

static cede_value transaction(const char *name)
{
    printf("%s: begins\n", name);
    cede_try {
        cede_yield(cede_none);
    } cede_except (cede_BaseException, e) {
        cede_sleep(0.1); /* there and back */
        printf("%s: rolled back, %s\n", name, cede_exception_name(e));
        cede_reraise();
    } cede_else {
        cede_sleep(0.1);
        printf("%s: committed\n", name);
    } cede_end
    return cede_none;
}

static void transfer(const char *name)
{
    cede_with (t, cede_contextmanager(cede_generator(transaction, name))) {
        if (name[0] == 'b')
            cede_raise(cede_ValueError, "no such account");
        cede_sleep(name[0] == 'c' ? 3600 : 1);
        printf("%s: paid\n", name);
    } cede_end
}

static void transfer_three(void)
{
    void *tasks[] = {cede_create_task(transfer, "a"),
                     cede_create_task(transfer, "b"),
                     cede_create_task(transfer, "c")};

    cede_sleep(60);
    cede_task_cancel(tasks[2], "closing time");
    cede_gather_array(NULL, tasks, 3, CEDE_RETURN_EXCEPTIONS);
}

int main(void)
{
    cede_run_simulated(transfer_three);
}
