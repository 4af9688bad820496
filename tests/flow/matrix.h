/*
 * matrix.h - every block form inside every other, and every way out of both
 *
 * A place is where code may stand in a block form: the body of a try, its
 * except clause, the block of a with, behind a cede_defer, and so on. For each
 * pair of places there is a function (MATRIX) that has the one inside the
 * other, in a loop of its own, behind an unbraced if with an else; innermost
 * it goes on by the way it is told: falls through, breaks, continues, returns,
 * jumps to a label behind the loop, or raises. At each step it calls
 * point(letter), innermost POINT(letter); letters of the inner form are upper
 * case.
 *
 * What it must say is not written down for each pair but comes from a model of
 * Python's statements, predict(), which knows one place at a time and nothing
 * of frames and jumps.
 *
 * The program that includes this says what a point is: in flow/ it says its
 * letter; in coro/ it is a yield as well, where exceptions come in. It defines
 *
 *     static void point(char letter);
 *     POINT(letter)    the same, in place
 *     static struct outcome predict_point(char letter);
 *     RESULT           the type of the functions
 *     RESULT_OF(n)     the result that stands for the number n
 *
 * Semantics: language reference 7.6 to 7.10, 8.3 to 8.5; PEP 341, 343, 654.
 */
#pragma once

#include "value/said.h"

#include "cede/exception.h"
#include "cede/iterator.h"

/* ---- places -------------------------------------------------------------- */

/* What code that stands there is: X(place), outermost in this order. */
#define PLACES(X) \
    X(TRY)       /* the body of a try with finally */ \
    X(GUARDED)   /* the body of a try with except, else and finally */ \
    X(EXCEPT)    /* the clause of an exception, of two classes */ \
    X(GROUP)     /* the same, as except* */ \
    X(ELSE)      /* the else clause of a try */ \
    X(FINALLY)   /* a finally clause that was fallen into */ \
    X(RAISING)   /* a finally clause while an exception passes */ \
    X(RETURNING) /* a finally clause while the function returns */ \
    X(WITH)      /* the block of a manager */ \
    X(SWALLOW)   /* the block of a manager that swallows exceptions */ \
    X(CLAUSES)   /* the block of a manager with except, else and finally */ \
    X(DEFER)     /* behind cede_defer */ \
    X(AUTO)      /* behind cede_auto */ \
    X(FOR)       /* the body of a cede_for */ \
    X(FOR_ELSE)  /* the body of a cede_for_else */ \
    X(AFTER_FOR) /* the else clause of a cede_for_else */ \
    X(LOOP)      /* a loop of C's own, in a branch without braces */

enum place {
#define X(place) PLACE_##place,
    PLACES(X)
#undef X
        PLACE_COUNT
};

static const char *const place_names[] = {
#define X(place) #place,
    PLACES(X)
#undef X
};

enum way { FALL, BREAK, CONTINUE, RETURN, GOTO, RAISE, WAY_COUNT };

static const char *const way_names[] = {
    "falling through", "break", "continue", "return", "goto", "raise",
};

/* How a piece of code was left, and with what: the number that is returned, or
   the letter of an exception. */
struct outcome {
    enum way way;
    int what;
};

static void point(char letter);
static struct outcome predict_point(char letter);

/* ---- the code under test ------------------------------------------------- */

/* So that no compiler knows which way is taken. */
static const volatile bool yes = true;

/* Inner forms speak in upper case. */
#define SAY(level, letter) point((char)((level) ? (letter) - 32 : (letter)))

struct manager {
    cede_object head;
    int level;
    bool swallows;
};

static bool manager_exit(void *self, cede_exception *exception)
{
    struct manager *manager = self;

    (void)exception;
    SAY(manager->level, 'q');
    return manager->swallows;
}

static const cede_manager_methods manager_methods = {.exit = manager_exit};
static const cede_class manager_class[1] = {{
    .name = "manager",
    .size = sizeof(struct manager),
    .manager = &manager_methods,
}};

static struct manager *manager(int level, bool swallows)
{
    struct manager *made = cede_object_new(manager_class);

    made->level = level;
    made->swallows = swallows;
    return made;
}

/* Two items; the last reference is heard of, but is no point: what destroys an
   object may not suspend. */
