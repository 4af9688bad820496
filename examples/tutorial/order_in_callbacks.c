/*
 * Three steps, each of which takes a while and may fail, with a limit for all
 * of them, in callbacks. order_in_tasks.c does the same with tasks.
 */
#include <cede.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "warehouse.h"

/* What would be local variables, and where the program stands. */
struct order {
    const char *customer;
    int price;
    cede_handle *limit;
    struct question *pending; /* NULL: none */
    int *orders_left;
};

static void finish(struct order *order, const char *outcome)
{
    cede_handle_cancel(order->limit);
    cede_unref(order->limit);
    printf("t=%g %s: %s\n", now(), order->customer, outcome);
    if (--*order->orders_left == 0)
        cede_loop_stop(cede_get_running_loop());
    free(order);
}

static void too_late(struct order *order)
{
    take_back(order->pending);
    finish(order, "too late");
}

static void shipped(void *arg, int error, int answer)
{
    struct order *order = arg;
    char outcome[32];

    if (error) {
        finish(order, strerror(error));
        return;
    }
    snprintf(outcome, sizeof outcome, "%d days, %d coins", answer,
             order->price);
    finish(order, outcome);
}

static void priced(void *arg, int error, int answer)
{
    struct order *order = arg;

    if (error) {
        finish(order, strerror(error));
        return;
    }
    order->price = answer;
    order->pending = ask("ship", order->customer, shipped, order);
}

static void found(void *arg, int error, int answer)
{
    struct order *order = arg;

    (void)answer;
    if (error) {
        finish(order, strerror(error));
        return;
    }
    order->pending = ask("price", order->customer, priced, order);
}

static void begin(const char *customer, int *orders_left)
{
    struct order *order = calloc(1, sizeof *order);

    if (!order)
        cede_raise(cede_MemoryError);
    order->customer = customer;
    order->orders_left = orders_left;
    order->limit = cede_ref(
        cede_loop_call_later(cede_get_running_loop(), 5, too_late, order));
    order->pending = ask("find", customer, found, order);
}

static void begin_all(int *orders_left)
{
    begin("Ada", orders_left);
    begin("Bob", orders_left);
    begin("Cid", orders_left);
}

int main(void)
{
    cede_loop *loop =
        cede_loop_new_with(&(cede_loop_options){.simulated = true});
    int orders_left = 3;

    cede_loop_call_soon(loop, begin_all, &orders_left);
    cede_loop_run_forever(loop);
    cede_loop_close(loop);
    cede_unref(loop);
}
