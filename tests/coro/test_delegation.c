/*
 * Delegation: rules Y01 to Y18, Y20 and G31; long chains, shared
 * sub-generators, and the ways a sub-generator may answer (Y21).
 */
#include "coro/said_generator.h"

#include "cede/generator.h"
#include "cede/tuple.h"

/* Delegates to a new generator of the function, and returns what it does. */
static cede_value delegates(void *function)
{
    return cede_yield_from(
        cede_generator((cede_function)(uintptr_t)function, NULL));
}
#define POINTER(function) ((void *)(uintptr_t)(function))

/* The same to a generator others know too. */
static cede_value delegates_to(void *generator)
{
    return cede_yield_from(cede_ref((cede_generator *)generator));
}

/* ---- iterators that are no generators ------------------------------------ */

struct sink {
    cede_object head;
    int position;
};

static bool sink_next(void *self, cede_value *item)
{
    struct sink *sink = self;

    say("next ");
    if (++sink->position > 3) {
        *item = cede_str("final");
        return false;
    }
    *item = cede_int(sink->position);
    return true;
}

static bool sink_send(void *self, cede_value value, cede_value *item)
{
    (void)self;
    say("send ");
    say_value(value);
    say(" ");
    *item = cede_str("s");
    return true;
}

static bool sink_throw(void *self, cede_exception *exception, cede_value *item)
{
    (void)self;
    say("throw %s ", cede_exception_name(exception));
    if (cede_exception_is(exception, cede_KeyError)) {
        *item = cede_str("from throw");
        return false;
    }
    if (cede_exception_is(exception, cede_IndexError))
        cede_raise(cede_TypeError, "replaced");
    *item = cede_int(2);
    return true;
}

static void sink_close(void *self)
{
    (void)self;
    say("close ");
}

static const cede_iterator_methods sink_methods = {
    sink_next, sink_send, sink_throw, sink_close, NULL};
static const cede_class sink_class[1] = {{
    .name = "Sink", .size = sizeof(struct sink), .iterator = &sink_methods}};

static const cede_iterator_methods bare_methods = {.next = sink_next};
static const cede_class bare_class[1] = {{
    .name = "Bare", .size = sizeof(struct sink), .iterator = &bare_methods}};

static cede_value from_class(void *class)
{
    return cede_yield_from(cede_object_new(class));
}

TEST(Y01_send_forwarding)
{
    GENERATOR(g, from_class, (void *)sink_class);

    say_next(g);
    say_value(cede_generator_send(g, cede_none));
    say(" ");
    say_value(cede_generator_send(g, 5));
    CHECK_SAID("next 1 next 2 send 5 s");
}

TEST(Y09_throw_generatorexit_uses_close)
{
    GENERATOR(g, from_class, (void *)sink_class);

    say_next(g);
    SAY_RAISED(cede_generator_throw(g, cede_GeneratorExit));
    CHECK_SAID("next 1 close GeneratorExit: \n");

    GENERATOR(h, from_class, (void *)sink_class);
    say_next(h);
    say_value(cede_generator_throw(h, cede_ValueError));
    cede_generator_close(h);
    CHECK_SAID("next 1 throw ValueError 2close ");
}

static cede_value says_result(void *class)
{
    cede_value result = cede_yield_from(cede_object_new(class));

    say("r ");
    cede_yield(result);
    return cede_none;
}

TEST(Y13_custom_stopiteration_value)
{
    GENERATOR(g, says_result, (void *)sink_class);

    for (int i = 0; i < 4; i++)
        say_next(g);
    CHECK_SAID("next 1 next 2 next 3 next r final ");

    GENERATOR(h, says_result, (void *)sink_class);
    cede_next(h);
    say_value(cede_generator_throw(h, cede_KeyError));
    CHECK_SAID("next throw KeyError r from throw");
}

TEST(Y02_what_throw_raises)
{
    GENERATOR(g, says_result, (void *)sink_class);

    cede_next(g);
    SAY_RAISED(cede_generator_throw(g, cede_IndexError));
    CHECK_SAID("next throw IndexError TypeError: replaced\n");
}

static cede_value catches_then_goes_on(void *iterator)
{
    cede_try {
        cede_yield_from(cede_ref((struct sink *)iterator));
    } cede_except (cede_ValueError, e) {
        say("caught ");
        cede_yield("between");
    } cede_end
    return cede_yield_from(cede_ref((struct sink *)iterator));
}

static const cede_iterator_methods closable_methods = {.next = sink_next,
                                                        .close = sink_close};
static const cede_class closable_class[1] = {
    {.name = "Closable",
     .size = sizeof(struct sink),
     .iterator = &closable_methods}};

/* Nor is it closed, if it can be. */
TEST(Y04_without_throw_it_is_left_alone)
{
    struct sink *closable = cede_object_new(closable_class);

    cede_defer(cede_unref, closable);
    GENERATOR(g, catches_then_goes_on, closable);
    say_next(g);
    say_value(cede_generator_throw(g, cede_ValueError));
    say(" ");
    say_next(g);
    CHECK_SAID("next 1 caught between next 2 ");
}

