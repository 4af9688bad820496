/*
 * test_pages.c - advice about many ranges, and how much of it was taken
 */
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#include "harness/harness.h"

#include <limits.h>
#include <string.h>
#include <sys/mman.h>

#include "base/fault.h"
#include "stack/pages.h"

enum { COUNT = 10 };

static struct iovec ranges[COUNT];

/* Pages full of ones, with a page between each two. */
static bool map_ranges(void)
{
    size_t size = cede__pages_size();
    char *memory = mmap(NULL, 2 * COUNT * size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (!CHECK(memory != MAP_FAILED))
        return false;
    memset(memory, 1, 2 * COUNT * size);
    for (int i = 0; i < COUNT; i++)
        ranges[i] = (struct iovec){memory + 2 * (size_t)i * size, size};
    return true;
}

static int first_byte(int i)
{
    return *(char *)ranges[i].iov_base;
}

TEST(all_ranges_are_advised)
{
    REQUIRE(map_ranges());
    CHECK_INT(cede__pages_advise(ranges, COUNT, MADV_DONTNEED), COUNT);
    for (int i = 0; i < COUNT; i++) {
        CHECK_INT(first_byte(i), 0);
        CHECK_INT(((char *)ranges[i].iov_base)[ranges[i].iov_len], 1);
    }
}

TEST(one_range_and_none_are_lists_too)
{
    REQUIRE(map_ranges());
    CHECK_INT(cede__pages_advise(ranges, 0, MADV_DONTNEED), 0);
    CHECK_INT(first_byte(0), 1);
    CHECK_INT(cede__pages_advise(ranges, 1, MADV_DONTNEED), 1);
    CHECK_INT(first_byte(0), 0);
    CHECK_INT(first_byte(1), 1);
}

/* One range is refused: those before it are advised, and counted. */
TEST(refusal_in_the_middle_is_counted)
{
    if (harness_emulated())
        SKIP("qemu refuses no advice");
    REQUIRE(map_ranges());
    munmap(ranges[4].iov_base, ranges[4].iov_len);
    CHECK_INT(cede__pages_advise(ranges, COUNT, MADV_DONTNEED), 4);
    for (int i = 0; i < 4; i++)
        CHECK_INT(first_byte(i), 0);
}

/* A kernel that refuses lists is asked range by range. */
TEST(refused_batch_goes_range_by_range, .torture = false)
{
#if __has_include(<valgrind/valgrind.h>)
    if (RUNNING_ON_VALGRIND)
        SKIP("valgrind does not know the call that takes lists");
#endif
    REQUIRE(map_ranges());
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 1, 1);
    CHECK_INT(cede__pages_advise(ranges, COUNT, MADV_DONTNEED), COUNT);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    for (int i = 0; i < COUNT; i++)
        CHECK_INT(first_byte(i), 0);
}

TEST(refused_advice_is_counted, .torture = false)
{
    REQUIRE(map_ranges());
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 1, LONG_MAX);
    CHECK_INT(cede__pages_advise(ranges, COUNT, MADV_DONTNEED), 0);
    cede__fault_arm(CEDE__FAULT_SYSTEM_CALL, 0, 0);
    CHECK_INT(first_byte(0), 1);
}
