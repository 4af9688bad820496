/*
 * CEDE_DEBUG=1: objects that nobody released, objects used after their end,
 * and the memory that is kept to know them by. What has a loop is in
 * tests/task, what generators and iterators do in tests/coro.
 */
#include "value/released.h"

#include <features.h>
#include <limits.h>
#include <sys/wait.h>
#include <unistd.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

#include "base/memory.h"
#include "value/debug.h"

#include "cede/context.h"
#include "cede/generator.h"
#include "cede/group.h"
#include "cede/list.h"
#include "cede/memory.h"
#include "cede/print.h"
#include "cede/traceback.h"
#include "cede/tuple.h"

static const char *const place = __FILE__;

static char output[16384];

/* What the function writes in a process that it ends by exit. */
static const char *output_of(void (*function)(void *))
{
    int status = harness_fork(function, NULL, output, sizeof output);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    return output;
}

/* ---- leaks --------------------------------------------------------------- */

static cede_value countdown(void *argument)
{
    (void)argument;
    cede_yield(0);
    return cede_none;
}

/* So that the compiler does not say it first. */
static void forget(const void *object)
{
    __asm__ volatile("" : : "r"(object) : "memory");
}

enum { TWO_LINE = __LINE__ + 7, ONE_LINE = TWO_LINE + 1 };

static void leak_generators(void *unused)
{
    (void)unused;
    debug();
    for (int i = 0; i < 2; i++)
        forget(cede_generator(countdown, NULL));
    forget(cede_generator_with(countdown, 3));
    exit(3);
}

TEST(a_leak_is_told_with_the_place_that_made_it, .torture = false)
{
    char expected[PATH_MAX * 2 + 256];

    output_of(leak_generators);
    snprintf(expected, sizeof expected,
             "cede: 3 objects were never released:\n"
             "  2 x generator 'countdown', created at %s:%d in "
             "leak_generators\n"
             "  1 x generator 'countdown', created at %s:%d in "
             "leak_generators\n",
             place, TWO_LINE, place, ONE_LINE);
    CHECK_STR(output, expected);
}

static void leak_one(void *unused)
{
    (void)unused;
    debug();
    forget(cede_list());
    exit(3);
}

TEST(one_leak_is_told_in_the_singular, .torture = false)
{
    CHECK_CONTAINS(output_of(leak_one), "cede: 1 object was never released:\n"
                                        "  1 x list, created ");
}

enum { RAISE_LINE = __LINE__ + 7 };

static void leak_raised(void *unused)
{
    (void)unused;
    debug();
    cede_try {
        cede_raise(cede_KeyError, "k");
    } cede_except (cede_KeyError, e) {
        forget(cede_ref(e));
    } cede_end
    exit(3);
}

TEST(an_exception_is_told_with_the_place_that_raised_it, .torture = false)
{
    char expected[PATH_MAX + 128];

    snprintf(expected, sizeof expected, "  1 x KeyError, raised at %s:%d in ",
             place, RAISE_LINE);
    CHECK_CONTAINS(output_of(leak_raised), expected);
}

static void leak_different(void *unused)
{
    (void)unused;
    debug();
    forget(cede_list());
    forget(cede_generator(countdown, NULL));
    (void)cede_str_copy("text").as.object;
    forget(cede_tuple(1));
    exit(3);
}

static size_t lines_in(const char *text)
{
    size_t count = 0;

    while ((text = strchr(text, '\n')) != NULL) {
        text++;
        count++;
    }
    return count;
}

TEST(leaks_are_told_in_the_order_of_their_making, .torture = false)
{
    const char *list, *generator, *string, *tuple;

    output_of(leak_different);
    list = strstr(output, "  1 x list, ");
    generator = strstr(output, "  1 x generator 'countdown', ");
    string = strstr(output, "  1 x str, ");
    tuple = strstr(output, "  1 x tuple, ");
    CHECK(list && generator && string && tuple);
    CHECK(list < generator && generator < string && string < tuple);
    CHECK_INT(lines_in(output), 5);
}

