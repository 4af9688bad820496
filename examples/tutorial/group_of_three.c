/* When one task of a group fails, the others are cancelled, and the block ends
   when all have ended. Time is virtual. */
#include <cede.h>

#include <stdio.h>

struct part {
    const char *name;
    double seconds;
    bool fails;
};

static void build(const struct part *part)
{
    cede_try {
        cede_sleep(part->seconds);
        if (part->fails)
            cede_raise(cede_ValueError, "%s does not fit", part->name);
        printf("%s is ready\n", part->name);
    } cede_except (cede_CancelledError) {
        printf("%s is given up\n", part->name);
        cede_reraise();
    } cede_end
}

static void build_all(void)
{
    static const struct part parts[] = {
        {"engine", 3, false}, {"door", 2, true}, {"wheel", 1, false}};

    cede_task_group (group) {
        for (int i = 0; i < 3; i++)
            cede_task_group_create_task(group, build, &parts[i]);
    } cede_except_group (cede_ValueError, errors) {
        size_t count;
        cede_exception *const *each =
            cede_exception_group_exceptions(errors, &count);

        for (size_t i = 0; i < count; i++)
            cede_print("failed:", each[i]);
    } cede_end
    printf("t=%g nobody is at work any more\n",
           cede_loop_time(cede_get_running_loop()));
}

int main(void)
{
    cede_run_simulated(build_all);
}
