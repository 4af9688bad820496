/*
 * One user and the others: time, slow readers, breaking off, and every fault
 * and cancellation the harness has.
 */
#include "scene.h"

static const struct options standard = {
    .max_clients = 10,
    .backlog_lines = 100,
    .line_bytes = 1024,
    .lines_per_second = 0,
    .farewell = 5,
};

static void run_scene(void (*main_task)(void))
{
    cede_value_unref(cede_run_simulated(main_task));
}

/* --- talking --- */

static void talk(struct scene *scene)
{
    cede_own (ada, come(scene));
    hears(ada,
          "* hello, guest1: you are in #lobby; /help says what you can do");
    cede_own (bob, come(scene));
    hears(bob,
          "* hello, guest2: you are in #lobby; /help says what you can do");
    hears(ada, "* guest2 comes in");
    says(ada, "/nick ada\nhello\n/join tea\n/who\n");
    hears(ada, "* you are ada");
    hears(ada, "* you are in #tea, with 0 more");
    hears(ada, "* in #tea: ada");
    hears(bob, "* guest1 is now ada");
    hears(bob, "<ada> hello");
    hears(bob, "* ada leaves: goes to another room");
    says(bob, "/msg ada psst\n/join tea\n/rooms\n/quit\nnot said\n");
    hears(ada, "<guest2 to you> psst");
    hears(ada, "* guest2 comes in");
    hears(ada, "* guest2 leaves: quits");
    hears(bob, "* you are in #tea, with 1 more");
    hears(bob, "* rooms: #tea (2)");
    hears(bob, "* goodbye");
    hears_end(bob);
    says(ada, "/leave\nhalf a li");
    hears(ada, "* you are in #lobby, with 0 more");
    cede_stream_write_eof(ada);
    hears(ada, "* goodbye");
    hears_end(ada);
}

static void talking(void)
{
    struct scene scene = {.options = standard};

    play_in(&scene, talk);
    CHECK_FLOAT(now(), 0);
}

TEST(what_users_say)
{
    run_scene(talking);
}

/* --- time --- */

/* The time counts from the end of the line before; half a line is none. */
static void be_silent(struct scene *scene)
{
    cede_own (ada, come(scene));
    cede_own (bob, come(scene));
    hears(ada,
          "* hello, guest1: you are in #lobby; /help says what you can do");
    hears(ada, "* guest2 comes in");
    cede_sleep(50);
    says(ada, "/who\n");
    hears(ada, "* in #lobby: guest1, guest2");
    says(bob, "half a line");
    hears(ada, "* guest2 leaves: says nothing");
    CHECK_FLOAT(now(), 60);
    hears(bob,
          "* hello, guest2: you are in #lobby; /help says what you can do");
    hears(bob, "* you said nothing for too long: goodbye");
    hears_end(bob);
    cede_stream_close(bob);
    hears(ada, "* you said nothing for too long: goodbye");
    CHECK_FLOAT(now(), 110);
    hears_end(ada);
}

static void silence(void)
{
    struct scene scene = {.options = standard};

    scene.options.idle_timeout = 60;
    play_in(&scene, be_silent);
    CHECK_FLOAT(now(), 110);
}

TEST(idle_timeout, .shuffle = false)
{
    run_scene(silence);
}

/* Twenty lines at once, then ten in a second. */
static void hurry(struct scene *scene)
{
    cede_own (ada, come(scene));
    hears(ada,
          "* hello, guest1: you are in #lobby; /help says what you can do");
    for (int i = 0; i < 50; i++)
        says(ada, "/nick a\n");
    for (int i = 0; i < 50; i++) {
        hears(ada, "* you are a");
        CHECK_FLOAT(now(), i < 20 ? 0 : (i - 19) * 0.1);
    }
    cede_sleep(100);
    for (int i = 0; i < 30; i++)
        says(ada, "/nick a\n");
    for (int i = 0; i < 30; i++)
        hears(ada, "* you are a");
    CHECK_FLOAT(now(), 104);
}

static void hurrying(void)
{
    struct scene scene = {.options = standard};

    scene.options.lines_per_second = 10;
    play_in(&scene, hurry);
}

TEST(lines_per_second)
{
    run_scene(hurrying);
}

/* --- slow readers --- */

/* Says lines until somebody leaves, and is answered each time. */
static void talk_until_one_leaves(cede_stream *ada)
{
    size_t size;
    const char *line;

    for (;;) {
        says(ada, "/rooms\nsomething that is said\n/nick ada\n");
        do {
            line = cede_stream_readline(ada, &size);
            if (!line)
                cede_raise(cede_EOFError, "nobody left");
            if (memmem(line, size, " leaves: ", 9)) {
                CHECK(is(line, size, "* guest2 leaves: reads too slowly\n"));
                return;
            }
        } while (!is(line, size, "* you are ada\n"));
    }
}