static void leak_many(void *unused)
{
    (void)unused;
    debug();
    for (int i = 0; i < 130; i++) {
        char *name = malloc(8);

        snprintf(name, 8, "g%d", i);
        forget(cede_impl_generator_new(countdown, NULL, NULL, 0, name,
                                       CEDE_IMPL_HERE));
    }
    exit(3);
}

TEST(beyond_a_hundred_places_the_rest_is_counted, .torture = false)
{
    output_of(leak_many);
    CHECK_CONTAINS(output, "cede: 130 objects were never released:\n");
    CHECK_CONTAINS(output, "'g99'");
    CHECK(!strstr(output, "'g100'"));
    CHECK_CONTAINS(output, "  and 30 other places\n");
}

/* Made, used and released in every way there is. */
static void leak_nothing(void *unused)
{
    cede_list *list;

    (void)unused;
    debug();
    cede_for (v, cede_generator(countdown, NULL))
        cede_print(v);
    list = cede_list_of(1, cede_object(cede_tuple("a", 2)));
    cede_try {
        cede_print(list);
        cede_raise(cede_ValueError, "no");
    } cede_except (cede_ValueError, e) {
        cede_print(e);
    } cede_end
    cede_unref(list);
    fflush(stdout);
    exit(3);
}

TEST(where_nothing_leaks_nothing_is_told, .torture = false)
{
    CHECK_STR(output_of(leak_nothing), "0\n[1, ('a', 2)]\nno\n");
}

static void leak_unwatched(void *unused)
{
    (void)unused;
    unsetenv("CEDE_DEBUG");
    forget(cede_list());
    exit(3);
}

TEST(nothing_is_told_unasked, .torture = false)
{
    if (CEDE_IMPL_ASAN)
        SKIP("the sanitizer says something");
    CHECK_STR(output_of(leak_unwatched), "");
}

CEDE_CONTEXT_VAR(variable, "variable");

static void set_variable(void *unused)
{
    (void)unused;
    debug();
    cede_context_var_set(variable, cede_object(cede_list()));
    cede_unref(cede_copy_context());
    exit(3);
}

TEST(what_the_main_threads_context_holds_is_no_leak, .torture = false)
{
    CHECK_STR(output_of(set_variable), "");
}

static void leave_after_fork(void *unused)
{
    (void)unused;
    exit(3);
}

static void leak_after_fork(void *unused)
{
    (void)unused;
    forget(cede_tuple(1, 2));
    exit(3);
}

TEST(a_child_does_not_tell_of_its_parents_objects, .torture = false)
{
    cede_list *list;

    debug();
    list = cede_list();
    cede_defer (cede_unref, list);
    CHECK_STR(output_of(leave_after_fork), "");
    CHECK_CONTAINS(output_of(leak_after_fork),
                   "cede: 1 object was never released:\n  1 x tuple, ");
}

/* ---- asking -------------------------------------------------------------- */

static size_t printed;

static void print_objects(void *unused)
{
    (void)unused;
    printed = cede_print_objects();
}

TEST(objects_that_are_alive_are_printed)
{
    cede_list *list;

    debug();
    harness_capture(print_objects, NULL, output, sizeof output);
    CHECK_INT(printed, 0);
    CHECK_STR(output, "");

    list = cede_list();
    cede_defer (cede_unref, list);
    cede_generator *generator = cede_generator(countdown, NULL);
    cede_defer (cede_unref, generator);

    harness_capture(print_objects, NULL, output, sizeof output);
    CHECK_INT(printed, 2);
    CHECK_CONTAINS(output, "cede: 2 objects are alive:\n  1 x list, created ");
    CHECK_CONTAINS(output, "\n  1 x generator 'countdown', created at ");
}

TEST(nothing_is_printed_unasked)
{
    unsetenv("CEDE_DEBUG");

    cede_list *list = cede_list();
    cede_defer (cede_unref, list);

    harness_capture(print_objects, NULL, output, sizeof output);
    CHECK_INT(printed, 0);
    CHECK_STR(output, "");
}

