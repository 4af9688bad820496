/* Results in the order in which they come, not in that of the questions. Time
   is virtual. */
#include <cede.h>

#include <stdio.h>

struct page {
    const char *name;
    double seconds;
};

static cede_value fetch(const struct page *page)
{
    cede_sleep(page->seconds);
    return cede_str(page->name);
}

static void read_all(void)
{
    static const struct page pages[] = {
        {"news", 3}, {"sport", 1}, {"weather", 2}};
    cede_task *tasks[3];

    for (int i = 0; i < 3; i++)
        tasks[i] = cede_create_task(fetch, &pages[i]);
    cede_for (done, cede_as_completed(tasks, 3, INFINITY)) {
        cede_task *task = cede_value_object(done);

        printf("t=%g ", cede_loop_time(cede_get_running_loop()));
        cede_print(cede_task_result(task));
    }
}

int main(void)
{
    cede_run_simulated(read_all);
}
