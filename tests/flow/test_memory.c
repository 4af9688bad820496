/*
 * Out of memory while raising, catching and unwinding: a MemoryError, nothing
 * lost, nothing crossed.
 */
#include "value/said.h"

#include <limits.h>

#include "base/fault.h"
#include "base/memory.h"
#include "cede/exception.h"

static void raise_chain(void)
{
    cede_try {
        cede_raise(cede_KeyError, "first %d", 1);
    } cede_except (cede_Exception, e) {
        cede_raise_from(cede_ValueError, e, "second %d", 2);
    } cede_finally {
        say("finally ");
    } cede_end
}

/* Every allocation of raise_chain fails once. */
TEST(a_chain_at_every_allocation, .torture = false)
{
    size_t before = cede__memory_live();
    int errors = 0;
    long nth;

    for (nth = 1; nth < 100; nth++) {
        bool injected;

        cede_try {
            cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
            raise_chain();
        } cede_except (cede_MemoryError, e) {
            *(volatile int *)&errors += 1;
        } cede_except (cede_ValueError, e) {
        } cede_end
        injected = cede__fault_injected(CEDE__FAULT_ALLOCATION) > 0;
        cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
        CHECK_SAID("finally ");
        CHECK_INT(cede__memory_live(), before);
        if (!injected)
            break;
    }
    CHECK_INT(nth, 5); /* two exceptions, two messages */
    CHECK_INT(errors, 2); /* the first exception is replaced in any case */
}

/* With no memory at all everything still runs. */
static int starved(void)
{
    cede_try {
        cede_defer(say_word, "defer ");
        cede_raise(cede_KeyError, "message");
    } cede_except (cede_MemoryError, e) {
        say("%s ", cede_exception_name(e));
        return 1;
    } cede_finally {
        say("finally ");
    } cede_end
    return 2;
}

TEST(no_memory_at_all, .torture = false)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, LONG_MAX);
    CHECK_INT(starved(), 1);
    CHECK_INT(starved(), 1);
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_SAID("defer MemoryError finally defer MemoryError finally ");
}

/* It is one object for all, and so has no context of its own; but it may be
   the context of others. */
TEST(the_MemoryError_in_chains, .torture = false)
{
    cede_try {
        cede_try {
            cede_try {
                cede_raise(cede_KeyError, "handled");
            } cede_except (cede_KeyError, e) {
                cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
                cede_raise(cede_IndexError, "lost");
            } cede_end
        } cede_except (cede_MemoryError, e) {
            CHECK_PTR(cede_exception_context(e), NULL);
            cede_raise(cede_ValueError, "next");
        } cede_end
    } cede_except (cede_ValueError, e) {
        say_exception(cede_exception_context(e));
    } cede_end
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_SAID("MemoryError()");
}

static void errno_without_memory(long nth)
{
    cede__fault_arm(CEDE__FAULT_ALLOCATION, nth, 1);
    SAY_RAISED(cede_raise_errno(2, "open %s", "file"));
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
}

TEST(errno_at_every_allocation, .torture = false)
{
    errno_without_memory(1);
    errno_without_memory(2);
    errno_without_memory(3);
    errno_without_memory(4);
    CHECK_SAID("MemoryError: \nMemoryError: \nMemoryError: \n"
               "FileNotFoundError: [Errno 2] No such file or directory: "
               "open file\n");
}

TEST(objects_and_strings, .torture = false)
{
    static const cede_class plain_class[1] = {
        {.name = "Plain", .size = sizeof(cede_object)}};

    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    SAY_RAISED(cede_unref(cede_object_new(plain_class)));
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 1, 1);
    SAY_RAISED(cede_value_unref(cede_str_copy("text")));
    cede__fault_arm(CEDE__FAULT_ALLOCATION, 0, 0);
    CHECK_SAID("MemoryError: \nMemoryError: \n");
}
