/* Control goes to and fro between a generator and whoever resumes it. */
#include <cede.h>

static void callee(void) {
    cede_print("  callee: before yield 1"); cede_yield(1);
    cede_print("  callee: before yield 2"); cede_yield(2);
}

int main(void) {
    cede_own (x, cede_generator(callee));
    cede_print("caller: next"); cede_print("caller got", cede_next(x));
    cede_print("caller: next"); cede_print("caller got", cede_next(x));
}
