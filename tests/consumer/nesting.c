/*
 * Every block form in every other, as a program of somebody else's that shares
 * only headers with the tree: warning-free as C11 and as C17, and the forms do
 * in that dialect what they should (tests/flow/matrix.h).
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
PLACES(X) /* cede-lint: ok: clauses of except* are left, to see it refused */
#undef X

static const matrix_function *const rows[] = {
#define X(place) row_##place,
    PLACES(X)
#undef X
};

static bool agrees(enum place outer, enum place inner, enum way way)
{
    struct outcome expected = predict_function(outer, inner, way);
    volatile struct outcome actual = {RETURN, -1};

    said_text[said_size = 0] = '\0';
    cede_try {
        actual.what = rows[outer][inner](way);
    } cede_except (cede_BaseException, e) {
        actual.way = RAISE;
        actual.what = letter_of(e);
    } cede_end
    if (!strcmp(said_text, predicted.text) && actual.way == expected.way &&
        actual.what == expected.what)
        return true;
    printf("%s around %s, left by %s: %s\n  not %s\n", place_names[outer],
           place_names[inner], way_names[way], said_text, predicted.text);
    return false;
}

int main(void)
{
    int wrong = 0, ways = 0;

    for (int outer = 0; outer < PLACE_COUNT; outer++)
        for (int inner = 0; inner < PLACE_COUNT; inner++)
            for (int way = 0; way < WAY_COUNT; way++)
                if (may_be_left((enum place)outer, (enum place)inner,
                                (enum way)way)) {
                    wrong += !agrees((enum place)outer, (enum place)inner,
                                     (enum way)way);
                    ways++;
                }
    printf("%d of %d ways wrong\n", wrong, ways);
    return wrong > 0 || ways == 0;
}