/* ---- use after release --------------------------------------------------- */

TEST(a_list_is_not_used_after_its_release)
{
    cede_list *list;

    debug();
    list = gone(cede_list_of(1, 2));
    CHECK_RELEASED("list", cede_list_size(list));
    CHECK_RELEASED("list", cede_list_get(list, 0));
    CHECK_RELEASED("list", cede_list_append(list, 3));
    CHECK_RELEASED("list", cede_list_set(list, 0, 3));
    CHECK_RELEASED("list", cede_list_pop(list, 0));
    CHECK_RELEASED("list", cede_list_remove(list, 0));
    CHECK_RELEASED("list", cede_len(list));
    CHECK_RELEASED("list", cede_getitem(list, 0));
    CHECK_RELEASED("list", cede_print(list));
    CHECK_RELEASED("list", cede_value_unref(cede_repr(list)));
    CHECK_RELEASED("list", cede_value_unref(cede_to_str(list)));
    CHECK_RELEASED("list", cede_value_equal(list, list));
    CHECK_RELEASED("list", cede_value_truth(cede_impl_value_borrowed(list)));
}

TEST(what_a_call_would_have_taken_is_given_up)
{
    cede_list *list;

    debug();
    list = gone(cede_list_of(1));
    CHECK_RELEASED("list", cede_list_append(list, cede_str_copy("lost")));
    CHECK_RELEASED("list", cede_list_set(list, 0, cede_str_copy("lost")));
    harness_capture(print_objects, NULL, output, sizeof output);
    CHECK_INT(printed, 0);
}

TEST(a_tuple_is_not_used_after_its_release)
{
    cede_tuple *tuple;

    debug();
    tuple = gone(cede_tuple(1, 2));
    CHECK_RELEASED("tuple", cede_tuple_size(tuple));
    CHECK_RELEASED("tuple", cede_tuple_get(tuple, 0));
    CHECK_RELEASED("tuple", cede_len(tuple));
}

TEST(a_string_is_not_read_after_its_release)
{
    cede_value string;

    debug();
    string = cede_str_copy("text");
    gone(string.as.object);
    CHECK_RELEASED("str", cede_value_str(string));
    CHECK_RELEASED("str", cede_value_str_size(string));
}

static void ask_exception(cede_exception *e)
{
    size_t size;

    CHECK_RELEASED("ValueError", cede_exception_name(e));
    CHECK_RELEASED("ValueError", cede_exception_message(e));
    CHECK_RELEASED("ValueError", cede_exception_args(e));
    CHECK_RELEASED("ValueError", cede_exception_payload(e));
    CHECK_RELEASED("ValueError", cede_exception_value(e));
    CHECK_RELEASED("ValueError", cede_exception_errno(e));
    CHECK_RELEASED("ValueError", cede_exception_exit_status(e));
    CHECK_RELEASED("ValueError", cede_exception_partial(e, &size));
    CHECK_RELEASED("ValueError", cede_exception_expected(e));
    CHECK_RELEASED("ValueError", cede_exception_consumed(e));
    CHECK_RELEASED("ValueError", cede_exception_notes_count(e));
    CHECK_RELEASED("ValueError", cede_exception_note(e, 0));
    CHECK_RELEASED("ValueError", cede_exception_cause(e));
    CHECK_RELEASED("ValueError", cede_exception_context(e));
    CHECK_RELEASED("ValueError", cede_exception_suppress_context(e));
    CHECK_RELEASED("ValueError", cede_extract_tb(e, NULL, 0));
    CHECK_RELEASED("ValueError", cede_free(cede_format_exception(e)));
    CHECK_RELEASED("ValueError", cede_print_exception(e));
    CHECK_RELEASED("ValueError", cede_print(e));
}