TEST(Y04_without_throw_it_keeps_its_position)
{
    struct sink *bare = cede_object_new(bare_class);

    cede_defer(cede_unref, bare);
    GENERATOR(g, catches_then_goes_on, bare);
    say_next(g);
    say_value(cede_generator_throw(g, cede_ValueError));
    say(" ");
    say_next(g);
    CHECK_SAID("next 1 caught between next 2 ");
}

static cede_value with_finally(void *class)
{
    cede_try {
        cede_yield_from(cede_object_new(class));
    } cede_finally {
        say("finally ");
    } cede_end
    return cede_none;
}

TEST(Y05_without_close_it_is_skipped)
{
    GENERATOR(g, with_finally, (void *)bare_class);

    say_next(g);
    cede_generator_close(g);
    CHECK_SAID("next 1 finally ");
}

TEST(Y18_without_send_it_is_an_AttributeError)
{
    GENERATOR(g, from_class, (void *)bare_class);

    cede_next(g);
    SAY_RAISED(cede_generator_send(g, 5));
    CHECK_SAID("next AttributeError: 'Bare' object has no attribute 'send'\n");

    GENERATOR(h, from_class, (void *)bare_class);
    cede_next(h);
    CHECK_RAISES(cede_AttributeError,
                 cede_generator_send(h, cede_str_copy("owned")));
}

static const cede_class plain_class[1] = {
    {.name = "Plain", .size = sizeof(cede_object)}};

static cede_value from_plain(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield_from(cede_object_new(plain_class));
    } cede_except (cede_TypeError, e) {
        say("%s ", cede_exception_message(e));
    } cede_end
    cede_yield(1);
    return cede_none;
}

TEST(Y16_what_is_not_iterable)
{
    GENERATOR(g, from_plain, NULL);

    say_next(g);
    CHECK_SAID("'Plain' object is not iterable 1 ");
}

static void *gives_a_generator(void *self);
static const cede_iterator_methods giving = {.iter = gives_a_generator};
static const cede_class giver_class[1] = {
    {.name = "Giver", .size = sizeof(cede_object), .iterator = &giving}};

static cede_value one_two(void *unused)
{
    (void)unused;
    say_value(cede_yield(1));
    say_value(cede_yield(2));
    return cede_str("end");
}

static void *gives_a_generator(void *self)
{
    (void)self;
    return cede_generator(one_two, NULL);
}

TEST(an_iterable_whose_iterator_is_a_generator)
{
    GENERATOR(g, from_class, (void *)giver_class);

    say_next(g);
    say_value(cede_generator_send(g, "sent"));
    say_next_or_stop(g);
    CHECK_SAID("1 sent2NoneStopIteration end ");
}

/* ---- generators below generators ----------------------------------------- */

static cede_value answers(void *unused)
{
    cede_value x = cede_yield("ready");

    (void)unused;
    cede_keep(x);
    for (;;) {
        cede_try {
            if (cede_value_kind(x) == CEDE_STR)
                return x;
            x = cede_yield(cede_is_none(x) ? -1 : cede_value_int(x) + 1);
        } cede_except (cede_ValueError, e) {
            return cede_str("thrown");
        } cede_end
    }
    return cede_none;
}

static cede_value says_what_it_got(void *function)
{
    cede_value got = cede_yield_from(
        cede_generator((cede_function)(uintptr_t)function, NULL));

    say("got ");
    say_value(got);
    say(" ");
    cede_yield("more");
    return cede_none;
}

TEST(Y01_sends_reach_the_sub)
{
    GENERATOR(g, says_what_it_got, POINTER(answers));

    say_next(g);
    say_value(cede_generator_send(g, 5));
    say_value(cede_generator_send(g, cede_none));
    say_value(cede_generator_send(g, "stop"));
    CHECK_SAID("ready 6-1got stop more");
}

TEST(Y02_throw_answered_by_a_return)
{
    GENERATOR(g, says_what_it_got, POINTER(answers));

    cede_next(g);
    cede_generator_send(g, 1);
    say_value(cede_generator_throw(g, cede_ValueError));
    CHECK_SAID("got thrown more");
}

static cede_value sub_finally(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_finally {
        say("sub finally ");
    } cede_end
    return cede_none;
}

static cede_value says_exit(void *function)
{
    cede_try {
        delegates(function);
        say("never ");
    } cede_except (cede_GeneratorExit, e) {
        say("delegator GeneratorExit ");
        cede_reraise();
    } cede_finally {
        say("delegator finally ");
    } cede_end
    return cede_none;
}

TEST(Y03_close_order)
{
    GENERATOR(g, says_exit, POINTER(sub_finally));

    say_next(g);
    cede_generator_close(g);
    CHECK_SAID("1 sub finally delegator GeneratorExit delegator finally ");
}

