/* Control goes to and fro between a generator and whoever resumes it. */
#include <cede.h>

static cede_value callee(void *arg)
{
    (void)arg;
    cede_print("  callee: before yield 1");
    cede_yield(1);
    cede_print("  callee: before yield 2");
    cede_yield(2);
    return cede_none;
}

int main(void)
{
    cede_generator *x = cede_generator(callee, NULL);

    for (int turn = 0; turn < 2; turn++) {
        cede_print("caller: next");
        cede_print("caller got", cede_next(x));
    }
    cede_unref(x);
}