static void change_exception(cede_exception *e)
{
    CHECK_RELEASED("ValueError", cede_exception_set_value(e, cede_none));
    CHECK_RELEASED("ValueError", cede_exception_set_errno(e, 1));
    CHECK_RELEASED("ValueError", cede_exception_add_note(e, "note"));
    CHECK_RELEASED("ValueError", cede_exception_set_cause(e, NULL));
    CHECK_RELEASED("ValueError", cede_raise(e));
    CHECK_RELEASED("ValueError", cede_raise_from(cede_KeyError, e, "k"));
}

TEST(an_exception_is_not_used_after_its_release)
{
    cede_exception *e;

    debug();
    e = gone(cede_exception(cede_ValueError, "no"));
    ask_exception(e);
    change_exception(e);
}

enum { KEPT_LINE = __LINE__ + 8 };

static cede_exception *raised(void)
{
    cede_exception *kept = NULL;

    cede_keep(kept);
    cede_try {
        cede_raise(cede_ValueError, "no");
    } cede_except (cede_ValueError, e) {
        kept = cede_ref(e);
    } cede_end
    return kept;
}

TEST(the_place_that_raised_it_is_known_after_its_release)
{
    char expected[PATH_MAX + 128];
    cede_exception *e;

    debug();
    e = gone(raised());
    cede_try {
        cede_exception_name(e);
    } cede_except (cede_RuntimeError, error) {
        snprintf(expected, sizeof expected,
                 "use after release: ValueError, raised at %s:%d in raised, "
                 "was released ",
                 place, KEPT_LINE);
        CHECK_CONTAINS(cede_exception_message(error), expected);
    } cede_end
}

TEST(a_group_is_not_used_after_its_release)
{
    cede_exception *member, *match, *rest, *group;

    debug();
    member = cede_exception(cede_ValueError, "no");
    cede_defer (cede_unref, member);
    group = gone(cede_exception_group("eg", &member, 1));
    CHECK_RELEASED("ExceptionGroup", cede_exception_group_message(group));
    CHECK_RELEASED("ExceptionGroup",
                   cede_exception_group_exceptions(group, NULL));
    CHECK_RELEASED(
        "ExceptionGroup",
        cede_exception_group_split(group, cede_ValueError, &match, &rest));
    CHECK_RELEASED("ExceptionGroup", cede_unref(cede_exception_group_subgroup(
                                         group, cede_ValueError)));
    CHECK_RELEASED("ExceptionGroup",
                   cede_unref(cede_exception_group_leaves(group)));
}

TEST(contexts_and_variables_are_not_used_after_their_release)
{
    cede_context_var *gone_variable;
    cede_context *context;

    debug();
    gone_variable = gone(cede_context_var_new("v"));
    CHECK_RELEASED("ContextVar", cede_context_var_name(gone_variable));
    CHECK_RELEASED("ContextVar", cede_context_var_get(gone_variable));
    CHECK_RELEASED("ContextVar",
                   cede_context_var_get_default(gone_variable, 1));
    CHECK_RELEASED("ContextVar", cede_context_var_set(gone_variable, 1));
    CHECK_RELEASED("ContextVar",
                   cede_unref(cede_context_var_set_token(gone_variable, 1)));
    context = gone(cede_context_new());
    CHECK_RELEASED("Context", cede_context_get(context, variable));
    CHECK_RELEASED("Context", cede_context_get_default(context, variable, 1));
    CHECK_RELEASED("Context", cede_context_contains(context, variable));
    CHECK_RELEASED("Context", cede_context_size(context));
    CHECK_RELEASED("Context", cede_unref(cede_context_copy(context)));
}

static cede_value use_token(void *unused)
{
    cede_token *token;
    cede_value value;

    (void)unused;
    token = gone(cede_context_var_set_token(variable, 1));
    CHECK_RELEASED("Token", cede_token_var(token));
    CHECK_RELEASED("Token", cede_token_old_value(token, &value));
    CHECK_RELEASED("Token", cede_context_var_reset(variable, token));
    return cede_none;
}

