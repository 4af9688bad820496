/*
 * The same program under a virtual clock: cede_run_simulated jumps to the next
 * deadline whenever everything waits for time. A day of taxis passes in a
 * moment, and in the same order every time; cede_run would take the day.
 */
#include <inttypes.h>
#include <stdio.h>

#include <cede.h>

enum { TAXIS = 3, MINUTE = 60, HOUR = 60 * MINUTE };

struct taxi {
    int number;
    int trips;
    uint32_t chance; /* state of a small random generator */
};

/* Some minutes between 1 and `most`, in seconds. */
static double some_minutes(struct taxi *taxi, unsigned most)
{
    taxi->chance = taxi->chance * 1664525 + 1013904223;
    return (1 + (taxi->chance >> 16) % most) * MINUTE;
}

static void say(const struct taxi *taxi, const char *what)
{
    int minutes = (int)(cede_loop_time(cede_get_running_loop()) / MINUTE);

    printf("%02d:%02d  %*staxi %d %s\n", minutes / 60, minutes % 60,
           taxi->number * 4, "", taxi->number, what);
}

static cede_value drive(struct taxi *taxi)
{
    cede_sleep(some_minutes(taxi, 120));
    say(taxi, "leaves the garage");
    for (int trip = 0; trip < taxi->trips; trip++) {
        cede_sleep(some_minutes(taxi, 180));
        say(taxi, "picks up a passenger");
        cede_sleep(some_minutes(taxi, 90));
        say(taxi, "drops the passenger");
    }
    cede_sleep(some_minutes(taxi, 60));
    say(taxi, "goes home");
    return cede_int(taxi->trips);
}

static cede_value fleet(struct taxi *taxis)
{
    cede_value trips[TAXIS];
    int64_t total = 0;

    cede_gather(trips, cede_create_task(drive, &taxis[0]),
                cede_create_task(drive, &taxis[1]),
                cede_create_task(drive, &taxis[2]));
    for (int i = 0; i < TAXIS; i++)
        total += cede_value_int(trips[i]);
    return cede_int(total);
}

int main(void)
{
    struct taxi taxis[TAXIS] = {{0, 2, 1}, {1, 4, 2}, {2, 3, 3}};
    cede_value total = cede_run_simulated(fleet, taxis);

    printf("%" PRId64 " trips\n", cede_value_int(total));
}
