/* Counting twice, one after the other. Time is a number here. */
#include <cede.h>

static double t;
static void sleep_for(double s) { t += s; } /* a virtual clock */
static void count_number_sync(int n) {
    for (int i = 1; i <= n; i++) { cede_print(i, "/", n); sleep_for(0.5); }
}

int main(void) {
    count_number_sync(5); count_number_sync(5);
    cede_print("time:", t);
}
