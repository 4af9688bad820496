/*
 * Context variables, contexts and tokens without a loop: rules C03, C04, C06,
 * C07. What is expected is what CPython prints, without addresses.
 */
#include "value/said.h"

#include "base/memory.h"
#include "value/context.h"

#include "cede/context.h"
#include "cede/generator.h"
#include "cede/print.h"

#include <pthread.h>

/* A test whose body runs in a new context: the thread's own lives as long as
   the thread, which would look like a leak. */
#define CONTEXT_TEST(id, ...)                                                  \
    static void body_of_##id(void);                                            \
    static cede_value run_##id(void *unused)                                   \
    {                                                                          \
        (void)unused;                                                          \
        body_of_##id();                                                        \
        return cede_none;                                                      \
    }                                                                          \
    TEST(id, __VA_ARGS__)                                                      \
    {                                                                          \
        cede_context *context = cede_context_new();                            \
        cede_defer (cede_unref, context);                                      \
        cede_value_unref(cede_context_run(context, run_##id, NULL));           \
    }                                                                          \
    static void body_of_##id(void)

static CEDE_CONTEXT_VAR(v);
static CEDE_CONTEXT_VAR(w, 1);

/* For cede_auto. */
static void drop_value(cede_value *value)
{
    cede_value_unref(*value);
}

static void unref_all(cede_context_var *const *variables)
{
    while (*variables)
        cede_unref(*variables++);
}

/* --- variables --- */

int somewhere;
CEDE_CONTEXT_VAR(a_none, cede_none);
static CEDE_CONTEXT_VAR(a_bool, (bool)1);
static CEDE_CONTEXT_VAR(a_char, 'c');
static CEDE_CONTEXT_VAR(an_int, -5);
static CEDE_CONTEXT_VAR(a_long, INT64_MIN);
static CEDE_CONTEXT_VAR(a_float, 2.5f);
static CEDE_CONTEXT_VAR(a_double, -0.5);
static CEDE_CONTEXT_VAR(a_text, "text");
static CEDE_CONTEXT_VAR(a_pointer, &somewhere);
static CEDE_CONTEXT_VAR(a_null, NULL);

TEST(a_default_is_any_constant)
{
    CHECK(cede_is_none(cede_context_var_get(a_none)));
    CHECK(cede_value_bool(cede_context_var_get(a_bool)));
    CHECK_INT(cede_value_int(cede_context_var_get(a_char)), 'c');
    CHECK_INT(cede_value_int(cede_context_var_get(an_int)), -5);
    CHECK_INT(cede_value_int(cede_context_var_get(a_long)), INT64_MIN);
    CHECK_FLOAT(cede_value_float(cede_context_var_get(a_float)), 2.5);
    CHECK_FLOAT(cede_value_float(cede_context_var_get(a_double)), -0.5);
    CHECK_STR(cede_value_str(cede_context_var_get(a_text)), "text");
    CHECK_PTR(cede_value_pointer(cede_context_var_get(a_pointer)), &somewhere);
    CHECK_PTR(cede_value_pointer(cede_context_var_get(a_null)), NULL);
    CHECK_STR(cede_context_var_name(a_text), "a_text");
}

/* C03 */
CONTEXT_TEST(C03_get_without_a_value_is_a_LookupError)
{
    SAY_RAISED(cede_context_var_get(v));
    CHECK_SAID("LookupError: <ContextVar name='v'>\n");
    CHECK(cede_is_none(cede_context_var_get_default(v, cede_none)));
    CHECK_INT(cede_value_int(cede_context_var_get_default(v, 5)), 5);
    CHECK_INT(cede_value_int(cede_context_var_get(w)), 1);
    CHECK_INT(cede_value_int(cede_context_var_get_default(w, 7)), 7);
}

CONTEXT_TEST(what_is_set_is_got)
{
    cede_context_var_set(v, "a");
    CHECK_STR(cede_value_str(cede_context_var_get(v)), "a");
    CHECK_STR(cede_value_str(cede_context_var_get_default(v, "b")), "a");
    cede_context_var_set(v, 2.5);
    CHECK_FLOAT(cede_value_float(cede_context_var_get(v)), 2.5);
    cede_context_var_set(v, cede_none);
    CHECK(cede_is_none(cede_context_var_get(v)));
    cede_context_var_set(w, 2);
    CHECK_INT(cede_value_int(cede_context_var_get(w)), 2);
    CHECK(cede_is_none(cede_context_var_get(v)));
}

CONTEXT_TEST(a_context_owns_its_values)
{
    cede_context_var_set(v, cede_str_copy("first"));
    CHECK_STR(cede_value_str(cede_context_var_get(v)), "first");
    cede_context_var_set(v, cede_str_copy("second"));
    CHECK_STR(cede_value_str(cede_context_var_get(v)), "second");
}

static cede_context_var *new_variable(const char *name)
{
    char text[16];

    snprintf(text, sizeof text, "%s", name);
    return cede_context_var_new(text); /* copied */
}

CONTEXT_TEST(variables_made_at_run_time)
{
    cede_context_var *plain = new_variable("plain");
    cede_defer (cede_unref, plain);
    cede_context_var *with =
        cede_context_var_new("with", cede_str_copy("default"));
    cede_defer (cede_unref, with);

    CHECK_STR(cede_context_var_name(plain), "plain");
    SAY_RAISED(cede_context_var_get(plain));
    CHECK_SAID("LookupError: <ContextVar name='plain'>\n");
    CHECK_STR(cede_value_str(cede_context_var_get(with)), "default");
    cede_context_var_set(plain, 1);
    cede_context_var_set(with, 2);
    CHECK_INT(cede_value_int(cede_context_var_get(plain)), 1);
    CHECK_INT(cede_value_int(cede_context_var_get(with)), 2);
}

CONTEXT_TEST(a_context_holds_its_variables)
{
    cede_context_var *variable = new_variable("gone");
    cede_context *context;

    {
        cede_defer (cede_unref, variable);
        cede_context_var_set(variable, 1);
        context = cede_copy_context();
    }
    cede_defer (cede_unref, context);
    cede_for (item, cede_ref(context))
        CHECK_STR(cede_context_var_name(cede_value_object(item)), "gone");
}

/* Many, so that a context has more than one node. */
CONTEXT_TEST(a_hundred_variables, .torture = false)
{
    enum { COUNT = 100 };
    cede_context_var *variables[COUNT + 1] = {NULL};
    cede_context *context;
    cede_defer (unref_all, variables);

    for (int i = 0; i < COUNT; i++)
        variables[i] = cede_context_var_new("x", -1);
    for (int i = 0; i < COUNT; i += 2)
        cede_context_var_set(variables[i], i);
    context = cede_copy_context();
    cede_defer (cede_unref, context);
    for (int i = 0; i < COUNT; i++) {
        CHECK_INT(cede_value_int(cede_context_var_get(variables[i])),
                  i % 2 ? -1 : i);
        cede_context_var_set(variables[i], 1000 + i);
        CHECK_INT(cede_context_contains(context, variables[i]), i % 2 == 0);
    }
    for (int i = 0; i < COUNT; i += 2)
        CHECK_INT(cede_value_int(cede_context_get(context, variables[i])), i);
}

/* --- tokens --- */

/* C03 */
CONTEXT_TEST(C03_reset_gives_the_old_value_back)
{
    cede_token *first = cede_context_var_set_token(v, 1);
    cede_defer (cede_unref, first);
    cede_token *second = cede_context_var_set_token(v, cede_str_copy("two"));
    cede_defer (cede_unref, second);
    cede_value old = cede_none;

    CHECK(!cede_token_old_value(first, &old));
    CHECK(cede_token_old_value(second, &old));
    CHECK_INT(cede_value_int(old), 1);
    CHECK_PTR(cede_token_var(first), v);
    cede_context_var_reset(v, second);
    CHECK_INT(cede_value_int(cede_context_var_get(v)), 1);
    cede_context_var_reset(v, first);
    SAY_RAISED(cede_context_var_get(v));
    CHECK_SAID("LookupError: <ContextVar name='v'>\n");
}

/* C03 */
CONTEXT_TEST(C03_reset_in_another_order)
{
    cede_token *first = cede_context_var_set_token(v, 1);
    cede_defer (cede_unref, first);
    cede_token *other = cede_context_var_set_token(w, 5);
    cede_defer (cede_unref, other);
    cede_token *second = cede_context_var_set_token(v, 2);
    cede_defer (cede_unref, second);

    cede_context_var_reset(v, first);
    CHECK(cede_is_none(cede_context_var_get_default(v, cede_none)));
    CHECK_INT(cede_value_int(cede_context_var_get(w)), 5);
    cede_context_var_reset(v, second);
    CHECK_INT(cede_value_int(cede_context_var_get(v)), 1);
    cede_context_var_reset(w, other);
    CHECK_INT(cede_value_int(cede_context_var_get(w)), 1);
}

/* C03 */
CONTEXT_TEST(C03_a_token_works_once)
{
    cede_token *token = cede_context_var_set_token(v, 1);
    cede_defer (cede_unref, token);

    cede_context_var_reset(v, token);
    SAY_RAISED(cede_context_var_reset(v, token));
    SAY_RAISED(cede_context_var_reset(w, token));
    CHECK_SAID("RuntimeError: <Token used var=<ContextVar name='v'>> has "
               "already been used once\n"
               "RuntimeError: <Token used var=<ContextVar name='v'>> has "
               "already been used once\n");
}

static cede_value reset_v(void *token)
{
    SAY_RAISED(cede_context_var_reset(v, token));
    return cede_none;
}

/* C03 */
CONTEXT_TEST(C03_a_token_works_for_its_variable_in_its_context)
{
    cede_token *token = cede_context_var_set_token(v, 1);
    cede_defer (cede_unref, token);
    cede_context *copy = cede_copy_context();
    cede_defer (cede_unref, copy);

    SAY_RAISED(cede_context_var_reset(w, token));
    cede_context_run(copy, reset_v, token);
    CHECK_SAID("ValueError: <Token var=<ContextVar name='v'>> was created by "
               "a different ContextVar\n"
               "ValueError: <Token var=<ContextVar name='v'>> was created in "
               "a different Context\n");
    cede_context_var_reset(v, token); /* still good */
    CHECK(cede_is_none(cede_context_var_get_default(v, cede_none)));
}

/* What a finally clause does must not fail for want of memory. */
CONTEXT_TEST(resetting_in_order_takes_no_memory)
{
    cede_context_var_set(v, 0);
    cede_context_var_set(w, 0);
    {
        cede_token *outer = cede_context_var_set_token(v, 1);
        cede_defer (cede_unref, outer);
        cede_token *inner = cede_context_var_set_token(w, 2);
        cede_defer (cede_unref, inner);
        size_t live = cede__memory_live();

        cede_context_var_reset(w, inner);
        cede_context_var_reset(v, outer);
        CHECK(cede__memory_live() <= live);
        CHECK_PTR(outer->context->values, outer->before);
    }
    CHECK_INT(cede_value_int(cede_context_var_get(v)), 0);
    CHECK_INT(cede_value_int(cede_context_var_get(w)), 0);
}

static void leave_by_exception(void)
{
    cede_with (token, cede_context_var_set_token(v, "inside")) {
        CHECK_STR(cede_value_str(cede_context_var_get(v)), "inside");
        cede_raise(cede_ValueError, "out");
    } cede_end
}

CONTEXT_TEST(a_token_is_a_context_manager)
{
    cede_context_var_set(v, "outside");
    cede_with (token, cede_context_var_set_token(v, "inside")) {
        CHECK_STR(cede_value_str(cede_context_var_get(v)), "inside");
    } cede_end
    CHECK_STR(cede_value_str(cede_context_var_get(v)), "outside");
    CHECK_RAISES(cede_ValueError, leave_by_exception());
    CHECK_STR(cede_value_str(cede_context_var_get(v)), "outside");
}

/* --- contexts --- */

/* C06 */
CONTEXT_TEST(C06_a_copy_does_not_see_what_is_set_later)
{
    cede_context *empty = cede_copy_context();
    cede_defer (cede_unref, empty);
    cede_context_var_set(v, 1);
    cede_context *one = cede_copy_context();
    cede_defer (cede_unref, one);
    cede_context_var_set(v, 2);
    cede_context_var_set(w, 3);
    cede_context *again = cede_context_copy(one);
    cede_defer (cede_unref, again);

    CHECK_INT(cede_context_size(empty), 0);
    CHECK_INT(cede_context_size(one), 1);
    CHECK_INT(cede_len(one), 1);
    CHECK_INT(cede_value_int(cede_context_get(one, v)), 1);
    CHECK_INT(cede_value_int(cede_context_get(again, v)), 1);
    CHECK(cede_context_contains(one, v));
    CHECK(!cede_context_contains(one, w));
    CHECK_INT(cede_value_int(cede_context_get_default(one, w, 9)), 9);
    CHECK_INT(cede_value_int(cede_context_get_default(one, v, 9)), 1);
    SAY_RAISED(cede_context_get(one, w));
    SAY_RAISED(cede_context_get(empty, v));
    CHECK_SAID("KeyError: <ContextVar name='w' default=1>\n"
               "KeyError: <ContextVar name='v'>\n");
}

/* C06: copying takes one block, however much is set. */
CONTEXT_TEST(C06_a_copy_is_one_block, .torture = false)
{
    enum { COUNT = 1000 };
    cede_context_var *variables[COUNT + 1] = {NULL};
    cede_context *copy;
    size_t live;
    cede_defer (unref_all, variables);

    for (int i = 0; i < COUNT; i++) {
        variables[i] = cede_context_var_new("x");
        cede_context_var_set(variables[i], i);
    }
    live = cede__memory_live();
    copy = cede_copy_context();
    cede_defer (cede_unref, copy);
    CHECK_INT(cede__memory_live() - live, 1);
}

CONTEXT_TEST(iterating_gives_the_variables_set_by_then)
{
    static CEDE_CONTEXT_VAR(third);
    cede_context *context;
    int64_t sum = 0;
    int count = 0;

    cede_context_var_set(v, 10);
    cede_context_var_set(w, 200);
    context = cede_copy_context();
    cede_defer (cede_unref, context);
    cede_for (item, cede_ref(context)) {
        cede_context_var *variable = cede_value_object(item);

        sum += cede_value_int(cede_context_get(context, variable));
        count++;
    }
    CHECK_INT(count, 2);
    CHECK_INT(sum, 210);
    cede_for (item, cede_copy_context())
        cede_context_var_set(third, 5);
    CHECK_INT(cede_value_int(cede_context_var_get(third)), 5);
    cede_for (item, cede_context_new())
        CHECK(!"empty");
}

CONTEXT_TEST(contexts_are_equal_by_their_values)
{
    cede_context *nothing = cede_context_new();
    cede_defer (cede_unref, nothing);
    cede_context_var_set(v, cede_str_copy("x"));
    cede_context *first = cede_copy_context();
    cede_defer (cede_unref, first);
    cede_context_var_set(v, "x");
    cede_context *second = cede_copy_context();
    cede_defer (cede_unref, second);
    cede_context_var_set(v, "y");
    cede_context *third = cede_copy_context();
    cede_defer (cede_unref, third);

    CHECK(cede_value_equal(first, first));
    CHECK(cede_value_equal(first, second));
    CHECK(!cede_value_equal(first, third));
    CHECK(!cede_value_equal(first, nothing));
    CHECK(cede_value_equal(nothing, nothing));
    CHECK(!cede_value_equal(first, "x"));
    CHECK(!cede_value_equal(first, v));
}

CONTEXT_TEST(looks)
{
    cede_auto (cede_value, plain, drop_value) = cede_none;
    cede_auto (cede_value, with, drop_value) = cede_none;
    cede_auto (cede_value, token, drop_value) = cede_none;
    cede_token *set = cede_context_var_set_token(w, 2);
    cede_defer (cede_unref, set);

    plain = cede_repr(v);
    CHECK_STR(cede_value_str(plain), "<ContextVar name='v'>");
    with = cede_to_str(w);
    CHECK_STR(cede_value_str(with), "<ContextVar name='w' default=1>");
    token = cede_repr(set);
    CHECK_STR(cede_value_str(token),
              "<Token var=<ContextVar name='w' default=1>>");
}

/* --- running in a context --- */

static cede_value set_v(void *value)
{
    cede_context_var_set(v, *(int *)value);
    return cede_str_copy("result");
}

CONTEXT_TEST(run_sets_in_the_context_alone)
{
    cede_context *context = cede_copy_context();
    cede_defer (cede_unref, context);
    cede_value result;

    result = cede_context_run(context, set_v, &(int){3});
    CHECK_STR(cede_value_str(result), "result");
    cede_value_unref(result);
    CHECK(cede_is_none(cede_context_var_get_default(v, cede_none)));
    CHECK_INT(cede_value_int(cede_context_get(context, v)), 3);
    cede_value_unref(cede_context_run(context, set_v, &(int){4}));
    CHECK_INT(cede_value_int(cede_context_get(context, v)), 4);
}

static cede_value fails_after_setting(void *unused)
{
    (void)unused;
    cede_context_var_set(v, "set");
    cede_raise(cede_ValueError, "failed");
}

/* C07 */
CONTEXT_TEST(C07_the_context_is_left_when_an_exception_passes)
{
    cede_context *context = cede_copy_context();
    cede_defer (cede_unref, context);

    cede_context_var_set(v, "before");
    for (int i = 0; i < 2; i++) { /* it can be entered again */
        CHECK_RAISES(cede_ValueError,
                     cede_context_run(context, fails_after_setting, NULL));
        CHECK_STR(cede_value_str(cede_context_var_get(v)), "before");
        CHECK_STR(cede_value_str(cede_context_get(context, v)), "set");
    }
}

static cede_value nothing(void *unused)
{
    (void)unused;
    return cede_none;
}

static cede_value enter_twice(void *context)
{
    SAY_RAISED(cede_context_run(context, nothing, NULL));
    return cede_none;
}

static cede_value enter_below_another(void *context)
{
    cede_context *other = cede_context_new();
    cede_defer (cede_unref, other);

    cede_context_run(other, enter_twice, context);
    return cede_none;
}

/* C03 */
CONTEXT_TEST(C03_a_context_is_entered_once_at_a_time)
{
    cede_context *context = cede_context_new();
    cede_defer (cede_unref, context);

    cede_context_run(context, enter_twice, context);
    CHECK_SAID("RuntimeError: cannot enter context: <Context object> is "
               "already entered\n");
    cede_context_run(context, enter_below_another, context);
    CHECK_SAID("RuntimeError: cannot enter context: <Context object> is "
               "already entered\n");
    cede_context_run(context, nothing, NULL);
}

static cede_value count_down(void *left)
{
    cede_context *context;

    if ((*(int *)left)-- == 0)
        return cede_none;
    context = cede_copy_context();
    cede_defer (cede_unref, context);
    cede_context_var_set(v, *(int *)left);
    cede_context_run(context, count_down, left);
    CHECK(cede_context_contains(context, v) || *(int *)left <= 0);
    return cede_none;
}

CONTEXT_TEST(runs_nest)
{
    cede_context_var_set(v, "outermost");
    count_down(&(int){20});
    CHECK_INT(cede_value_int(cede_context_var_get(v)), 19);
}

/* A value whose end looks at the variable. */
struct prober {
    cede_object head;
};

static void probe(void *self)
{
    (void)self;
    say_value(cede_value_ref(cede_context_var_get_default(v, "nothing")));
}

static const cede_class prober_class[1] = {{.name = "prober",
                                            .size = sizeof(struct prober),
                                            .destroy = probe}};

CONTEXT_TEST(what_a_value_does_when_it_goes)
{
    cede_context_var_set(v, cede_object(cede_object_new(prober_class)));
    cede_context_var_set(v, "next");
    CHECK_SAID("next");
}

/* --- generators --- */

static cede_value sets_and_yields(void *unused)
{
    (void)unused;
    cede_context_var_set(v, 1);
    cede_yield(cede_none);
    cede_context_var_set(v, 2);
    cede_yield(cede_none);
    return cede_none;
}

/* C04: C04_generators_do_not_isolate_context */
CONTEXT_TEST(C04_a_generator_runs_in_the_context_of_whoever_resumes_it)
{
    cede_generator *generator = cede_generator(sets_and_yields, NULL);
    cede_defer (cede_unref, generator);

    cede_value_unref(cede_next(generator));
    CHECK_INT(cede_value_int(cede_context_var_get(v)), 1);
    cede_context_var_set(v, 9);
    cede_value_unref(cede_next(generator));
    CHECK_INT(cede_value_int(cede_context_var_get(v)), 2);
}

static cede_value resume(void *generator)
{
    return cede_next(generator);
}

/* C04 */
CONTEXT_TEST(C04_each_resume_may_be_in_another_context)
{
    cede_generator *generator = cede_generator(sets_and_yields, NULL);
    cede_defer (cede_unref, generator);
    cede_context *first = cede_context_new();
    cede_defer (cede_unref, first);
    cede_context *second = cede_context_new();
    cede_defer (cede_unref, second);

    cede_value_unref(cede_context_run(first, resume, generator));
    cede_value_unref(cede_context_run(second, resume, generator));
    CHECK_INT(cede_value_int(cede_context_get(first, v)), 1);
    CHECK_INT(cede_value_int(cede_context_get(second, v)), 2);
    CHECK(cede_is_none(cede_context_var_get_default(v, cede_none)));
}

static cede_value yield_one(void *unused)
{
    (void)unused;
    return cede_yield(1);
}

static cede_value yield_in_context(void *context)
{
    SAY_RAISED(cede_context_run(context, yield_one, NULL));
    cede_yield("left"); /* the ban is over */
    return cede_none;
}

/* In CPython it cannot be written: run is no frame of the generator. */
CONTEXT_TEST(a_generator_must_not_yield_out_of_run)
{
    cede_context *context = cede_context_new();
    cede_defer (cede_unref, context);

    cede_for (item, cede_generator(yield_in_context, context))
        CHECK_STR(cede_value_str(item), "left");
    CHECK_CONTAINS(said_text, "RuntimeError: yield inside a timeout, task "
                              "group, cancel scope or cede_context_run");
    CHECK_PTR(context->place, NULL);
}

static cede_value inner_generator(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++)
        cede_yield(i);
    return cede_none;
}

static cede_value sum_inside(void *sum)
{
    cede_for (item, cede_generator(inner_generator, NULL))
        *(int64_t *)sum += cede_value_int(item);
    return cede_none;
}

CONTEXT_TEST(a_generator_may_be_used_inside_run)
{
    cede_context *context = cede_context_new();
    cede_defer (cede_unref, context);
    int64_t sum = 0;

    cede_context_run(context, sum_inside, &sum);
    CHECK_INT(sum, 3);
}

/* --- threads --- */

struct thread {
    pthread_t id;
    cede_context *context;
    int64_t sum;
    bool failed;
};

/* Reads what it was given, sets what is its own. */
static cede_value work(void *self)
{
    struct thread *thread = self;

    for (int i = 0; i < 200; i++) {
        cede_context *copy = cede_copy_context();
        cede_defer (cede_unref, copy);

        thread->sum += cede_value_int(cede_context_get(copy, v));
        cede_context_var_set(v, i);
        cede_context_var_set(w, cede_str_copy("a thread's own"));
    }
    return cede_none;
}

static cede_value work_in_context(void *self)
{
    return cede_context_run(((struct thread *)self)->context, work, self);
}

/* What is raised must not leave the thread's function: nobody would know. */
static void *begin_thread(void *self)
{
    struct thread *thread = self;
    cede_exception *error = cede_catch(work_in_context, thread, NULL);

    thread->failed = error != NULL;
    cede_unref(error);
    return NULL;
}

enum { THREADS = 4 };

static void drop_contexts(struct thread *threads)
{
    for (int i = 0; i < THREADS; i++)
        cede_unref(threads[i].context);
}

/* Each thread has a copy of one context; for ThreadSanitizer too. */
CONTEXT_TEST(threads_use_copies_of_one_context)
{
    struct thread threads[THREADS] = {0};
    cede_defer (drop_contexts, threads);

    cede_context_var_set(v, 1000);
    cede_context_var_set(w, cede_str_copy("shared"));
    for (int i = 0; i < THREADS; i++)
        threads[i].context = cede_copy_context();
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i].id, NULL, begin_thread,
                               &threads[i]) == 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i].id, NULL);
        CHECK(harness_torturing() || !threads[i].failed);
        if (!threads[i].failed)
            CHECK_INT(threads[i].sum, 1000 + 198 * 199 / 2);
    }
    CHECK_INT(cede_value_int(cede_context_var_get(v)), 1000);
}