TEST(a_token_is_not_used_after_its_release)
{
    cede_context *context;

    debug();
    context = cede_context_new();
    cede_defer (cede_unref, context);
    cede_context_run(context, use_token, NULL);
}

/* ---- classes of one's own ------------------------------------------------ */

typedef struct counter {
    cede_object head;
    int count;
} counter;

static const cede_class counter_class[1] = {
    {.name = "counter", .size = sizeof(counter)}};

static int counter_next(counter *self)
{
    cede_check_alive(self);
    return ++self->count;
}

#define CHECK_UNKNOWN(advice)                                                  \
    do {                                                                       \
        cede_object released = {.flags = CEDE_IMPL_OBJECT_RELEASED};           \
                                                                               \
        cede_try {                                                             \
            cede_check_alive(&released);                                       \
            CHECK(false);                                                      \
        } cede_except (cede_RuntimeError, e) {                                 \
            CHECK_STR(cede_exception_message(e),                               \
                      "use after release: keep a reference to what you use, "  \
                      "with cede_ref" advice);                                 \
        } cede_end                                                             \
    } while (0)

/* Of what a run without CEDE_DEBUG=1 stumbles over nothing is known. */
TEST(the_way_to_know_more_is_told)
{
    CHECK_UNKNOWN("; CEDE_DEBUG=1 in the environment says what was released, "
                  "and where");
}

TEST(what_is_no_object_is_not_said_to_have_been_one)
{
    debug();
    CHECK_UNKNOWN(", and give cede nothing but its objects");
}

TEST(users_functions_check_as_ours_do)
{
    counter *mine;

    debug();
    mine = cede_object_new(counter_class);
    CHECK_INT(counter_next(mine), 1);
    gone(mine);
    CHECK_RELEASED("counter", counter_next(mine));
}

static void read_raw(void *unused)
{
    counter *mine = cede_object_new(counter_class);

    (void)unused;
    mine->count = 7;
    gone(mine);
    printf("%x", (unsigned)mine->count);
    fflush(stdout);
}

/* What is read without asking is no longer what it was. */
TEST(the_memory_is_spoilt)
{
    if (RUNNING_ON_VALGRIND)
        SKIP("valgrind says something, and whoever runs it wants to hear it");
    debug();
    harness_fork(read_raw, NULL, output, sizeof output);
    if (CEDE_IMPL_ASAN)
        CHECK_CONTAINS(output, "use-after-poison");
    else
        CHECK_STR(output, "dddddddd");
}

/* ---- references ---------------------------------------------------------- */

static void unref_again(void *object)
{
    cede_unref(object);
}

static void ref_again(void *object)
{
    CHECK_PTR(cede_ref(object), object);
}

TEST(cede_unref_and_cede_ref_tell_and_do_not_raise)
{
    cede_list *list;

    debug();
    list = gone(cede_list());
    harness_capture(unref_again, list, output, sizeof output);
    CHECK_CONTAINS(output, "cede: use after release: list, created ");
    CHECK_INT(lines_in(output), 1);
    harness_capture(ref_again, list, output, sizeof output);
    CHECK_CONTAINS(output, "cede: use after release: list, created ");
    CHECK_RELEASED("list", cede_list_size(list));
}

TEST(isinstance_says_no)
{
    cede_exception *e;

    debug();
    e = gone(cede_exception(cede_ValueError, NULL));
    CHECK(!cede_isinstance(e, cede_BaseException));
}

/* Containers of many levels wait for their end with their flags overwritten. */
TEST(what_was_destroyed_later_is_known_too)
{
    cede_value nested = cede_none;
    void *innermost = NULL;

    debug();
    for (int i = 0; i < 100; i++) {
        cede_tuple *tuple = cede_tuple_new(&nested, 1);

        if (!innermost)
            innermost = tuple;
        nested = cede_object(tuple);
    }
    cede_value_unref(nested);
    CHECK_INT(cede__debug_kept(), 100);
    CHECK_RELEASED("tuple", cede_tuple_size(innermost));
}

