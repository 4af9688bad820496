/*
 * cede_raise and its relatives, cede_check, cede_catch.
 */
#include "value/said.h"

#include <errno.h>
#include <pthread.h>

#include "cede/exception.h"
#include "cede/traceback.h"

/* ---- cede_raise ---------------------------------------------------------- */

TEST(E14_a_class_alone)
{
    SAY_RAISED(cede_raise(cede_KeyError));
    CHECK_SAID("KeyError: \n");
}

TEST(a_class_and_a_message)
{
    SAY_RAISED(cede_raise(cede_KeyError, "plain"));
    SAY_RAISED(cede_raise(cede_KeyError, "%s is %d of %g", "this", 2, 3.5));
    SAY_RAISED(cede_raise(cede_KeyError, "100%%"));
    SAY_RAISED(cede_raise(cede_KeyError, "%s", ""));
    CHECK_SAID("KeyError: 'plain'\nKeyError: 'this is 2 of 3.5'\n"
               "KeyError: '100%'\nKeyError: ''\n");
}

TEST(many_arguments)
{
    SAY_RAISED(cede_raise(cede_KeyError, "%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d"
                                         "%d%d%d%d",
                          1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8,
                          9, 0, 1, 2));
    CHECK_SAID("KeyError: '1234567890123456789012'\n");
}

TEST(a_class_in_a_variable)
{
    const cede_class *chosen = cede_IndexError;

    SAY_RAISED(cede_raise(chosen));
    SAY_RAISED(cede_raise(chosen, "x"));
    CHECK_SAID("IndexError: \nIndexError: x\n");
}

TEST(an_exception_is_borrowed)
{
    cede_exception *e = cede_exception(cede_KeyError, "mine");

    cede_defer(cede_unref, e);
    for (int i = 0; i < 3; i++)
        SAY_RAISED(cede_raise(e));
    CHECK_SAID("KeyError: 'mine'\nKeyError: 'mine'\nKeyError: 'mine'\n");
}

static void raise_it(cede_exception *e)
{
    cede_raise(e);
}

/* E06: in one function with the statement that it passes it has one place, in
   two it has two, however many there are already. */
TEST(E06_each_raise_adds_to_the_traceback, .torture = false)
{
    cede_exception *e = cede_exception(cede_KeyError, "mine");
    cede_location frames[100];

    cede_defer(cede_unref, e);
    for (volatile size_t i = 0; i < 30; i++) {
        cede_try {
            raise_it(e);
        } cede_except (cede_KeyError, same) {
            CHECK(same == e);
        } cede_end
        CHECK_INT(cede_extract_tb(e, frames, 100), 3 * i + 2);
        CHECK_STR(frames[0].function, __func__);
        CHECK_STR(frames[1].function, "raise_it");
        cede_try {
            cede_raise(e);
        } cede_except (cede_KeyError, same) {
            CHECK(same == e);
        } cede_end
        CHECK_INT(cede_extract_tb(e, frames, 100), 3 * i + 3);
        CHECK_STR(frames[0].function, __func__);
        CHECK(frames[0].line > frames[1].line);
    }
    CHECK_INT(((cede_object *)e)->references, 1);
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

TEST(E14_what_is_no_exception)
{
    cede_object *plain = cede_object_new(plain_class);

    cede_defer(cede_unref, plain);
    SAY_RAISED(cede_raise(plain_class));
    SAY_RAISED(cede_raise(plain_class, "text"));
    SAY_RAISED(cede_raise((const cede_class *)NULL));
    SAY_RAISED(cede_raise((cede_exception *)plain));
    SAY_RAISED(cede_raise((cede_exception *)NULL));
    SAY_RAISED(cede_raise_from(plain_class, NULL, "text"));
    CHECK_SAID("TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n"
               "TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n"
               "TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n"
               "TypeError: exceptions must derive from BaseException: pass an "
               "exception class or an exception to cede_raise\n"
               "TypeError: exceptions must derive from BaseException: pass an "
               "exception class or an exception to cede_raise\n"
               "TypeError: exceptions must derive from BaseException: use "
               "CEDE_EXCEPTION to define a class\n");
}

static void raise_plain(cede_object *plain)
{
    cede_raise((cede_exception *)plain);
}

/* E14: the place of the error is that of the raise. */
TEST(E14_is_told_of_whoever_raises)
{
    cede_object *plain = cede_object_new(plain_class);

    cede_defer(cede_unref, plain);
    cede_try {
        raise_plain(plain);
    } cede_except (cede_TypeError, e) {
        cede_location frames[3];

        CHECK_INT(cede_extract_tb(e, frames, 3), 2);
        CHECK_STR(frames[1].function, "raise_plain");
    } cede_end
}

TEST(E14_a_cause_that_is_no_exception)
{
    cede_object *plain = cede_object_new(plain_class);

    cede_defer(cede_unref, plain);
    SAY_RAISED(
        cede_raise_from(cede_ValueError, (cede_exception *)plain, "new"));
    CHECK_SAID("TypeError: exception causes must derive from BaseException\n");
}

TEST(E14_a_group_needs_members)
{
    SAY_RAISED(cede_raise(cede_ExceptionGroup));
    SAY_RAISED(cede_raise_from(cede_BaseExceptionGroup, NULL, "text"));
    CHECK_SAID("TypeError: BaseExceptionGroup.__new__() takes exactly 2 "
               "arguments (1 given): use cede_exception_group\n"
               "TypeError: BaseExceptionGroup.__new__() takes exactly 2 "
               "arguments (1 given): use cede_exception_group\n");
}

/* ---- chains -------------------------------------------------------------- */

TEST(E02_raise_from)
{
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "old");
        } cede_except (cede_KeyError, e) {
            cede_raise_from(cede_ValueError, e, "new %d", 1);
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK_STR(cede_exception_message(e), "new 1");
        CHECK_STR(cede_exception_name(cede_exception_cause(e)), "KeyError");
        CHECK_PTR(cede_exception_context(e), cede_exception_cause(e));
        CHECK(cede_exception_suppress_context(e));
    } cede_end
}

