/*
 * Notes of exceptions; how they are printed is in test_traceback.c.
 */
#include "value/said.h"

#include "base/fault.h"
#include "cede/exception.h"

TEST(E11_notes_keep_their_order)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);

    CHECK_INT(cede_exception_notes_count(e), 0);
    for (int i = 0; i < 10; i++)
        cede_exception_add_note(e, "note %d of %s", i, "ten");
    CHECK_INT(cede_exception_notes_count(e), 10);
    CHECK_STR(cede_exception_note(e, 0), "note 0 of ten");
    CHECK_STR(cede_exception_note(e, 9), "note 9 of ten");
}

TEST(E11_a_note_is_not_part_of_the_text)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);

    cede_exception_add_note(e, "more");
    CHECK_STR(cede_exception_message(e), "x");
}

TEST(E11_a_note_stays_where_it_is)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);
    const char *first;

    cede_exception_add_note(e, "first");
    first = cede_exception_note(e, 0);
    for (int i = 0; i < 100; i++)
        cede_exception_add_note(e, "another");
    CHECK_PTR(cede_exception_note(e, 0), first);
    CHECK_STR(first, "first");
}

TEST(E11_a_note_that_is_not_there)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);

    SAY_RAISED(cede_exception_note(e, 0));
    cede_exception_add_note(e, "one");
    SAY_RAISED(cede_exception_note(e, 1));
    SAY_RAISED(say("%s\n", cede_exception_note(e, 0)));
    CHECK_SAID("IndexError: note index out of range\n"
               "IndexError: note index out of range\n"
               "one\nnothing raised\n");
}

TEST(E11_notes_are_added_on_the_way)
{
    cede_try {
        cede_try {
            cede_raise(cede_ValueError, "x");
        } cede_except (cede_ValueError, e) {
            cede_exception_add_note(e, "while reading %s", "config");
            cede_reraise();
        } cede_end
    } cede_except (cede_ValueError, e) {
        CHECK_STR(cede_exception_note(e, 0), "while reading config");
    } cede_end
}

TEST(E11_no_memory_for_a_note, .torture = false)
{
    cede_exception *e = cede_exception(cede_ValueError, "x");
    cede_defer (cede_unref, e);

    for (int nth = 1; nth <= 3; nth++) {
        cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
        SAY_RAISED(cede_exception_add_note(e, "note"));
        cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
        CHECK_INT(cede_exception_notes_count(e), 0);
    }
    CHECK_SAID("MemoryError: \nMemoryError: \nMemoryError: \n");
}

TEST(E11_the_MemoryError_takes_no_notes, .torture = false)
{
    cede_exception *e;

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    e = cede_limit_overrun_error("x", 1);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    cede_exception_add_note(e, "dropped");
    CHECK_INT(cede_exception_notes_count(e), 0);
    cede_unref(e);
}