/* ---- who called what raised ---------------------------------------------- */

__attribute__((noinline)) static int64_t ask_too_far(cede_list *list)
{
    int64_t first = cede_value_int(cede_list_get(list, 0));

    return first + cede_value_int(cede_list_get(list, 5));
}

__attribute__((noinline)) static int64_t raise_too_far(cede_list *list)
{
    cede_raise(cede_IndexError, "%zu items", cede_list_size(list));
}

/* The traceback of what the function raises. */
static void trace_of(int64_t (*function)(cede_list *), char *text, size_t size)
{
    cede_own (list, cede_list_of(1, 2));

    text[0] = '\0';
    cede_try {
        function(list);
    } cede_except (cede_IndexError, e) {
        char *formatted = cede_format_exception(e);

        snprintf(text, size, "%s", formatted ? formatted : "");
        cede_free(formatted);
    } cede_end
}

#ifdef __GLIBC__
TEST(who_called_what_raised_is_told, .torture = false)
{
    char text[4096];

    debug();
    trace_of(ask_too_far, text, sizeof text);
    CHECK_CONTAINS(text, "\n  called in ask_too_far (");
    CHECK_CONTAINS(text, ")\nIndexError: list index out of range\n");
}
#endif

TEST(who_raises_says_so_alone, .torture = false)
{
    char text[4096];

    debug();
    trace_of(raise_too_far, text, sizeof text);
    CHECK_CONTAINS(text, "in raise_too_far\n");
    CHECK(!strstr(text, "called"));
}

TEST(who_called_is_not_told_unasked, .torture = false)
{
    char text[4096];

    trace_of(ask_too_far, text, sizeof text);
    CHECK_CONTAINS(text, "IndexError: list index out of range\n");
    CHECK(!strstr(text, "called"));
}

/* ---- what is kept -------------------------------------------------------- */

TEST(only_so_many_objects_are_kept, .timeout = 60, .torture = false)
{
    cede_tuple *first, *late;

    debug();
    first = gone(cede_tuple());
    late = gone(cede_tuple());
    for (int i = 0; i < 65535; i++)
        cede_unref(cede_tuple());
    CHECK_INT(cede__debug_kept(), 65536);
    CHECK(first != late);
    CHECK_RELEASED("tuple", cede_tuple_size(late));
}

TEST(only_so_many_bytes_are_kept, .torture = false)
{
    static char text[1024 * 1024 - 64];
    cede_value first;

    debug();
    memset(text, 'x', sizeof text - 1);
    first = cede_str_copy(text);
    gone(first.as.object);
    for (int i = 0; i < 100; i++)
        cede_value_unref(cede_str_copy(text));
    CHECK_INT(cede__debug_kept(), 64);
}

TEST(what_is_kept_does_not_count_as_alive)
{
    size_t before;

    debug();
    before = cede__memory_live();
    cede_unref(cede_list_of(1, 2, 3));
    CHECK_INT(cede__memory_live(), before);
    CHECK_INT(cede__debug_kept(), 1);
}

static long allocated;

static void *count_allocate(void *context, size_t size)
{
    (void)context;
    allocated++;
    return malloc(size);
}

static void *count_reallocate(void *context, void *block, size_t size)
{
    (void)context;
    return realloc(block, size);
}

static void count_release(void *context, void *block)
{
    (void)context;
    allocated--;
    free(block);
}

TEST(a_new_allocator_gets_nothing_of_the_old_one, .torture = false)
{
    const cede_allocator counting = {count_allocate, count_reallocate,
                                     count_release, NULL};

    debug();
    REQUIRE(cede_set_allocator(&counting) == 0);
    cede_unref(cede_tuple(1));
    CHECK_INT(allocated, 1);
    CHECK_INT(cede_set_allocator(NULL), 0);
    CHECK_INT(allocated, 0);
    CHECK_INT(cede__debug_kept(), 0);
}