TEST(Y03_an_iterator_is_closed_first)
{
    GENERATOR(g, with_finally, (void *)sink_class);

    say_next(g);
    cede_generator_close(g);
    CHECK_SAID("next 1 close finally ");
}

static cede_value sub_swallows(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        say("sub swallows ");
        return cede_str_copy("value is lost");
    } cede_end
    return cede_none;
}

TEST(Y06_sub_swallows_generatorexit)
{
    GENERATOR(g, says_exit, POINTER(sub_swallows));

    say_next(g);
    cede_generator_close(g);
    CHECK_SAID("1 sub swallows delegator GeneratorExit delegator finally ");
}

static cede_value sub_refuses(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        cede_yield(2);
    } cede_end
    return cede_none;
}

static cede_value goes_on_after_refusal(void *unused)
{
    (void)unused;
    cede_try {
        delegates(POINTER(sub_refuses));
    } cede_except (cede_RuntimeError, e) {
        say("in delegator: %s ", cede_exception_message(e));
        cede_yield("go on");
    } cede_end
    return cede_none;
}

TEST(Y07_sub_yields_on_close)
{
    GENERATOR(g, goes_on_after_refusal, NULL);

    cede_next(g);
    SAY_RAISED(cede_generator_close(g));
    CHECK_SAID("in delegator: generator ignored GeneratorExit "
               "RuntimeError: generator ignored GeneratorExit\n");
}

/* The refuser is what it was before: a suspended generator. */
TEST(Y07_the_refuser_can_be_resumed)
{
    GENERATOR(sub, sub_refuses, NULL);
    GENERATOR(g, delegates_to, sub);

    cede_next(g);
    SAY_RAISED(cede_generator_close(g));
    CHECK_INT(cede_getgeneratorstate(g), CEDE_GEN_CLOSED);
    CHECK_INT(cede_getgeneratorstate(sub), CEDE_GEN_SUSPENDED);
    say_next_or_stop(sub);
    CHECK_SAID("RuntimeError: generator ignored GeneratorExit\n"
               "StopIteration None ");
}

static cede_value sub_fails_at_exit(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        cede_raise(cede_KeyError, "clean-up failed");
    } cede_end
    return cede_none;
}

static cede_value catches_key_error(void *unused)
{
    (void)unused;
    cede_try {
        delegates(POINTER(sub_fails_at_exit));
    } cede_except (cede_KeyError, e) {
        say_exception(e);
        say_exception(cede_exception_context(e));
        return cede_none;
    } cede_end
    return cede_none;
}

TEST(Y08_sub_close_raises)
{
    GENERATOR(g, catches_key_error, NULL);

    cede_next(g);
    cede_generator_close(g);
    CHECK_SAID("KeyError('clean-up failed')GeneratorExit()");
}

static cede_generator *itself;

static cede_value delegates_to_itself(void *unused)
{
    (void)unused;
    return cede_yield_from(cede_ref(itself));
}

TEST(Y10_delegate_to_running)
{
    GENERATOR(g, delegates_to_itself, NULL);

    itself = g;
    SAY_RAISED(cede_next(g));
    CHECK_SAID("ValueError: generator already executing\n");
}

static cede_value delegates_upwards(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield_from(cede_ref(itself));
    } cede_except (cede_ValueError, e) {
        say("%s ", cede_exception_message(e));
    } cede_end
    cede_yield(1);
    return cede_none;
}

TEST(Y10_delegate_to_a_delegator_of_ones_own)
{
    GENERATOR(g, delegates, POINTER(delegates_upwards));

    itself = g;
    say_next(g);
    CHECK_SAID("generator already executing 1 ");
}

/* One between others runs, too. */
TEST(Y10_delegate_to_the_middle_of_ones_own_chain)
{
    GENERATOR(middle, delegates, POINTER(delegates_upwards));
    GENERATOR(g, delegates_to, middle);

    itself = middle;
    say_next(g);
    CHECK_SAID("generator already executing 1 ");
}

TEST(Y11_an_exhausted_sub)
{
    GENERATOR(sub, one_two, NULL);
    GENERATOR(g, delegates_to, sub);

    cede_generator_close(sub);
    say_next_or_stop(g);
    CHECK_SAID("StopIteration None ");
}

static cede_value to_six(void *unused)
{
    (void)unused;
    cede_try {
        for (int i = 0; i < 6; i++)
            cede_yield(i);
    } cede_finally {
        say("closed ");
    } cede_end
    return cede_str("six");
}

TEST(Y12_shared_subgenerator)
{
    GENERATOR(s, to_six, NULL);
    GENERATOR(a, delegates_to, s);
    GENERATOR(b, delegates_to, s);

    say_next(a);
    say_next(b);
    say_next(a);
    say_next(b);
    cede_generator_close(a);
    say_next_or_stop(b);
    CHECK_SAID("0 1 2 3 closed StopIteration None ");
}

