/*
 * -mbranch-protection on aarch64: a jump may only arrive at a landing pad, and
 * return addresses on the stack are signed. A C library built without pads is
 * no reason to leave ours untested: this program protects its own text, cede's
 * in it, as a loader does that finds every object marked.
 */
/* The called switch here; the library brings the inline one. */
#ifndef CEDE_SWITCH_CALL
#define CEDE_SWITCH_CALL
#endif

#include "value/said.h"

#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cede/generator.h"

#if defined(__aarch64__) && defined(__ARM_FEATURE_BTI_DEFAULT)

#ifndef PROT_BTI
#define PROT_BTI 0x10
#endif
#ifndef HWCAP2_BTI
#define HWCAP2_BTI (1 << 17)
#endif

extern const char __executable_start[], etext[];

/* From the page of the first byte to the end of the program's code. */
static bool protect_text(void)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = (uintptr_t)__executable_start;
    uintptr_t end = ((uintptr_t)etext + page - 1) / page * page;

    return mprotect((void *)start, end - start,
                    PROT_READ | PROT_EXEC | PROT_BTI) == 0;
}

static void jump_nowhere(void)
{
    __asm__ volatile("adr x9, 1f\n\t"
                     "br x9\n\t"
                     "1:\n\t"
                     "nop"
                     :
                     :
                     : "x9");
}

static void jump_protected(void *unused)
{
    (void)unused;
    if (protect_text())
        jump_nowhere();
}

static cede_value yields(void *argument)
{
    for (int i = 0; i < *(int *)argument; i++)
        say_value(cede_yield(i));
    return cede_str("end");
}

static cede_value delegates(void *argument)
{
    cede_value got;

    cede_try {
        got = cede_yield_from(cede_generator_with(yields, *(int *)argument));
    } cede_finally {
        say("f");
    } cede_end
    return got;
}

static int leaves(int n)
{
    cede_try {
        if (n > 0)
            return n;
        cede_raise(cede_ValueError);
    } cede_except (cede_ValueError, e) {
        say("e");
    } cede_finally {
        say("F");
    } cede_end
    return 0;
}

TEST(every_landing_has_its_pad)
{
    char output[256];
    cede_generator *g;

    if (!(getauxval(AT_HWCAP2) & HWCAP2_BTI))
        SKIP("this processor does not track branches");
    /* Is anything checked at all? */
    if (!CHECK(harness_fork(jump_protected, NULL, output, sizeof output) != 0))
        return;
    REQUIRE(protect_text());
    g = cede_generator_with(delegates, 2);
    cede_defer(cede_unref, g);
    say_value(cede_next(g));
    say_value(cede_generator_send(g, 7));
    SAY_RAISED(cede_generator_throw(g, cede_KeyError));
    CHECK_INT(leaves(3) + leaves(0), 3);
    CHECK_SAID("071fKeyError: \nFeF");
}

#else

TEST(every_landing_has_its_pad)
{
    SKIP("for aarch64 with -mbranch-protection=bti");
}

#endif