struct items {
    cede_object head;
    int level;
    int left;
};

static bool items_next(void *self, cede_value *item)
{
    struct items *items = self;

    if (items->left == 0)
        return false;
    *item = cede_int(items->left--);
    return true;
}

static void items_destroy(void *self)
{
    say("%c", ((struct items *)self)->level ? 'Z' : 'z');
}

static const cede_iterator_methods items_methods = {.next = items_next};
static const cede_class items_class[1] = {{
    .name = "items",
    .size = sizeof(struct items),
    .destroy = items_destroy,
    .iterator = &items_methods,
}};

static struct items *items(int level)
{
    struct items *made = cede_object_new(items_class);

    made->level = level;
    made->left = 2;
    return made;
}

static void say_level(int *level)
{
    SAY(*level, 'a');
}

static void say_deferred(const int *level)
{
    SAY(*level, 'd');
}

static const int levels[] = {0, 1};

__attribute__((noinline)) static void raise_class(const cede_class *raised)
{
    cede_raise(raised);
}

/* OPEN_… and CLOSE_… of a place stand around the code there. */

#define OPEN_TRY(level) \
    if (yes) \
        cede_try { \
            SAY(level, 't');
#define CLOSE_TRY(level) \
            SAY(level, 'u'); \
        } cede_finally { \
            SAY(level, 'f'); \
        } cede_end \
    else \
        say("?");

#define OPEN_GUARDED(level) \
    if (yes) \
        cede_try { \
            SAY(level, 't');
#define CLOSE_GUARDED(level) \
            SAY(level, 'u'); \
        } cede_except (cede_ValueError, e##level) { \
            SAY(level, 'x'); \
        } cede_else { \
            SAY(level, 'e'); \
        } cede_finally { \
            SAY(level, 'f'); \
        } cede_end \
    else \
        say("?");

#define OPEN_EXCEPT(level) \
    if (yes) \
        cede_try { \
            SAY(level, 't'); \
            raise_class(cede_KeyError); \
        } cede_except ((cede_IndexError, cede_KeyError), e##level) { \
            SAY(level, 'x');
#define CLOSE_EXCEPT(level) \
            SAY(level, 'y'); \
        } cede_finally { \
            SAY(level, 'f'); \
        } cede_end \
    else \
        say("?");

