/* A loop of one's own, or one that cede_run makes and closes. */
#include <cede.h>

static void async_func(void) { cede_print("Hello"); }

int main(void) {
    cede_own (loop, cede_loop_new());
    cede_loop_run_until_complete(loop, cede_coroutine(async_func));
    cede_loop_close(loop);
    cede_run(async_func);
    cede_print("World!");
}
