/* The same as S80 at the same time: it takes half as long. Time is virtual. */
#include <cede.h>

static void count_number_async(int n) {
    for (int i = 1; i <= n; i++) {
        cede_print(i, "/", n);
        cede_sleep(0.5);
    }
}
static void process_async(void) {
    double start = cede_loop_time(NULL);
    cede_gather(NULL, cede_create_task(count_number_async, 5),
                cede_create_task(count_number_async, 5));
    cede_print("time:", cede_loop_time(NULL) - start);
}

int main(void) { cede_run_simulated(process_async); }
