/* Two generators and a list make a round-robin scheduler. */
#include <stdio.h>

#include <cede.h>

static cede_value coro(void *name)
{
    const char *const steps[] = {"Start", "a", "b"};

    for (int i = 0; i < 3; i++) {
        printf("%s: %s\n", (const char *)name, steps[i]);
        cede_yield(cede_none);
    }
    printf("%s: end\n", (const char *)name);
    return cede_none;
}

static void run(cede_generator **coros, int count)
{
    int left = count;

    while (left > 0) {
        for (int i = 0; i < count; i++) {
            if (!coros[i])
                continue;
            cede_try {
                cede_generator_send(coros[i], cede_none);
            } cede_except (cede_StopIteration) {
                cede_unref(coros[i]);
                coros[i] = NULL;
            } cede_end
        }
        left = 0;
        for (int i = 0; i < count; i++)
            left += coros[i] != NULL;
    }
}

int main(void)
{
    cede_generator *coros[] = {cede_generator(coro, "C1"),
                               cede_generator(coro, "C2")};

    run(coros, 2);
}
