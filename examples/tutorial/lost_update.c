/*
 * Two tasks take from one account. Between the look and the change the first
 * version waits, and an update is lost; the second holds a lock meanwhile. On
 * one thread there are no data races, yet whatever waits lets others in. Each
 * is tried in twenty orders, which are the same twenty every time.
 */
#include <cede.h>

#include <stdio.h>

static int balance;
static cede_lock *account;

static void withdraw(int amount)
{
    int before = balance;

    cede_sleep(0); /* asks the bank's other computer */
    balance = before - amount;
}

static void careless(int amount)
{
    withdraw(amount);
}

static void careful(int amount)
{
    cede_with (held, cede_ref(account))
        withdraw(amount);
    cede_end
}

static void day(void (*withdrawal)(int amount))
{
    account = cede_lock_new();
    balance = 100;
    cede_gather(NULL, cede_create_task(withdrawal, 30),
                cede_create_task(withdrawal, 50));
    cede_unref(account);
}

/* What is ready at once runs in an order drawn by lot: a loop for each lot. */
static cede_loop *shuffled(void *seed)
{
    return cede_loop_new_with(&(cede_loop_options){
        .simulated = true, .shuffle = true, .seed = *(uint64_t *)seed});
}

static void try_orders(const char *name, void (*withdrawal)(int amount))
{
    bool seen[101] = {false};

    for (uint64_t seed = 0; seed < 20; seed++) {
        cede_run(day, withdrawal, .loop_factory = shuffled,
                 .loop_factory_argument = &seed);
        seen[balance] = true;
    }
    printf("%s:", name);
    for (int i = 0; i <= 100; i++)
        if (seen[i])
            printf(" %d", i);
    printf("\n");
}

int main(void)
{
    try_orders("careless", careless);
    try_orders("careful", careful);
}