TEST(Y12_who_finishes_the_sub_gets_its_value)
{
    GENERATOR(s, to_six, NULL);
    GENERATOR(a, delegates_to, s);
    GENERATOR(b, delegates_to, s);

    for (int i = 0; i < 3; i++) {
        say_next(a);
        say_next(b);
    }
    say_next_or_stop(a);
    say_next_or_stop(b);
    CHECK_SAID("0 1 2 3 4 5 closed StopIteration six StopIteration None ");
}

TEST(Y12_others_may_resume_the_sub)
{
    GENERATOR(s, answers, NULL);
    GENERATOR(g, delegates_to, s);

    say_next(g);
    say_value(cede_generator_send(s, 10));
    say_value(cede_generator_send(g, 20));
    say_value(cede_generator_send(s, 30));
    SAY_RAISED(cede_generator_throw(g, cede_KeyError));
    CHECK_SAID("ready 112131KeyError: \n");
    CHECK_INT(cede_getgeneratorstate(s), CEDE_GEN_CLOSED);
}

TEST(Y12_others_may_close_the_sub)
{
    GENERATOR(s, to_six, NULL);
    GENERATOR(g, delegates_to, s);

    say_next(g);
    cede_generator_close(s);
    say_next_or_stop(g);
    CHECK_SAID("0 closed StopIteration None ");
}

/* What is on its way to a sub that others have meanwhile ended, or run. */
TEST(Y12_sending_and_throwing_after_the_sub_ended)
{
    GENERATOR(s, to_six, NULL);
    GENERATOR(g, delegates_to, s);
    GENERATOR(h, delegates_to, s);

    say_next(g);
    say_next(h);
    cede_generator_close(s);
    SAY_RAISED(cede_generator_throw(g, cede_KeyError, "late"));
    SAY_RAISED(cede_generator_send(h, cede_str_copy("late")));
    CHECK_SAID("0 1 closed KeyError: 'late'\nStopIteration: \n");
}

/* What comes out of an ended sub is the StopIteration, as it was thrown (G07),
   and to the delegator that is the sub's value (PEP 380). */
TEST(Y02_StopIteration_thrown_at_an_ended_sub_is_its_value)
{
    GENERATOR(s, to_six, NULL);
    GENERATOR(g, delegates_to, s);

    say_next(g);
    cede_generator_close(s);
    cede_own (stop, cede_exception_from_args(cede_StopIteration, 7));
    SAY_RAISED(cede_generator_throw(g, stop));
    CHECK_SAID("0 closed StopIteration: 7\n");
    CHECK_INT(cede_getgeneratorstate(g), CEDE_GEN_CLOSED);
}

static cede_generator *delegator;

static cede_value resumes_its_delegator(void *unused)
{
    (void)unused;
    cede_yield(1);
    SAY_RAISED(cede_generator_send(delegator, cede_str_copy("no")));
    SAY_RAISED(cede_generator_throw(delegator, cede_KeyError));
    cede_yield(2);
    return cede_none;
}

TEST(Y12_the_sub_runs_elsewhere)
{
    GENERATOR(s, resumes_its_delegator, NULL);
    GENERATOR(g, delegates_to, s);

    delegator = g;
    say_next(g);
    say_next(s);
    SAY_RAISED(say_next(g));
    CHECK_SAID("1 ValueError: generator already executing\n"
               "KeyError: \n"
               "2 StopIteration: \n");
}

static cede_value closes_shared_on_exit(void *generator)
{
    cede_try {
        cede_yield_from(cede_ref((cede_generator *)generator));
    } cede_finally {
        say("out ");
    } cede_end
    return cede_none;
}

TEST(Y12_closing_a_delegator_that_was_detached)
{
    GENERATOR(s, to_six, NULL);
    GENERATOR(a, closes_shared_on_exit, s);

    say_next(a);
    say_next(s); /* takes it out of the chain */
    cede_generator_close(a);
    CHECK_SAID("0 1 closed out ");
    CHECK_INT(cede_getgeneratorstate(s), CEDE_GEN_CLOSED);
}

static cede_value takes_the_middle(void *unused)
{
    (void)unused;
    cede_yield("m1");
    return cede_yield_from(cede_generator(to_six, NULL));
}

/* The generator in the middle of a chain is resumed by somebody else. */
TEST(Y12_a_middle_that_is_shared)
{
    GENERATOR(m, takes_the_middle, NULL);
    GENERATOR(a, delegates_to, m);
    GENERATOR(b, delegates_to, m);

    say_next(a);
    say_next(a);
    say_next(m);
    say_next(b);
    say_next(a);
    say_next(m);
    say_next(b);
    say_next_or_stop(b);
    say_next_or_stop(a);
    say_next_or_stop(m);
    CHECK_SAID("m1 0 1 2 3 4 5 closed StopIteration six StopIteration None "
               "StopIteration None ");
}

static cede_value sub_fails(void *unused)
{
    (void)unused;
    cede_yield(1);
    cede_raise(cede_KeyError, "k");
}

