/* Sleeping 0 or less seconds takes no time. Time is virtual. */
#include <cede.h>

static const char *sleep_then(double seconds, const char *result)
{
    cede_sleep(seconds);
    return result;
}

static cede_value run(void *arg)
{
    (void)arg;
    cede_print(sleep_then(0, "r0"), sleep_then(-1, "neg"),
               sleep_then(2, "r2"), cede_loop_time(cede_get_running_loop()));
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
