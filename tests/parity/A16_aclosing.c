/* aclosing closes the generator where the block ends, whatever ends its
   loop. */
#include <cede.h>

static cede_value ag(void *arg)
{
    (void)arg;
    cede_try {
        cede_yield(1);
        cede_yield(2);
    } cede_finally {
        cede_sleep(0);
        cede_print("closed inside the block");
    } cede_end
    return cede_none;
}

static cede_value run(void *arg)
{
    cede_generator *g = cede_generator(ag, NULL);

    (void)arg;
    cede_with (closing, cede_aclosing(g)) {
        cede_for (x, cede_ref(g)) {
            cede_print(x);
            break;
        }
    } cede_end
    cede_print("after block");
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