static cede_value handles_and_goes_on(void *unused)
{
    (void)unused;
    cede_try {
        delegates(POINTER(sub_fails));
    } cede_except (cede_KeyError, e) {
        say("resumed ");
        say_value(cede_yield("caught"));
    } cede_end
    return cede_str("done");
}

TEST(Y15_sub_exception_in_delegator)
{
    GENERATOR(g, handles_and_goes_on, NULL);

    cede_next(g);
    say_next(g);
    cede_try {
        cede_generator_send(g, "v");
    } cede_except (cede_StopIteration, e) {
        say(" ");
        say_value(cede_exception_value(e));
    } cede_end
    CHECK_SAID("resumed caught v done");
}

static cede_value says_sent(void *unused)
{
    (void)unused;
    say("sub got ");
    say_value(cede_yield("first"));
    return cede_none;
}

static cede_value sends_are_its_own(void *unused)
{
    (void)unused;
    say_value(cede_yield("d first"));
    say(" ");
    return cede_yield_from(cede_generator(says_sent, NULL));
}

TEST(Y17_first_value_is_none_send)
{
    GENERATOR(g, sends_are_its_own, NULL);

    say_next(g);
    say_value(cede_generator_send(g, "for d only"));
    say(" ");
    SAY_RAISED(cede_generator_send(g, "for sub"));
    CHECK_SAID("d first for d only sub got first for subStopIteration: \n");
}

static cede_value sends_are_not_for(void *sub)
{
    say_value(cede_yield("d first"));
    say(" ");
    return cede_yield_from(cede_ref((cede_object *)sub));
}

TEST(Y17_an_iterator_is_first_asked_for_next)
{
    struct sink *sink = cede_object_new(sink_class);

    cede_defer(cede_unref, sink);
    GENERATOR(g, sends_are_not_for, sink);
    say_next(g);
    say_value(cede_generator_send(g, "for d only"));
    CHECK_SAID("d first for d only next 1");
}

/* Y17, Y20: one that waits for a value gets None. */
TEST(Y17_a_primed_sub_is_sent_None)
{
    GENERATOR(s, says_sent, NULL);
    GENERATOR(g, sends_are_not_for, s);

    say_next(s);
    say_next(g);
    SAY_RAISED(cede_generator_send(g, "for d only"));
    CHECK_SAID("sub got first d first for d only NoneStopIteration: \n");
}

TEST(Y20_a_primed_sub_loses_its_first_value)
{
    GENERATOR(s, to_six, NULL);
    GENERATOR(g, delegates_to, s);

    say_next(s);
    say_next(g);
    say_next(g);
    CHECK_SAID("0 1 2 ");
}

static cede_value says_states(void *unused)
{
    (void)unused;
    CHECK_INT(cede_getgeneratorstate(delegator), CEDE_GEN_RUNNING);
    SAY_RAISED(cede_next(delegator));
    cede_yield(1);
    return cede_none;
}

TEST(G31_the_delegator_runs_too)
{
    GENERATOR(s, says_states, NULL);
    GENERATOR(g, delegates_to, s);

    delegator = g;
    cede_next(g);
    CHECK_SAID("ValueError: generator already executing\n");
    CHECK_INT(cede_getgeneratorstate(g), CEDE_GEN_SUSPENDED);
    CHECK_INT(cede_getgeneratorstate(s), CEDE_GEN_SUSPENDED);
}

static void *seen_inside;

static bool looks_at_delegator(void *self, cede_value *item)
{
    (void)self;
    seen_inside = cede_generator_yieldfrom(delegator);
    *item = cede_int(1);
    return true;
}

static const cede_iterator_methods looker_methods = {
    .next = looks_at_delegator};
static const cede_class looker_class[1] = {{.name = "Looker",
                                            .size = sizeof(cede_object),
                                            .iterator = &looker_methods}};

static cede_value yields_from_object(void *object)
{
    cede_yield("before");
    cede_try {
        cede_yield_from(cede_ref((cede_object *)object));
    } cede_except (cede_KeyError) {
        cede_yield("handled");
    } cede_end
    return cede_none;
}

static void check_link(void *sub)
{
    GENERATOR(g, yields_from_object, sub);

    delegator = g;
    CHECK_PTR(cede_generator_yieldfrom(g), NULL);
    cede_next(g);
    CHECK_PTR(cede_generator_yieldfrom(g), NULL);
    cede_next(g);
    CHECK_PTR(cede_generator_yieldfrom(g), sub);
    cede_generator_throw(g, cede_KeyError);
    CHECK_PTR(cede_generator_yieldfrom(g), NULL);
}

TEST(G31_whom_a_generator_delegates_to_is_visible)
{
    void *looker = cede_object_new(looker_class);
    cede_defer(cede_unref, looker);
    GENERATOR(sub, delegates_to, looker);

    check_link(looker);
    CHECK_PTR(seen_inside, looker); /* while the iterator runs, too */
    check_link(sub);
}

