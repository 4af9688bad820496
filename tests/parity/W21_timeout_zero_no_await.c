/* A block that does not suspend completes, whatever its timeout; one that has
   expired from the start fires at the first chance. Time is virtual. */
#include <cede.h>

static cede_value run(void *arg)
{
    cede_timeout *t = cede_timeout_new(0);

    (void)arg;
    cede_with (block, cede_ref(t)) {
        cede_print("no suspension: body completes");
    } cede_end
    cede_print(cede_timeout_expired(t));
    cede_unref(t);
    cede_timeout (block, -1) {
        cede_sleep(0);
        cede_print("one iteration passes");
        cede_sleep(0);
        cede_print("not here");
    } cede_except (cede_TimeoutError) {
        cede_print("TimeoutError");
    } cede_end
    return cede_none;
}

int main(void)
{
    cede_run_simulated(run, NULL);
}
