/*
 * A function that never awaits makes a coroutine all the same: nothing runs
 * when it is made, and its return value comes as StopIteration.
 */
#include <cede.h>

static cede_value read_data(void *db)
{
    (void)db;
    return cede_none;
}

int main(void)
{
    cede_coroutine *c = cede_coroutine(read_data, NULL);
    bool is_created = cede_getcoroutinestate(c) == CEDE_CORO_CREATED;

    cede_print(is_created, ((cede_object *)c)->object_class->name);
    cede_try {
        cede_coroutine_send(c, cede_none);
    } cede_except (cede_StopIteration, e) {
        cede_print("StopIteration", cede_exception_value(e));
    } cede_end
    cede_unref(c);
}