TEST(E02_raise_from_none)
{
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "old");
        } cede_except (cede_KeyError, e) {
            cede_raise_from(cede_ValueError, NULL, "new");
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK_PTR(cede_exception_cause(e), NULL);
        CHECK(cede_exception_context(e) != NULL);
        CHECK(cede_exception_suppress_context(e));
    } cede_end
}

static void raise_new(void)
{
    cede_raise(cede_ValueError, "new");
}

TEST(E01_the_context_is_seen_from_functions)
{
    cede_try {
        cede_try {
            cede_raise(cede_KeyError, "old");
        } cede_except (cede_KeyError, e) {
            raise_new();
        } cede_end
    } cede_except (cede_ValueError, e) {
        say_exception(cede_exception_context(e));
        CHECK_PTR(cede_exception_cause(e), NULL);
        CHECK(!cede_exception_suppress_context(e));
    } cede_end
    CHECK_SAID("KeyError('old')");
}

TEST(E01_no_context_behind_the_handler)
{
    cede_try {
        cede_raise(cede_KeyError, "old");
    } cede_except (cede_KeyError, e) {
    } cede_end
    cede_try {
        raise_new();
    } cede_except (cede_ValueError, e) {
        CHECK_PTR(cede_exception_context(e), NULL);
    } cede_end
}

TEST(E01_three_deep)
{
    cede_try {
        cede_try {
            cede_try {
                cede_raise(cede_KeyError, "1");
            } cede_except (cede_KeyError, e) {
                cede_raise(cede_IndexError, "2");
            } cede_end
        } cede_except (cede_IndexError, e) {
            cede_raise(cede_ValueError, "3");
        } cede_end
    } cede_except (cede_ValueError, e) {
        for (const cede_exception *link = e; link;
             link = cede_exception_context(link))
            say_exception(link);
    } cede_end
    CHECK_SAID("ValueError('3')IndexError('2')KeyError('1')");
}

/* ---- errno --------------------------------------------------------------- */

TEST(raise_errno)
{
    cede_try {
        cede_raise_errno(ENOENT, "open %s", "config");
    } cede_except (cede_FileNotFoundError, e) {
        CHECK_STR(cede_exception_message(e),
                  "[Errno 2] No such file or directory: open config");
        CHECK_INT(cede_exception_errno(e), ENOENT);
    } cede_end
}

TEST(raise_errno_of_no_memory)
{
    SAY_RAISED(cede_raise_errno(ENOMEM, "mmap"));
    CHECK_SAID("MemoryError: \n");
}

static int fails_with(int error)
{
    return -error;
}

TEST(check_passes_what_is_not_negative)
{
    CHECK_INT(cede_check(0), 0);
    CHECK_INT(cede_check(7), 7);
    CHECK_INT(cede_check((ssize_t)1 << 40), 1ll << 40);
}

TEST(check_raises_what_is)
{
    SAY_RAISED(cede_check(fails_with(ECONNRESET)));
    SAY_RAISED(cede_check((long)-EAGAIN));
    SAY_RAISED(cede_check(-EIO));
    CHECK_SAID("ConnectionResetError: [Errno 104] Connection reset by peer\n"
               "BlockingIOError: [Errno 11] Resource temporarily "
               "unavailable\n"
               "OSError: [Errno 5] Input/output error\n");
}