#define OPEN_GROUP(level) \
    if (yes) \
        cede_try { \
            SAY(level, 't'); \
            raise_class(cede_KeyError); \
        } cede_except_group (cede_KeyError, e##level) { \
            SAY(level, 'x');
#define CLOSE_GROUP(level) CLOSE_EXCEPT(level)

#define OPEN_ELSE(level) \
    if (yes) \
        cede_try { \
            SAY(level, 't'); \
        } cede_except (cede_ValueError) { \
            SAY(level, 'x'); \
        } cede_else { \
            SAY(level, 'e');
#define CLOSE_ELSE(level) CLOSE_EXCEPT(level)

#define OPEN_FINALLY(level) \
    if (yes) \
        cede_try { \
            SAY(level, 't'); \
        } cede_finally { \
            SAY(level, 'f');
#define CLOSE_FINALLY(level) \
            SAY(level, 'g'); \
        } cede_end \
    else \
        say("?");

#define OPEN_RAISING(level) \
    if (yes) \
        cede_try { \
            SAY(level, 't'); \
            raise_class(cede_KeyError); \
        } cede_finally { \
            SAY(level, 'f');
#define CLOSE_RAISING(level) CLOSE_FINALLY(level)

#define OPEN_RETURNING(level) \
    if (yes) \
        cede_try { \
            SAY(level, 't'); \
            if (yes) \
                return RESULT_OF(7 + level); \
        } cede_finally { \
            SAY(level, 'f');
#define CLOSE_RETURNING(level) CLOSE_FINALLY(level)

#define OPEN_WITH(level) \
    if (yes) \
        cede_with (manager##level, manager(level, false)) { \
            SAY(level, 't');
#define CLOSE_WITH(level) \
            SAY(level, 'u'); \
        } cede_end \
    else \
        say("?");

#define OPEN_SWALLOW(level) \
    if (yes) \
        cede_with (manager##level, manager(level, true)) { \
            SAY(level, 't');
#define CLOSE_SWALLOW(level) CLOSE_WITH(level)

#define OPEN_CLAUSES(level) OPEN_WITH(level)
#define CLOSE_CLAUSES(level) CLOSE_GUARDED(level)

#define OPEN_DEFER(level) \
    if (yes) { \
        cede_defer (say_deferred, &levels[level]); \
        SAY(level, 't');
#define CLOSE_DEFER(level) \
        SAY(level, 'u'); \
    } else \
        say("?");

#define OPEN_AUTO(level) \
    if (yes) { \
        cede_auto (int, auto##level, say_level) = level; \
        SAY(level, 't');
#define CLOSE_AUTO(level) CLOSE_DEFER(level)

#define OPEN_FOR(level) \
    if (yes) \
        cede_for (v##level, items(level)) { \
            SAY(level, 't');
#define CLOSE_FOR(level) CLOSE_DEFER(level)

#define OPEN_FOR_ELSE(level) \
    if (yes) \
        cede_for_else (v##level, items(level)) { \
            SAY(level, 't');
#define CLOSE_FOR_ELSE(level) \
            SAY(level, 'u'); \
        } cede_else { \
            SAY(level, 'e'); \
        } cede_end \
    else \
        say("?");

#define OPEN_AFTER_FOR(level) \
    if (yes) \
        cede_for_else (v##level, items(level)) { \
            SAY(level, 't'); \
        } cede_else { \
            SAY(level, 'e');
#define CLOSE_AFTER_FOR(level) CLOSE_WITH(level)

#define OPEN_LOOP(level) \
    if (!yes) \
        say("?"); \
    else \
        for (int i##level = 0; i##level < 2; i##level++) { \
            SAY(level, 't');
#define CLOSE_LOOP(level) \
            SAY(level, 'u'); \
        }

/* The function of one pair of places, named OUTER_INNER. */
#define MATRIX(outer, inner) \
    static RESULT outer##_##inner(enum way way) \
    { \
        for (int turn = 0; turn < 2; turn++) { \
            point('['); \
            OPEN_##outer(0) \
            OPEN_##inner(1) \
            POINT('-'); \
            if (way == BREAK) \
                break; \
            if (way == CONTINUE) \
                continue; \
            if (way == RETURN) \
                return RESULT_OF(10 + turn); \
            if (way == GOTO) \
                goto out; \
            if (way == RAISE) \
                raise_class(cede_ValueError); \
            CLOSE_##inner(1) \
            CLOSE_##outer(0) \
            point(']'); \
        } \
        point('.'); \
        return RESULT_OF(0); \
    out: \
        point('o'); \
        return RESULT_OF(1); \
    }

typedef RESULT (*matrix_function)(enum way way);

#define MATRIX_ROW(outer) \
    MATRIX(outer, TRY) \
    MATRIX(outer, GUARDED) \
    MATRIX(outer, EXCEPT) \
    MATRIX(outer, GROUP) \
    MATRIX(outer, ELSE) \
    MATRIX(outer, FINALLY) \
    MATRIX(outer, RAISING) \
    MATRIX(outer, RETURNING) \
    MATRIX(outer, WITH) \
    MATRIX(outer, SWALLOW) \
    MATRIX(outer, CLAUSES) \
    MATRIX(outer, DEFER) \
    MATRIX(outer, AUTO) \
    MATRIX(outer, FOR) \
    MATRIX(outer, FOR_ELSE) \
    MATRIX(outer, AFTER_FOR) \
    MATRIX(outer, LOOP) \
    static const matrix_function row_##outer[] = { \
        outer##_TRY,       outer##_GUARDED, outer##_EXCEPT,  outer##_GROUP, \
        outer##_ELSE,      outer##_FINALLY, outer##_RAISING, \
        outer##_RETURNING, outer##_WITH,    outer##_SWALLOW, \
        outer##_CLAUSES,   outer##_DEFER,   outer##_AUTO,    outer##_FOR, \
        outer##_FOR_ELSE,  outer##_AFTER_FOR, outer##_LOOP, \
    };

/* ---- the model ----------------------------------------------------------- */

static struct {
    enum place places[2];
    enum way way;
    int turn;
    bool returned;   /* innermost */
    bool taken_back; /* and that inside a finally clause that then fell */
    char text[4096];
    size_t size;
} predicted;

static void predict_letter(char letter)
{
    if (predicted.size + 1 < sizeof predicted.text)
        predicted.text[predicted.size++] = letter;
    predicted.text[predicted.size] = '\0';
}

static bool fell(struct outcome outcome)
{
    return outcome.way == FALL;
}

static struct outcome predict_at(int level, char letter)
{
    return predict_point((char)(level ? letter - 32 : letter));
}

static struct outcome predict(int level);

/* `before`, the code inside, `after`. */
static struct outcome predict_inside(int level, char before, char after)
{
    struct outcome outcome = predict_at(level, before);

    if (fell(outcome))
        outcome = predict(level + 1);
    if (fell(outcome))
        outcome = predict_at(level, after);
    return outcome;
}

/* What a finally clause does to the way its statement is left (E03). */
static struct outcome then(struct outcome outcome, struct outcome clause)
{
    return fell(clause) ? outcome : clause;
}

/* except ValueError, else, finally around what came to `outcome`. */
static struct outcome predict_clauses(int level, struct outcome outcome)
{
    if (outcome.way == RAISE && outcome.what == 'V')
        outcome = predict_at(level, 'x');
    else if (fell(outcome))
        outcome = predict_at(level, 'e');
    return then(outcome, predict_at(level, 'f'));
}

/* except* KeyError, of an exception without a group: so what the clause raises
   comes out without one too; leaving it otherwise is refused. */
static struct outcome predict_group(int level)
{
    struct outcome outcome = predict_inside(level, 'x', 'y');

    if (!fell(outcome) && outcome.way != RAISE)
        outcome = (struct outcome){RAISE, 'R'};
    return then(outcome, predict_at(level, 'f'));
}

/* A finally clause with an exception or a return underway, or nothing. */
static struct outcome predict_finally(int level, struct outcome pending)
{
    struct outcome outcome = predict_at(level, 't'), clause;

    if (fell(outcome))
        outcome = pending;
    clause = predict_inside(level, 'f', 'g');
    if (predicted.returned && fell(clause) && outcome.way == RETURN)
        predicted.taken_back = true;
    return then(outcome, clause);
}

static struct outcome predict_with(int level, bool swallows)
{
    struct outcome outcome = predict_inside(level, 't', 'u');
    struct outcome exit = predict_at(level, 'q');

    if (swallows && fell(exit) && outcome.way == RAISE)
        outcome.way = FALL;
    return then(outcome, exit);
}

/* Two turns; `at_end` says the end of an iterable, 0 if there is none, and
   `otherwise` begins an else clause. */
static struct outcome predict_loop(int level, bool around, char at_end,
                                   char otherwise)
{
    struct outcome outcome = {FALL, 0};
    bool broken = false;

    for (int i = 0; i < 2 && fell(outcome) && !broken; i++) {
        outcome = around ? predict_inside(level, 't', 'u')
                         : predict_at(level, 't');
        broken = outcome.way == BREAK;
        if (broken || outcome.way == CONTINUE)
            outcome.way = FALL;
    }
    if (at_end)
        predict_letter((char)(level ? at_end - 32 : at_end));
    if (otherwise && fell(outcome) && !broken)
        outcome = around ? predict_at(level, otherwise)
                         : predict_inside(level, otherwise, 'u');
    return outcome;
}

static struct outcome predict_innermost(void)
{
    struct outcome outcome = predict_point('-');

    if (!fell(outcome))
        return outcome;
    outcome.way = predicted.way;
    predicted.returned = outcome.way == RETURN;
    outcome.what = outcome.way == RAISE    ? 'V'
                   : outcome.way == RETURN ? 10 + predicted.turn
                                           : 0;
    return outcome;
}

/* Says what the form of a level says and how it is left. */
static struct outcome predict(int level)
{
    struct outcome outcome;

    if (level == 2)
        return predict_innermost();
    switch (predicted.places[level]) {
    case PLACE_TRY:
        outcome = predict_inside(level, 't', 'u');
        return then(outcome, predict_at(level, 'f'));
    case PLACE_GUARDED:
        return predict_clauses(level, predict_inside(level, 't', 'u'));
    case PLACE_EXCEPT:
        outcome = predict_at(level, 't');
        if (fell(outcome))
            outcome = predict_inside(level, 'x', 'y');
        return then(outcome, predict_at(level, 'f'));
    case PLACE_GROUP:
        outcome = predict_at(level, 't');
        if (fell(outcome))
            return predict_group(level);
        return then(outcome, predict_at(level, 'f'));
    case PLACE_ELSE:
        outcome = predict_at(level, 't');
        if (fell(outcome))
            outcome = predict_inside(level, 'e', 'y');
        else if (outcome.way == RAISE && outcome.what == 'V')
            outcome = predict_at(level, 'x');
        return then(outcome, predict_at(level, 'f'));
    case PLACE_FINALLY:
        return predict_finally(level, (struct outcome){FALL, 0});
    case PLACE_RAISING:
        return predict_finally(level, (struct outcome){RAISE, 'K'});
    case PLACE_RETURNING:
        return predict_finally(level, (struct outcome){RETURN, 7 + level});
    case PLACE_WITH:
        return predict_with(level, false);
    case PLACE_SWALLOW:
        return predict_with(level, true);
    case PLACE_CLAUSES:
        return predict_clauses(level, predict_with(level, false));
    case PLACE_DEFER:
        outcome = predict_inside(level, 't', 'u');
        return then(outcome, predict_at(level, 'd'));
    case PLACE_AUTO:
        outcome = predict_inside(level, 't', 'u');
        return then(outcome, predict_at(level, 'a'));
    case PLACE_FOR:
        return predict_loop(level, true, 'z', 0);
    case PLACE_FOR_ELSE:
        return predict_loop(level, true, 'z', 'e');
    case PLACE_AFTER_FOR:
        return predict_loop(level, false, 'z', 'e');
    case PLACE_LOOP:
        return predict_loop(level, true, 0, 0);
    default:
        return (struct outcome){RAISE, '?'};
    }
}

/* The whole function: its result, or what it raises. A return inside a finally
   clause that is taken back spoils the result that was underway (cede/try.h);
   then predicted.taken_back is true. */
static struct outcome predict_turns(void)
{
    struct outcome outcome;

    for (predicted.turn = 0; predicted.turn < 2; predicted.turn++) {
        outcome = predict_point('[');
        if (fell(outcome))
            outcome = predict(0);
        if (fell(outcome))
            outcome = predict_point(']');
        if (outcome.way == BREAK)
            break;
        if (outcome.way == GOTO)
            return then((struct outcome){RETURN, 1}, predict_point('o'));
        if (outcome.way == RETURN || outcome.way == RAISE)
            return outcome;
    }
    return then((struct outcome){RETURN, 0}, predict_point('.'));
}

static struct outcome predict_function(enum place outer, enum place inner,
                                       enum way way)
{
    predicted.places[0] = outer;
    predicted.places[1] = inner;
    predicted.way = way;
    predicted.returned = predicted.taken_back = false;
    predicted.size = 0;
    predicted.text[0] = '\0';
    return predict_turns();
}

/* ---- for both programs --------------------------------------------------- */

static char letter_of(const cede_exception *e)
{
    if (cede_exception_is(e, cede_ValueError))
        return 'V';
    if (cede_exception_is(e, cede_KeyError))
        return 'K';
    if (cede_exception_is(e, cede_GeneratorExit))
        return 'G';
    if (cede_exception_is(e, cede_RuntimeError))
        return 'R';
    return '?';
}

static bool runs_in_finally(enum place outer)
{
    return outer == PLACE_FINALLY || outer == PLACE_RAISING ||
           outer == PLACE_RETURNING;
}

/*
 * The rule of clang (cede/try.h): inside a finally clause no other statement
 * may be left early. The clause may run because the function returns, and then
 * its one place for where to go is taken: where code that leaves is there, not
 * even falling through is safe.
 */
static bool may_be_left(enum place outer, enum place inner, enum way way)
{
#ifdef __clang__
    if (!runs_in_finally(outer) || inner == PLACE_LOOP)
        return true;
    return outer != PLACE_RETURNING && (way == FALL || way == RAISE);
#else
    (void)outer, (void)inner, (void)way, (void)runs_in_finally;
    return true;
#endif
}
