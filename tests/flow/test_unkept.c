/*
 * The tests of kept locals without a word about keeping: where the compiler
 * does it by itself (gcc on x86-64, docs/decisions/0020-gcc-without-keep.md)
 * they pass too.
 */
#include "cede/try.h"

#if CEDE_IMPL_KEEPS
#undef cede_keep
#define cede_keep(variable) ((void)0)
#include "flow/test_keep.c"
#else
#include "harness/harness.h"

TEST(locals_that_nobody_keeps)
{
    SKIP("this compiler needs cede_keep");
}
#endif