/* Looks at its delegator while it is closed; then fails, if it is told to. */
static void looks_while_closed(int fails)
{
    cede_try {
        cede_yield(1);
        cede_yield(2);
    } cede_finally {
        seen_inside = cede_generator_yieldfrom(delegator);
        if (fails)
            cede_raise(cede_KeyError);
    } cede_end
}

/* Who resumes the sub-generator in between takes it out of the chain. */
static void check_link_at_close(int fails)
{
    GENERATOR(sub, looks_while_closed, fails);
    GENERATOR(g, delegates_to, sub);

    delegator = g;
    seen_inside = NULL;
    cede_next(g);
    cede_next(sub);
    SAY_RAISED(cede_generator_close(g));
    CHECK_PTR(seen_inside, sub);
    CHECK_PTR(cede_generator_yieldfrom(g), NULL);
}

TEST(G31_Y12_also_when_a_shared_one_is_closed)
{
    check_link_at_close(false);
    check_link_at_close(true);
    CHECK_SAID("nothing raised\nKeyError: \n");
}

/* ---- Y14: long chains ---------------------------------------------------- */

static cede_value chain(void *argument)
{
    int depth = *(int *)argument;
    cede_value result;

    if (depth == 0)
        return answers(NULL);
    cede_keep(result);
    cede_try {
        result = cede_yield_from(cede_generator_with(chain, depth - 1));
    } cede_except (cede_KeyError, e) {
        if (depth == 1000)
            say("through all ");
        cede_reraise();
    } cede_finally {
        if (depth % 500 == 0)
            say("f%d ", depth);
    } cede_end
    return result;
}

TEST(Y14_deep_chain, .torture = false)
{
    cede_generator *g = cede_generator_with(chain, 1000);

    cede_defer(cede_unref, g);
    say_next(g);
    for (int i = 0; i < 3; i++) {
        say_value(cede_generator_send(g, i));
        say(" ");
    }
    CHECK_SAID("ready 1 2 3 ");
    cede_try {
        cede_generator_send(g, "bottom");
    } cede_except (cede_StopIteration, e) {
        say_value(cede_exception_value(e));
    } cede_end
    CHECK_SAID("f500 f1000 bottom");
}

TEST(Y14_deep_throw, .torture = false)
{
    cede_generator *g = cede_generator_with(chain, 1000);

    cede_defer(cede_unref, g);
    cede_next(g);
    SAY_RAISED(cede_generator_throw(g, cede_KeyError, "down"));
    CHECK_SAID("f500 through all f1000 KeyError: 'down'\n");
}

TEST(Y14_deep_close, .torture = false)
{
    cede_generator *g = cede_generator_with(chain, 1000);

    cede_next(g);
    cede_generator_close(g);
    CHECK_SAID("f500 f1000 ");
    cede_unref(g);
    g = cede_generator_with(chain, 1000);
    cede_next(g);
    cede_unref(g);
    CHECK_SAID("f500 f1000 ");
}

/* Links of which each delegates to several subs, one after the other. */
static cede_value tree(void *argument)
{
    int depth = *(int *)argument;
    int64_t sum = 0;

    if (depth == 0) {
        cede_yield(1);
        return cede_int(1);
    }
    for (int i = 0; i < 2; i++)
        sum += cede_value_int(
            cede_yield_from(cede_generator_with(tree, depth - 1)));
    return cede_int(sum);
}

TEST(Y14_a_tree)
{
    cede_generator *g = cede_generator_with(tree, 6);
    int64_t sum = 0;
    cede_value item;

    cede_defer(cede_unref, g);
    while (cede_next_or_end(g, &item))
        sum += cede_value_int(item);
    CHECK_INT(sum, 64);
    CHECK_INT(cede_value_int(item), 64);
}

static cede_value fresh_exit_chain(void *unused)
{
    (void)unused;
    cede_try {
        cede_yield(1);
    } cede_except (cede_GeneratorExit, e) {
        say("delegates again ");
        cede_yield_from(cede_generator(one_two, NULL));
    } cede_end
    return cede_none;
}

/* A generator that answers GeneratorExit by delegating once more has yielded
   all the same. */
TEST(Y07_refusing_by_delegation)
{
    GENERATOR(g, says_exit, POINTER(fresh_exit_chain));

    cede_next(g);
    SAY_RAISED(cede_generator_close(g));
    CHECK_SAID("delegates again delegator finally "
               "RuntimeError: generator ignored GeneratorExit\n");
}

static cede_value yields_behind_its_sub(void *sub)
{
    cede_yield_from(cede_ref((cede_generator *)sub));
    cede_yield("behind it");
    return cede_none;
}

static cede_value cleans_up_by_delegating(void *sub)
{
    cede_try {
        cede_yield("waiting");
    } cede_finally {
        cede_yield_from(cede_ref((cede_generator *)sub));
    } cede_end
    return cede_none;
}

static cede_value yields_once(void *unused)
{
    (void)unused;
    cede_yield("once");
    return cede_none;
}

