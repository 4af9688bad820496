/*
 * Wait for several things at once, and do exactly one of them: a kitchen that
 * takes orders, hands dishes out, and closes at a given time. What loses is
 * untouched: an order that comes while a dish is handed out stays in its
 * channel.
 */
#include <stdio.h>

#include <cede.h>

struct kitchen {
    cede_receive_channel *orders;
    cede_send_channel *hatch;
};

/* Cooks one order at a time; the hatch holds none: the waiter has to come. */
static void cook(const struct kitchen *kitchen)
{
    double closing = cede_loop_time(cede_get_running_loop()) + 9.5;
    cede_own (dish, cede_none);

    cede_with (hatch, cede_ref(kitchen->hatch)) {
        for (;;) {
            bool ready = !cede_is_none(dish);
            /* An end that is NULL is a case that never happens. */
            cede_select_case cases[] = {
                cede_case_receive(ready ? NULL : kitchen->orders, &dish),
                cede_case_send(ready ? hatch : NULL, dish),
                cede_case_at(closing),
            };

            switch (cede_select(cases, 3)) {
            case 0:
                if (cases[0].ended)
                    return;
                printf("cooking %s\n", cede_value_str(dish));
                cede_sleep(1);
                break;
            case 1:
                cede_value_clear(&dish); /* the channel has its own */
                break;
            default:
                printf("closing time\n");
                return;
            }
        }
    } cede_end
}

static void guests(cede_send_channel *order)
{
    static const char *const wishes[] = {"soup", "fish", "cake", "tea"};

    cede_with (orders, cede_ref(order)) {
        for (int i = 0; i < 4; i++)
            cede_send_channel_send(orders, wishes[i]);
    } cede_end
}

static void waiter(cede_receive_channel *dishes)
{
    cede_for (dish, cede_ref(dishes)) {
        printf("serving %s at %g\n", cede_value_str(dish),
               cede_loop_time(cede_get_running_loop()));
        cede_sleep(3); /* to the table and back */
    }
}

static void evening(void)
{
    cede_send_channel *order, *hatch;
    cede_receive_channel *orders, *dishes;
    struct kitchen kitchen;

    cede_channel_open(2, &order, &orders);
    cede_channel_open(0, &hatch, &dishes);
    kitchen = (struct kitchen){orders, hatch};
    cede_gather(NULL, cede_create_task(cook, &kitchen),
                cede_create_task(guests, order),
                cede_create_task(waiter, dishes));
    cede_unref(order);
    cede_unref(orders);
    cede_unref(hatch);
    cede_unref(dishes);
}

int main(void)
{
    cede_run_simulated(evening);
}
