/* Each number sent in comes back as the average of all so far. */
#include <cede.h>

static void averager(void) {
    double total = 0.0; int count = 0; cede_value average = cede_none;
    for (;;) {
        double term = cede_value_float(cede_yield(average));
        total += term; count++; average = cede_float(total / count);
    }
}

int main(void) {
    cede_own (coro, cede_generator(averager)); cede_print(cede_next(coro));
    for (int i = 10; i <= 30; i += 10) cede_print(cede_generator_send(coro, i));
}