/* Who yields was resumed before, in the middle of its own delegation, which
   ends while its delegator is being closed. */
TEST(Y07_refusing_when_the_sub_of_a_sub_has_ended)
{
    GENERATOR(s, yields_once, NULL);
    GENERATOR(middle, yields_behind_its_sub, s);
    GENERATOR(refuser, cleans_up_by_delegating, middle);
    GENERATOR(g, delegates_to, refuser);

    say_next(middle);
    say_next(g);
    SAY_RAISED(cede_generator_close(g));
    CHECK_SAID("once waiting RuntimeError: generator ignored GeneratorExit\n");
    CHECK_INT(cede_getgeneratorstate(g), CEDE_GEN_CLOSED);
    CHECK_INT(cede_getgeneratorstate(refuser), CEDE_GEN_SUSPENDED);
}

/* ---- Y21: every answer of a sub ------------------------------------------ */

enum answer {
    RAISES_BASE,
    RAISES_EXCEPTION,
    RAISES_STOP,
    RETURNS,
    YIELDS,
    PASSES,
    ANSWERS,
};

static const char *const answer_names[] = {"base", "exception", "stop",
                                           "returns", "yields", "passes"};

CEDE_EXCEPTION(Base, cede_BaseException);

static cede_value sub_answers(void *argument)
{
    cede_try {
        cede_yield(1);
    } cede_except (cede_BaseException, e) {
        say("[%s] ", cede_exception_name(e));
        switch (*(enum answer *)argument) {
        case RAISES_BASE:
            cede_raise(Base, "b");
        case RAISES_EXCEPTION:
            cede_raise(cede_KeyError, "k");
        case RAISES_STOP:
            cede_raise(cede_StopIteration, "s");
        case RETURNS:
            return cede_int(7);
        case YIELDS:
            cede_yield(2);
            return cede_int(8);
        default:
            cede_reraise();
        }
    } cede_end
    return cede_none;
}

static cede_value delegates_with_comments(void *argument)
{
    cede_try {
        cede_value got = cede_yield_from(
            cede_generator_with(sub_answers, *(enum answer *)argument));

        say("got ");
        say_value(got);
        say(" ");
    } cede_except (cede_BaseException, e) {
        say("up:");
        say_exception(e);
        say("<");
        say_exception(cede_exception_context(e));
        say(" ");
        cede_reraise();
    } cede_end
    return cede_str("end");
}

static void try_answer(enum answer answer, const cede_class *thrown)
{
    cede_generator *g =
        cede_generator_with(delegates_with_comments, answer);

    cede_defer(cede_unref, g);
    cede_next(g);
    say("%s: ", answer_names[answer]);
    cede_try {
        if (thrown)
            say_value(cede_generator_throw(g, thrown));
        else
            say_value(cede_generator_close(g));
    } cede_except (cede_StopIteration, e) {
        say("stop ");
        say_value(cede_value_ref(cede_exception_value(e)));
    } cede_except (cede_BaseException, e) {
        say("out:");
        say_exception(e);
    } cede_end
    say("\n");
}

/* What CPython 3.13 says to the same program. */
TEST(Y21_close)
{
    for (enum answer answer = 0; answer < ANSWERS; answer++)
        try_answer(answer, NULL);
    CHECK_SAID(
        "base: [GeneratorExit] up:Base('b')<GeneratorExit() out:Base('b')\n"
        "exception: [GeneratorExit] up:KeyError('k')<GeneratorExit() "
        "out:KeyError('k')\n"
        "stop: [GeneratorExit] up:RuntimeError('generator raised "
        "StopIteration')<StopIteration('s') out:RuntimeError('generator "
        "raised StopIteration')\n"
        "returns: [GeneratorExit] up:GeneratorExit()<None None\n"
        "yields: [GeneratorExit] up:RuntimeError('generator ignored "
        "GeneratorExit')<None out:RuntimeError('generator ignored "
        "GeneratorExit')\n"
        "passes: [GeneratorExit] up:GeneratorExit()<None None\n");
}

TEST(Y21_throw_GeneratorExit)
{
    for (enum answer answer = 0; answer < ANSWERS; answer++)
        try_answer(answer, cede_GeneratorExit);
    CHECK_SAID(
        "base: [GeneratorExit] up:Base('b')<GeneratorExit() out:Base('b')\n"
        "exception: [GeneratorExit] up:KeyError('k')<GeneratorExit() "
        "out:KeyError('k')\n"
        "stop: [GeneratorExit] up:RuntimeError('generator raised "
        "StopIteration')<StopIteration('s') out:RuntimeError('generator "
        "raised StopIteration')\n"
        "returns: [GeneratorExit] up:GeneratorExit()<None "
        "out:GeneratorExit()\n"
        "yields: [GeneratorExit] up:RuntimeError('generator ignored "
        "GeneratorExit')<None out:RuntimeError('generator ignored "
        "GeneratorExit')\n"
        "passes: [GeneratorExit] up:GeneratorExit()<None "
        "out:GeneratorExit()\n");
}

