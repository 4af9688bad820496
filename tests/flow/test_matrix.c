/*
 * Every block form in every other, left on every way: which clauses run, in
 * which order, and what comes out. E03, E04, E13; I09 for the else of a loop.
 */
#define RESULT int
#define RESULT_OF(n) (n)
#define POINT(letter) point(letter)

#include "flow/matrix.h"

static void point(char letter)
{
    say("%c", letter);
}

static struct outcome predict_point(char letter)
{
    predict_letter(letter);
    return (struct outcome){FALL, 0};
}

#define X(place) MATRIX_ROW(place)
PLACES(X) /* cede-lint: ok */
#undef X

static void check(matrix_function function, enum place outer, enum place inner,
                  enum way way)
{
    struct outcome expected = predict_function(outer, inner, way);
    volatile struct outcome actual = {RETURN, -1};

    cede_try {
        actual.what = function(way);
    } cede_except (cede_BaseException, e) {
        actual.way = RAISE;
        actual.what = letter_of(e);
    } cede_end
    if (!CHECK_STR(said_text, predicted.text) ||
        !CHECK_INT(actual.way, expected.way) ||
        !CHECK_INT(actual.what, expected.what))
        printf("    %s around %s, left by %s\n", place_names[outer],
               place_names[inner], way_names[way]);
    said_text[said_size = 0] = '\0';
}

static void check_row(enum place outer, const matrix_function *row)
{
    for (int inner = 0; inner < PLACE_COUNT; inner++)
        for (int way = 0; way < WAY_COUNT; way++)
            if (may_be_left(outer, (enum place)inner, (enum way)way))
                check(row[inner], outer, (enum place)inner, (enum way)way);
}

#define ROW(place) check_row(PLACE_##place, row_##place)

/* E13: finally runs once on every way out, whatever stands in the body. */
TEST(E13_out_of_a_body)
{
    ROW(TRY);
}

TEST(E13_out_of_a_body_with_all_clauses)
{
    ROW(GUARDED);
}

TEST(E13_out_of_an_except_clause)
{
    ROW(EXCEPT);
}

/* Raising is the one way that may leave it early. */
TEST(E13_out_of_a_group_clause)
{
    ROW(GROUP);
}

/* E04: an exception of the else clause is not for the clauses beside it. */
TEST(E04_out_of_an_else_clause)
{
    ROW(ELSE);
}

TEST(E13_out_of_a_finally_clause)
{
    ROW(FINALLY);
}

/* E03: leaving finally drops what was underway; raising replaces it. */
TEST(E03_out_of_a_finally_clause_while_an_exception_passes)
{
    ROW(RAISING);
}

TEST(E03_out_of_a_finally_clause_while_the_function_returns)
{
    ROW(RETURNING);
}

TEST(E13_out_of_a_with_block)
{
    ROW(WITH);
    ROW(CLAUSES);
}

TEST(E13_out_of_a_with_block_that_swallows)
{
    ROW(SWALLOW);
}

TEST(E13_out_of_a_block_with_defer)
{
    ROW(DEFER);
    ROW(AUTO);
}

TEST(E13_out_of_a_loop_over_an_iterable)
{
    ROW(FOR);
}

TEST(I09_out_of_a_loop_with_else)
{
    ROW(FOR_ELSE);
    ROW(AFTER_FOR);
}

TEST(E13_out_of_a_plain_loop)
{
    ROW(LOOP);
}