static cede_value set_outside(void *unused)
{
    (void)unused;
    CHECK(cede_is_none(cede_context_var_get_default(v, cede_none)));
    cede_context_var_set(v, cede_str_copy("until the thread ends"));
    CHECK_STR(cede_value_str(cede_context_var_get(v)),
              "until the thread ends");
    return cede_none;
}

static void *thread_that_sets(void *unused)
{
    cede_unref(cede_catch(set_outside, unused, NULL));
    return NULL;
}

/* The harness sees to it that nothing is left behind. */
CONTEXT_TEST(a_thread_begins_with_nothing_set_and_ends_with_its_context)
{
    pthread_t thread;

    cede_context_var_set(v, "another thread's");
    REQUIRE(pthread_create(&thread, NULL, thread_that_sets, NULL) == 0);
    pthread_join(thread, NULL);
    CHECK_STR(cede_value_str(cede_context_var_get(v)), "another thread's");
}

/* Several threads set a variable for the first time. */
static cede_context_var *racing;

static cede_value set_first(void *unused)
{
    (void)unused;
    cede_context_var_set(racing, 1);
    CHECK_INT(cede_value_int(cede_context_var_get(racing)), 1);
    return cede_none;
}

static void *race(void *unused)
{
    cede_unref(cede_catch(set_first, unused, NULL));
    return NULL;
}

TEST(a_variable_is_first_set_by_several_threads_at_once)
{
    pthread_t threads[THREADS];

    racing = cede_context_var_new("racing");
    cede_defer (cede_unref, racing);
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, race, NULL) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}