TEST(Y21_throw_ValueError)
{
    for (enum answer answer = 0; answer < ANSWERS; answer++)
        try_answer(answer, cede_ValueError);
    CHECK_SAID(
        "base: [ValueError] up:Base('b')<ValueError() out:Base('b')\n"
        "exception: [ValueError] up:KeyError('k')<ValueError() "
        "out:KeyError('k')\n"
        "stop: [ValueError] up:RuntimeError('generator raised "
        "StopIteration')<StopIteration('s') out:RuntimeError('generator "
        "raised StopIteration')\n"
        "returns: [ValueError] got 7 stop end\n"
        "yields: [ValueError] 2\nup:GeneratorExit()<None "
        "passes: [ValueError] up:ValueError()<None out:ValueError()\n");
}

/* The same three levels deep, where the middle is closed by the outermost. */
static cede_value outermost(void *argument)
{
    return cede_yield_from(cede_generator_with(delegates_with_comments,
                                               *(enum answer *)argument));
}

TEST(Y21_close_through_three)
{
    for (enum answer answer = 0; answer < ANSWERS; answer++) {
        cede_generator *g = cede_generator_with(outermost, answer);

        cede_defer(cede_unref, g);
        cede_next(g);
        say("%s: ", answer_names[answer]);
        SAY_RAISED(say_value(cede_generator_close(g)));
    }
    CHECK_SAID(
        "base: [GeneratorExit] up:Base('b')<GeneratorExit() Base: b\n"
        "exception: [GeneratorExit] up:KeyError('k')<GeneratorExit() "
        "KeyError: 'k'\n"
        "stop: [GeneratorExit] up:RuntimeError('generator raised "
        "StopIteration')<StopIteration('s') RuntimeError: generator raised "
        "StopIteration\n"
        "returns: [GeneratorExit] up:GeneratorExit()<None Nonenothing "
        "raised\n"
        "yields: [GeneratorExit] up:RuntimeError('generator ignored "
        "GeneratorExit')<None RuntimeError: generator ignored "
        "GeneratorExit\n"
        "passes: [GeneratorExit] up:GeneratorExit()<None Nonenothing "
        "raised\n");
}

/* ---- dropped in the middle ----------------------------------------------- */

static cede_value sub_with_everything(void *unused)
{
    cede_value text = cede_str_copy("text");

    (void)unused;
    cede_defer(cede_unref, text.as.object);
    cede_defer(say_word, "defer ");
    cede_try {
        cede_for (v, cede_generator(one_two, NULL)) {
            cede_try {
                cede_raise(cede_KeyError);
            } cede_except (cede_KeyError, e) {
                cede_yield(cede_value_int(v));
            } cede_end
        }
    } cede_finally {
        say("finally ");
    } cede_end
    return cede_none;
}

TEST(a_chain_dropped_while_suspended)
{
    cede_generator *g =
        cede_generator(delegates, POINTER(sub_with_everything));

    {
        cede_defer(cede_unref, g);
        say_next(g);
    }
    CHECK_SAID("1 finally defer ");
}

/* The delegator goes, the sub is held by somebody else: it is closed. */
TEST(a_shared_sub_outlives_its_delegator)
{
    GENERATOR(s, to_six, NULL);
    cede_generator *g = cede_generator(delegates_to, s);

    {
        cede_defer(cede_unref, g);
        say_next(g);
    }
    say_next_or_stop(s);
    CHECK_SAID("0 closed StopIteration None ");
}

static cede_value delegates_when_closed(void *generator)
{
    cede_try {
        cede_yield("waiting");
    } cede_except (cede_GeneratorExit) {
        cede_yield_from(cede_ref((cede_generator *)generator));
    } cede_end
    return cede_none;
}

static void refuse_and_drop(void *sub)
{
    cede_generator *g = cede_generator(delegates_when_closed, sub);

    cede_next(g);
    cede_unref(g);
}

/* It is abandoned in the midst of its yield from, and is not known to the sub
   any more. */
TEST(Y12_a_shared_sub_outlives_a_delegator_that_refused, .torture = false)
{
    char output[1000];
    GENERATOR(s, to_six, NULL);
    GENERATOR(g, delegates_to, s);

    harness_capture(refuse_and_drop, s, output, sizeof output);
    CHECK_CONTAINS(output, "RuntimeError: generator ignored GeneratorExit\n");
    {
        GENERATOR(in_its_place, to_six, NULL); /* of memory, as a rule */

        say_next(s);
        say_next(g);
        say_next(in_its_place);
        cede_generator_close(g);
        CHECK_INT(cede_getgeneratorstate(s), CEDE_GEN_CLOSED);
    }
    CHECK_SAID("1 2 0 closed closed ");
}

TEST(a_delegator_that_never_ran_drops_nothing)
{
    GENERATOR(s, to_six, NULL);

    cede_unref(cede_generator(delegates_to, s));
    say_next(s);
    CHECK_SAID("0 ");
}