TEST(check_evaluates_once)
{
    int count = 0;

    CHECK_INT(cede_check(++count), 1);
    CHECK_INT(count, 1);
}

/* ---- cede_catch ---------------------------------------------------------- */

static cede_value divide(void *argument)
{
    int *n = argument;

    if (*n == 0)
        cede_raise(cede_ZeroDivisionError, "by zero");
    return cede_int(100 / *n);
}

TEST(catch_gives_the_result)
{
    int n = 5;
    cede_value result;

    CHECK_PTR(cede_catch(divide, &n, &result), NULL);
    CHECK_INT(cede_value_int(result), 20);
    CHECK_PTR(cede_catch(divide, &n, NULL), NULL);
}

TEST(catch_gives_the_exception)
{
    int n = 0;
    cede_value result = cede_int(77);
    cede_exception *e = cede_catch(divide, &n, &result);

    REQUIRE(e);
    CHECK_STR(cede_exception_name(e), "ZeroDivisionError");
    CHECK_INT(cede_value_int(result), 77); /* untouched */
    cede_unref(e);
    SAY_RAISED(cede_reraise()); /* nothing is being handled */
    CHECK_SAID("RuntimeError: No active exception to reraise\n");
}

static cede_value gives_an_object(void *unused)
{
    (void)unused;
    return cede_str_copy("dropped");
}

static cede_value raises_exit(void *unused)
{
    (void)unused;
    cede_raise(cede_SystemExit);
}

TEST(catch_drops_a_result_nobody_wants)
{
    cede_exception *error = cede_catch(gives_an_object, NULL, NULL);

    CHECK_PTR(error, NULL);
    cede_unref(error);
}

TEST(catch_catches_all)
{
    cede_exception *e = cede_catch(raises_exit, NULL, NULL);

    REQUIRE(e);
    CHECK_STR(cede_exception_name(e), "SystemExit");
    cede_unref(e);
}

static cede_value catches(void *argument)
{
    cede_exception *e = cede_catch(divide, argument, NULL);

    say_exception(e);
    cede_unref(e);
    cede_raise(cede_KeyError);
}

TEST(catches_nest)
{
    int n = 0;
    cede_exception *e = cede_catch(catches, &n, NULL);

    say_exception(e);
    cede_unref(e);
    CHECK_SAID("ZeroDivisionError('by zero')KeyError()");
}

/* ---- threads ------------------------------------------------------------- */

static void *raise_in_thread(void *argument)
{
    for (volatile int i = 0; i < 1000; i++) {
        cede_try {
            cede_raise(cede_ValueError, "%d", i);
        } cede_except (cede_ValueError, e) {
            ++*(int *)argument;
        } cede_end
    }
    return NULL;
}

TEST(each_thread_has_a_chain_of_its_own, .torture = false)
{
    pthread_t threads[4];
    int caught[4] = {0};

    for (int i = 0; i < 4; i++)
        REQUIRE(pthread_create(&threads[i], NULL, raise_in_thread,
                               &caught[i]) == 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(caught[i], 1000);
    }
}

static void *catch_elsewhere(void *argument)
{
    int n = 0;

    *(cede_exception **)argument = cede_catch(divide, &n, NULL);
    return NULL;
}

TEST(exceptions_travel_between_threads, .torture = false)
{
    cede_exception *e = NULL;
    pthread_t thread;

    REQUIRE(pthread_create(&thread, NULL, catch_elsewhere, &e) == 0);
    pthread_join(thread, NULL);
    REQUIRE(e);
    cede_defer(cede_unref, e);
    SAY_RAISED(cede_raise(e));
    CHECK_SAID("ZeroDivisionError: by zero\n");
}

static void *raise_thrice(void *argument)
{
    cede_exception *e = argument;

    for (volatile int i = 0; i < 3; i++) {
        cede_try {
            raise_it(e);
        } cede_except (cede_KeyError, same) {
            CHECK(same == e);
            CHECK_INT(((cede_object *)e)->references, 2);
        } cede_end
    }
    return NULL;
}

/* References are counted in another way once there is a second thread. */
TEST(an_exception_is_borrowed_beside_threads_too, .torture = false)
{
    cede_exception *e = cede_exception(cede_KeyError, "mine");
    pthread_t thread;

    cede_defer(cede_unref, e);
    raise_thrice(e);
    REQUIRE(pthread_create(&thread, NULL, raise_thrice, e) == 0);
    pthread_join(thread, NULL);
    raise_thrice(e);
    CHECK_INT(((cede_object *)e)->references, 1);
}
