/*
 * Every block form in every other, in a generator that yields in each clause:
 * driven to its end, and thrown into and closed at each of its yields. G10,
 * G12, G16, G21, and E03, E13 across suspensions.
 */
#include "cede/generator.h"

#define RESULT cede_value
#define RESULT_OF(n) cede_int(n)
#define POINT(letter) (say("%c", letter), cede_value_unref(cede_yield(0)))

#include "flow/matrix.h"

static void point(char letter)
{
    POINT(letter);
}

#define X(place) MATRIX_ROW(place)
PLACES(X) /* cede-lint: ok */
#undef X

/* ---- the model's other half ---------------------------------------------- */

enum action { NEXT, THROW, CLOSE };

/* What happens at which of the points, and how many there have been. */
static struct {
    enum action action;
    int at;
    int points;
    bool closing; /* close has not come back */
} injection;

static struct outcome predict_point(char letter)
{
    predict_letter(letter);
    if (injection.closing) /* a yield: "generator ignored GeneratorExit" */
        predict_letter('R');
    injection.closing = false;
    if (injection.points++ != injection.at || injection.action == NEXT)
        return (struct outcome){FALL, 0};
    injection.closing = injection.action == CLOSE;
    return (struct outcome){RAISE, injection.closing ? 'G' : 'V'};
}

static void predict_end(struct outcome outcome)
{
    if (injection.closing)
        predict_letter('c');
    if (injection.closing && outcome.way == RAISE && outcome.what == 'G')
        return;
    predict_letter(outcome.way == RAISE ? '!' : '=');
    predict_letter(outcome.way == RAISE ? (char)outcome.what
                                        : (char)('0' + outcome.what));
}

/* ---- the generator ------------------------------------------------------- */

struct run {
    matrix_function function;
    enum way way;
};

static cede_value run(void *argument)
{
    const struct run *run = argument;

    return run->function(run->way);
}

static void say_result(cede_value result)
{
    if (!cede_is_none(result))
        say("=%c", (char)('0' + cede_value_int(result)));
    cede_value_unref(result);
}

/* One resume. */
static void resume(cede_generator *g, enum action action)
{
    cede_value value;

    cede_try {
        switch (action) {
        case NEXT:
            cede_value_unref(cede_next(g));
            break;
        case THROW:
            cede_value_unref(cede_generator_throw(g, cede_ValueError));
            break;
        case CLOSE:
            value = cede_generator_close(g);
            say("c");
            say_result(value);
            break;
        }
    } cede_except (cede_StopIteration, e) {
        say_result(cede_value_ref(cede_exception_value(e)));
    } cede_except (cede_BaseException, e) {
        if (cede_getgeneratorstate(g) != CEDE_GEN_CLOSED)
            say("R");
        else if (action == CLOSE)
            say("c!%c", letter_of(e));
        else
            say("!%c", letter_of(e));
    } cede_end
}

static void drive(const struct run *what)
{
    cede_generator *g = cede_generator(run, (void *)what);

    cede_defer (cede_unref, g);
    resume(g, NEXT);
    for (int i = 0; cede_getgeneratorstate(g) != CEDE_GEN_CLOSED; i++)
        resume(g, i == injection.at ? injection.action : NEXT);
}

/* Returns how many points there were. */
static int check(matrix_function function, enum place outer, enum place inner,
                 enum way way, enum action action, int at)
{
    static const char *const action_names[] = {"next", "throw", "close"};
    const struct run what = {function, way};

    injection.action = action;
    injection.at = at;
    injection.points = 0;
    injection.closing = false;
    predict_end(predict_function(outer, inner, way));
    if (predicted.taken_back)
        return injection.points;
    drive(&what);
    if (!CHECK_STR(said_text, predicted.text))
        printf("    %s around %s, left by %s; %s at %d\n", place_names[outer],
               place_names[inner], way_names[way], action_names[action], at);
    said_text[said_size = 0] = '\0';
    return injection.points;
}

static void check_pair(matrix_function function, enum place outer,
                       enum place inner, enum way way)
{
    int points = check(function, outer, inner, way, NEXT, -1);

    for (int at = 0; at < points; at++) {
        check(function, outer, inner, way, THROW, at);
        check(function, outer, inner, way, CLOSE, at);
    }
}

static void check_row(enum place outer, const matrix_function *row)
{
    for (int inner = 0; inner < PLACE_COUNT; inner++)
        for (int way = 0; way < WAY_COUNT; way++)
            if (may_be_left(outer, (enum place)inner, (enum way)way))
                check_pair(row[inner], outer, (enum place)inner, (enum way)way);
}

#define ROW(place) check_row(PLACE_##place, row_##place)

/* Tens of thousands of allocations; the same code is tortured in flow/. */
#define LONG .timeout = 60, .torture = false

/* G21: close() runs finally clauses from the innermost on. */
TEST(G21_yields_in_a_body, LONG)
{
    ROW(TRY);
}

/* G10: what an except clause catches is not heard of outside. */
TEST(G10_yields_in_a_body_with_all_clauses, LONG)
{
    ROW(GUARDED);
}

TEST(G21_yields_in_an_except_clause, LONG)
{
    ROW(EXCEPT);
    ROW(GROUP);
}

TEST(E04_yields_in_an_else_clause, LONG)
{
    ROW(ELSE);
}

/* G12: to yield in finally is to ignore GeneratorExit, which goes on later. */
TEST(G12_yields_in_a_finally_clause, LONG)
{
    ROW(FINALLY);
}

/* G16: leaving a finally clause early drops what was thrown in. */
TEST(G16_yields_in_a_finally_clause_while_an_exception_passes, LONG)
{
    ROW(RAISING);
}

TEST(G16_yields_in_a_finally_clause_while_the_function_returns, LONG)
{
    ROW(RETURNING);
}

TEST(G21_yields_in_a_with_block, LONG)
{
    ROW(WITH);
    ROW(CLAUSES);
}

/* A manager that swallows GeneratorExit lets the generator go on. */
TEST(G12_yields_in_a_with_block_that_swallows, LONG)
{
    ROW(SWALLOW);
}

TEST(G21_yields_in_a_block_with_defer, LONG)
{
    ROW(DEFER);
    ROW(AUTO);
}

TEST(E13_yields_in_a_loop_over_an_iterable, LONG)
{
    ROW(FOR);
}

TEST(I09_yields_in_a_loop_with_else, LONG)
{
    ROW(FOR_ELSE);
    ROW(AFTER_FOR);
}

TEST(E13_yields_in_a_plain_loop, LONG)
{
    ROW(LOOP);
}
