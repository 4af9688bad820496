/*
 * Counts what is sent in. An exception thrown in begins anew, and the count so
 * far comes back; close says goodbye.
 */
#include <cede.h>

static CEDE_EXCEPTION(Reset, cede_Exception);

static void tally(void)
{
    int64_t count = 0, rounds = 0;

    cede_keep(count);
    cede_keep(rounds);
    cede_try {
        for (;;) {
            cede_try {
                cede_yield(count);
                count++;
            } cede_except (Reset) {
                count = 0;
                rounds++;
            } cede_end
        }
    } cede_finally {
        cede_print("resets:", rounds, "left over:", count);
    } cede_end
}

int main(void)
{
    cede_own (t, cede_generator(tally));

    cede_print("begin:", cede_next(t));
    cede_print("one:", cede_generator_send(t, "apple"));
    cede_print("two:", cede_generator_send(t, "pear"));
    cede_print("reset:", cede_generator_throw(t, Reset));
    cede_print("one:", cede_generator_send(t, "plum"));
    cede_generator_close(t);
}
