/*
 * An exercise of the tutorial: a loop over a generator that waits is left by
 * break. The loop closes the generator and waits for its clean-up. Time is
 * virtual.
 */
#include <cede.h>

#include <stdio.h>

static void say(const char *what)
{
    printf("t=%g %s\n", cede_loop_time(cede_get_running_loop()), what);
}

static void get_docs(void)
{
    cede_try {
        for (;;) {
            cede_sleep(1);
            cede_yield("a document");
        }
    } cede_finally {
        cede_sleep(0.5); /* says goodbye to the server */
        say("closed");
    } cede_end
}

static void read_one(void)
{
    cede_for (doc, cede_generator(get_docs)) {
        say(cede_value_str(doc));
        break;
    }
    say("behind the loop");
}

int main(void)
{
    cede_run_simulated(read_one);
}
