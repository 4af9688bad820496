/* An exercise of the tutorial: three mirrors are asked, the first answer is
   taken and the other questions are cancelled. Time is virtual. */
#include <cede.h>

#include <stdio.h>

struct mirror {
    const char *name;
    double seconds;
};

struct race {
    cede_task_group
        *group;
    const struct mirror *winner;
};

struct runner {
    struct race *race;
    const struct mirror *mirror;
};

static void ask(const struct runner *me)
{
    cede_sleep(me->mirror->seconds);
    me->race->winner = me->mirror;
    cede_task_group_cancel(me->race->group);
}

static void fetch(void)
{
    static const struct mirror mirrors[] = {
        {"Oslo", 3}, {"Seoul", 1}, {"Lima", 2}};
    struct race race = {0};

    cede_keep(race); /* assigned inside, read behind */
    cede_task_group (group) {
        race.group = group;
        for (int i = 0; i < 3; i++)
            cede_task_group_create_task_with(
                group, ask, ((struct runner){&race, &mirrors[i]}));
    } cede_end
    printf("t=%g from %s\n", cede_loop_time(cede_get_running_loop()),
           race.winner->name);
}

int main(void)
{
    cede_run_simulated(fetch);
}
