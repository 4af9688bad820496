/*
 * Functions by their addresses: of the program, whether they are exported or
 * not, and of shared objects.
 */
#include "harness/harness.h"

#include <stdlib.h>
#include <string.h>

#include "base/symbol.h"

/* Not exported, and the compiler must leave it where it is. */
__attribute__((noinline, used)) static int local_function(int x)
{
    __asm__ volatile("" : "+r"(x));
    return x + 1;
}

static const char *code_of(int (*function)(int))
{
    return (const char *)(uintptr_t)function;
}

TEST(a_static_function_has_a_name)
{
    cede__symbol symbol;

    cede__symbol_find(code_of(local_function) + 1, &symbol);
    CHECK_STR(symbol.function, "local_function");
    CHECK_STR(symbol.object, "test_symbol");
    CHECK(symbol.offset > 0);
}

TEST(a_function_of_a_shared_object_has_a_name)
{
    cede__symbol symbol;

    cede__symbol_find(code_of(abs) + 1, &symbol);
    CHECK_STR(symbol.function, "abs");
    CHECK_CONTAINS(symbol.object, "libc.");
}

TEST(the_offset_is_what_addr2line_wants)
{
    cede__symbol first, second;

    cede__symbol_find(code_of(local_function), &first);
    cede__symbol_find(code_of(local_function) + 3, &second);
    CHECK_INT(second.offset - first.offset, 3);
}

TEST(nobody_knows_what_is_no_code)
{
    cede__symbol symbol;
    char *heap = calloc(1, 16);

    cede__symbol_find(heap, &symbol);
    CHECK_STR(symbol.function, "");
    CHECK_STR(symbol.object, "?");
    CHECK_INT(symbol.offset, (uintptr_t)heap);
    free(heap);
}
