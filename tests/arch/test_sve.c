/*
 * With SVE the compiler has longer vectors and predicate registers; the inline
 * switch must say that it clobbers them too, or what they hold across a yield
 * is silently wrong.
 */
#if defined(__aarch64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC target("+sve")
#endif

#include "value/said.h"

#include "cede/generator.h"

#ifdef __ARM_FEATURE_SVE

#include <arm_sve.h>
#include <sys/auxv.h>

static cede_value spoils(void *unused)
{
    (void)unused;
    for (;;) {
        __asm__ volatile(".irp r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,"
                         "14, 15\n\t"
                         "pfalse p\\r\\().b\n\t"
                         "mov z\\r\\().d, #-1\n\t"
                         ".endr\n\t"
                         ".irp r, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,"
                         "27, 28, 29, 30, 31\n\t"
                         "mov z\\r\\().d, #-1\n\t"
                         ".endr\n\t"
                         "wrffr p0.b" /* clang has no name for it */
                         :
                         :
                         : "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8",
                           "p9", "p10", "p11", "p12", "p13", "p14", "p15",
                           "z0", "z1", "z2", "z3", "z4", "z5", "z6",
                           "z7", "z8", "z9", "z10", "z11", "z12", "z13", "z14",
                           "z15", "z16", "z17", "z18", "z19", "z20", "z21",
                           "z22", "z23", "z24", "z25", "z26", "z27", "z28",
                           "z29", "z30", "z31");
        cede_yield(1);
    }
    return cede_none;
}

/*
 * A vector and a predicate are alive while another coroutine runs. This is
 * cede_impl_resume without its calls, which would be a reason to keep nothing
 * in registers.
 */
__attribute__((noinline)) static uint64_t keeps(cede_impl_coroutine *root,
                                                cede_impl_flow *flow,
                                                uint64_t n)
{
    svbool_t some = svwhilelt_b64_u64(0, n);
    svuint64_t ones = svadd_n_u64_x(some, svindex_u64(0, 0), n);
    uintptr_t word = 0;

    root->state = CEDE_IMPL_RUNNING;
    root->flow.outer = flow;
    cede_impl_current = &root->flow;
    cede_impl_transfer(&root->slot, CEDE_IMPL_COROUTINE_OF(flow), root,
                       cede_none, &word);
    cede_impl_current = flow;
    root->state = CEDE_IMPL_SUSPENDED;
    return svaddv_u64(some, ones);
}

TEST(long_vectors_and_predicates_survive_a_yield)
{
    cede_generator *g;

    if (!(getauxval(AT_HWCAP) & HWCAP_SVE))
        SKIP("this processor has no SVE");
    g = cede_generator(spoils, NULL);
    cede_defer(cede_unref, g);
    cede_next(g);
    for (uint64_t n = 1; n < 4; n++) {
        uint64_t lanes = n < svcntd() ? n : svcntd();

        CHECK_INT(keeps(&g->coroutine, cede_impl_flow_now(), n), lanes * n);
    }
}

#else

TEST(long_vectors_and_predicates_survive_a_yield)
{
    SKIP("no target pragma for this compiler or processor");
}

#endif
