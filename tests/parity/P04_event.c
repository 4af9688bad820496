/*
 * Setting an event wakes all who wait, also if it is cleared before they run;
 * who comes after that waits for the next time.
 */
#include <cede.h>

struct waiter {
    cede_value name;
    cede_event *event;
};

static cede_value wait(void *arg)
{
    struct waiter *w = arg;
    bool outcome = cede_event_wait(w->event);

    cede_print(w->name, outcome, "is_set", cede_event_is_set(w->event));
    return cede_none;
}

static cede_task *start(cede_value name, cede_event *event)
{
    return cede_create_task_with(wait, ((struct waiter){name, event}));
}

static cede_value run(void *arg)
{
    cede_event *event = cede_event_new();
    cede_task *first, *second, *late;
    cede_defer (cede_unref, event);

    (void)arg;
    first = start(cede_int(0), event);
    second = start(cede_int(1), event);
    cede_sleep(0);
    cede_event_set(event);
    cede_event_clear(event);
    cede_print("set+clear in one step");
    late = start(cede_str("late"), event);
    cede_gather(NULL, first, second);
    cede_print("late done", cede_task_done(late));
    cede_event_set(event);
    cede_await(late);
    cede_event_set(event);
    cede_print(cede_event_wait(event));
    return cede_none;
}

int main(void)
{
    cede_run(run, NULL);
}
