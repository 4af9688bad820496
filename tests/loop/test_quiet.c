/*
 * A loop that has nothing to do for a while gives idle stacks back, once.
 */
#include "harness/harness.h"

#include "loop/loop.h"
#include "stack/stack.h"

#include "cede/stack.h"

/* A poller whose waits end at once and are written down. */
static struct {
    const cede__poller_methods *real;
    cede_loop *loop;
    int64_t waits[8];
    size_t mapped[8]; /* bytes of stacks when the wait began */
    int count;
    int stop_after;
} fake;

static int fake_wait(void *poller, int64_t timeout)
{
    (void)poller;
    if (fake.count < 8) {
        fake.waits[fake.count] = timeout;
        fake.mapped[fake.count] = cede_stack_statistics().mapped;
    }
    if (++fake.count >= fake.stop_after)
        cede_loop_stop(fake.loop);
    return 0;
}

static void fake_destroy(void *poller)
{
    fake.real->destroy(poller);
}

static void run_faked(cede_loop *loop, int stop_after)
{
    static cede__poller_methods methods;

    fake.real = loop->poller_methods;
    fake.loop = loop;
    fake.count = 0;
    fake.stop_after = stop_after;
    methods = *fake.real;
    methods.wait = fake_wait;
    methods.destroy = fake_destroy;
    loop->poller_methods = &methods;
    cede_loop_run_forever(loop);
    loop->poller_methods = fake.real;
}

static void close_loop(cede_loop *loop)
{
    cede_loop_close(loop);
    cede_unref(loop);
}

TEST(quiet_loop_trims_once, .torture = false)
{
    enum { STACKS = 200 };
    cede__stack *stacks[STACKS];
    cede_loop *loop = cede_loop_new();
    cede_defer (close_loop, loop);

    for (int i = 0; i < STACKS; i++) {
        stacks[i] = cede__stack_acquire();
        REQUIRE(stacks[i] != NULL);
    }
    for (int i = 0; i < STACKS; i++)
        cede__stack_release(stacks[i]);
    run_faked(loop, 3);
    CHECK_INT(fake.count, 3);
    CHECK_INT(fake.waits[0], CEDE__SECOND);
    CHECK_INT(fake.waits[1], -1);
    CHECK(fake.mapped[0] > fake.mapped[1]);
    CHECK_INT(fake.mapped[1], fake.mapped[2]);
    CHECK_INT(fake.waits[2], -1); /* nothing to trim any more */
}

TEST(a_loop_that_took_no_stack_waits_in_one_piece, .torture = false)
{
    cede_loop *loop = cede_loop_new();
    cede_defer (close_loop, loop);

    run_faked(loop, 1);
    CHECK_INT(fake.waits[0], -1);
}