static void never_read(struct scene *scene)
{
    cede_own (ada, come(scene));
    hears(ada,
          "* hello, guest1: you are in #lobby; /help says what you can do");
    scene->held = come(scene);
    hears(ada, "* guest2 comes in");
    talk_until_one_leaves(ada);
    CHECK_FLOAT(now(), 0);
}

/* Nobody waits for one who never reads, and it is hung up on when the time for
   its last word is over. */
static void never_reading(void)
{
    struct scene scene = {.options = standard};
    cede_defer (let_go, &scene);

    play_in(&scene, never_read);
    CHECK_FLOAT(now(), 5);
}

TEST(who_never_reads)
{
    run_scene(never_reading);
}

/* It reads in the end: what was under way, and then the word. */
static void read_late(struct scene *scene)
{
    size_t size;
    const char *line;

    never_read(scene);
    cede_sleep(4);
    while ((line = cede_stream_readline(scene->held, &size)))
        if (is(line, size, "* you read too slowly: goodbye\n"))
            break;
    CHECK(line != NULL);
    hears_end(scene->held);
    cede_stream_close(scene->held);
}

static void reading_late(void)
{
    struct scene scene = {.options = standard};
    cede_defer (let_go, &scene);

    play_in(&scene, read_late);
    CHECK_FLOAT(now(), 4);
}

TEST(who_reads_late)
{
    run_scene(reading_late);
}

/* --- dismissed --- */

static void dismiss_twice(struct scene *scene)
{
    struct user *user;

    cede_own (ada, come(scene));
    hears(ada,
          "* hello, guest1: you are in #lobby; /help says what you can do");
    cede_own (bob, come(scene));
    hears(bob,
          "* hello, guest2: you are in #lobby; /help says what you can do");
    hears(ada, "* guest2 comes in");
    user = chat_find_user(&scene->chat, text_of("guest2"));
    REQUIRE(user);
    says(bob, "not said\n");
    user_dismiss(user, "* that was that\n", "is sent away");
    user_dismiss(user, "* and that was that\n", "is sent away again");
    user_tell(user, "* not told\n");
    CHECK(chat_find_user(&scene->chat, text_of("guest2")) == user);
    hears(bob, "* that was that");
    hears_end(bob);
    hears(ada, "* guest2 leaves: is sent away");
    says(ada, "/who\n");
    hears(ada, "* in #lobby: guest1");
}

static void dismissing_twice(void)
{
    struct scene scene = {.options = standard};

    play_in(&scene, dismiss_twice);
    CHECK_FLOAT(now(), 0);
}

/* The first reason counts, and nothing happens before its task runs. */
TEST(dismissed_twice)
{
    run_scene(dismissing_twice);
}

/* --- breaking off --- */

static const char session[] = "/nick u\nhi\n/join tea\n/msg guest1 x\n/quit\n";

/* Hears of whoever comes until it is gone. */
static void hear_leave(cede_stream *ada)
{
    static const char *const leaving[] = {"* guest", "* u leaves"};
    size_t size;
    const char *line;

    while ((line = cede_stream_readline(ada, &size))) {
        for (int i = 0; i < 2; i++) {
            const char *leaves = memmem(line, size, " leaves: ", 9);

            if (leaves && !strncmp(line, leaving[i], strlen(leaving[i])))
                return;
        }
    }
    cede_raise(cede_EOFError, "nobody left");
}

/* Hangs up after each byte of a session: without having read anything, which
   breaks the connection, or having been told that it is in. */
static void break_off(struct scene *scene)
{
    cede_own (ada, come(scene));
    hears(ada,
          "* hello, guest1: you are in #lobby; /help says what you can do");
    for (size_t size = 0; size < sizeof session; size++) {
        for (int reads = 0; reads < 2; reads++) {
            size_t ignored;

            cede_own (user, come(scene));
            if (reads)
                cede_stream_readline(user, &ignored);
            cede_stream_write(user, session, size);
            cede_stream_close(user);
            hear_leave(ada);
        }
    }
    says(ada, "/who\n/rooms\n");
    hears(ada, "* in #lobby: guest1");
    hears(ada, "* rooms: #lobby (1)");
}

static void breaking_off(void)
{
    struct scene scene = {.options = standard};

    play_in(&scene, break_off);
    CHECK_FLOAT(now(), 0);
}

TEST(breaking_off_anywhere)
{
    run_scene(breaking_off);
}
