/*
 * A function that never awaits makes a coroutine all the same: nothing runs
 * when it is made, and its return value comes as StopIteration.
 */
#include <cede.h>

static void read_data(void *db) { (void)db; }

int main(void) {
    cede_own (c, cede_coroutine(read_data, NULL));
    cede_print(cede_iscoroutine(c), cede_type_name(c));
    cede_try { cede_coroutine_send(c, cede_none); }
    cede_except (cede_StopIteration, e) {
        cede_print("StopIteration", cede_exception_value(e));
    } cede_end
}
