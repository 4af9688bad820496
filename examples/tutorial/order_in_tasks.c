/* The same three steps as in order_in_callbacks.c, one below the other. */
#include <cede.h>

#include <stdio.h>
#include <string.h>

#include "warehouse.h"

/* From the callback's world into this one: the answer becomes a future's. */
static void tell(void *future, int error, int answer)
{
    if (error)
        cede_future_set_exception((cede_future *)future, cede_OSError, "%s",
                                  strerror(error));
    else
        cede_future_set_result((cede_future *)future, answer);
}

static int answer_to(const char *what, const char *customer)
{
    cede_own (future, cede_loop_create_future(NULL));
    struct question *question = ask(what, customer, tell, future);

    cede_try {
        return (int)cede_value_int(cede_await(cede_ref(future)));
    } cede_except (cede_CancelledError) {
        take_back(question);
        cede_reraise();
    } cede_end
    return 0;
}

static void place(const char *customer)
{
    int price, days;

    answer_to("find", customer);
    price = answer_to("price", customer);
    days = answer_to("ship", customer);
    printf("t=%g %s: %d days, %d coins\n", now(), customer, days, price);
}

static void order(const char *customer)
{
    cede_timeout (limit, 5) {
        place(customer);
    } cede_except (cede_TimeoutError) {
        printf("t=%g %s: too late\n", now(), customer);
    } cede_except (cede_OSError, e) {
        printf("t=%g %s: %s\n", now(), customer, cede_exception_message(e));
    } cede_end
}

static void orders(void)
{
    cede_gather(NULL, cede_create_task(order, "Ada"),
                cede_create_task(order, "Bob"), cede_create_task(order, "Cid"));
}

int main(void)
{
    cede_run_simulated(orders);
}
