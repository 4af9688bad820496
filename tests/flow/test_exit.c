/*
 * What happens to an exception nobody catches: E16, E17.
 */
#include "value/said.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cede/exception.h"
#include "cede/group.h"
#include "cede/tuple.h"

/*
 * The harness catches everything, and a forked child of a test is inside its
 * cede_catch. A child that starts anew, as a program of its own, is not: this
 * very program, told what to do by the environment before main.
 */
#define TASK "CEDE_TEST_EXIT_TASK"

static int status;

static const char *run(const char *task)
{
    static char output[4096];
    char program[4096], command[8192];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    size_t size;
    FILE *pipe;

    program[length > 0 ? length : 0] = '\0';
    snprintf(command, sizeof command, TASK "=%s " HARNESS_EMULATOR "'%s' 2>&1",
             task, program);
    fflush(NULL);
    pipe = popen(command, "re");
    if (!pipe)
        return "popen failed";
    size = fread(output, 1, sizeof output - 1, pipe);
    output[size] = '\0';
    status = pclose(pipe);
    return output;
}

static void say_bye(void *unused)
{
    (void)unused;
    printf("finally\n");
}

static void raise_value(void)
{
    cede_defer(say_bye, NULL);
    printf("before\n");
    cede_raise(cede_ValueError, "nobody");
}

static void exit_with(cede_value value)
{
    cede_exception *e = cede_exception(cede_SystemExit, NULL);

    cede_exception_set_value(e, value);
    cede_defer(cede_unref, e);
    cede_defer(say_bye, NULL);
    cede_raise(e);
}

static void *thread_raises(void *unused)
{
    (void)unused;
    raise_value();
    return NULL;
}

static void *thread_exits(void *unused)
{
    (void)unused;
    cede_raise(cede_SystemExit, "nobody reads this");
}

static void thread(void *(*function)(void *))
{
    pthread_t other;

    if (pthread_create(&other, NULL, function, NULL))
        abort();
    pthread_join(other, NULL);
    printf("others go on\n");
    exit(0);
}

static cede_value fails(void *self)
{
    (void)self;
    cede_raise(cede_RuntimeError, "no text");
}

static const cede_object_methods failing = {.str = fails};
CEDE_EXCEPTION(SilentExit, cede_SystemExit, .object = &failing);

static void raise_group(void)
{
    cede_exception *member = cede_exception(cede_ValueError, "member");
    cede_defer(cede_unref, member);
    cede_exception *group = cede_exception_group("group", &member, 1);
    cede_defer(cede_unref, group);

    cede_raise(group);
}

/* Before main, so on a chain that nobody else has records in. */
__attribute__((constructor)) static void obey(void)
{
    const char *task = getenv(TASK);

    if (!task)
        return;
    unsetenv(TASK);
    if (!strcmp(task, "value"))
        raise_value();
    if (!strcmp(task, "exit"))
        cede_raise(cede_SystemExit);
    if (!strcmp(task, "exit3"))
        exit_with(cede_int(3));
    if (!strcmp(task, "exit_text"))
        cede_raise(cede_SystemExit, "cannot go on");
    if (!strcmp(task, "interrupt"))
        cede_raise(cede_KeyboardInterrupt);
    if (!strcmp(task, "exit_true"))
        exit_with(cede_bool(true));
    if (!strcmp(task, "exit_args"))
        cede_raise_args(cede_SystemExit, 1, "two");
    if (!strcmp(task, "exit_silent"))
        cede_raise(SilentExit);
    if (!strcmp(task, "group"))
        raise_group();
    if (!strcmp(task, "thread"))
        thread(thread_raises);
    if (!strcmp(task, "thread_exit"))
        thread(thread_exits);
    abort();
}

TEST(E16_traceback_and_status_1, .torture = false)
{
    const char *output = run("value");

    CHECK_INT(WEXITSTATUS(status), 1);
    CHECK_CONTAINS(output, "before\nfinally\n");
    CHECK_CONTAINS(output, "Traceback (most recent call last):\n  File \"");
    CHECK_CONTAINS(output, ", in raise_value\n");
    CHECK_CONTAINS(output, "\nValueError: nobody\n");
}

TEST(E16_SystemExit_is_silent, .torture = false)
{
    CHECK_STR(run("exit"), "");
    CHECK_INT(status, 0);
    CHECK_STR(run("exit3"), "finally\n");
    CHECK_INT(WEXITSTATUS(status), 3);
}

TEST(E16_SystemExit_with_a_text, .torture = false)
{
    CHECK_STR(run("exit_text"), "cannot go on\n");
    CHECK_INT(WEXITSTATUS(status), 1);
}

/* E16: as handle_system_exit of CPython. */
TEST(E16_SystemExit_with_other_things, .torture = false)
{
    CHECK_STR(run("exit_true"), "finally\n");
    CHECK_INT(WEXITSTATUS(status), 1);
    CHECK_STR(run("exit_args"), "(1, 'two')\n");
    CHECK_INT(WEXITSTATUS(status), 1);
    CHECK_STR(run("exit_silent"), "");
    CHECK_INT(WEXITSTATUS(status), 0);
}

TEST(E16_a_group, .torture = false)
{
    const char *output = run("group");

    CHECK_INT(WEXITSTATUS(status), 1);
    CHECK_CONTAINS(output,
                   "  + Exception Group Traceback (most recent call last):\n");
    CHECK_CONTAINS(output, "  | ExceptionGroup: group (1 sub-exception)\n"
                           "  +-+---------------- 1 ----------------\n"
                           "    | ValueError: member\n"
                           "    +------------------------------------\n");
}

TEST(E16_KeyboardInterrupt_is_130, .torture = false)
{
    CHECK_CONTAINS(run("interrupt"), "KeyboardInterrupt\n");
    CHECK_INT(WEXITSTATUS(status), 130);
}

TEST(E17_a_thread_ends_alone, .torture = false)
{
    const char *output = run("thread");

    CHECK_INT(status, 0);
    CHECK_CONTAINS(output, "Exception in thread ");
    CHECK_CONTAINS(output, ":\nTraceback (most recent call last):\n");
    CHECK_CONTAINS(output, "ValueError: nobody\n");
    CHECK_CONTAINS(output, "others go on\n");
}

/* E17: threading.excepthook says nothing of SystemExit. */
TEST(E17_SystemExit_ends_a_thread_silently, .torture = false)
{
    CHECK_STR(run("thread_exit"), "others go on\n");
    CHECK_INT(status, 0);
}
