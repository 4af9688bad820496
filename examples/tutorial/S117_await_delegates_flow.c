/*
 * Values travel through every await to whoever drives the outermost coroutine,
 * and what that one sends travels back to the innermost.
 */
#include <cede.h>

static cede_value yields(const char *v) { return cede_yield(v); }
static void *trap(const char *v) { /* Python: @types.coroutine */
    return cede_types_coroutine(cede_generator(yields, v));
}
static cede_value inner(void) {
    cede_value a = cede_await(trap("a")), b = cede_await(trap("b"));
    return cede_str_format("%s%s", cede_value_str(a), cede_value_str(b));
}
static cede_value outer(void) {
    cede_own (result, cede_await(cede_coroutine(inner)));
    return cede_str_format("r%s", cede_value_str(result));
}

int main(void) {
    cede_own (c, cede_coroutine(outer));
    cede_print(cede_coroutine_send(c, cede_none), cede_coroutine_send(c, "1"));
    cede_try { cede_coroutine_send(c, "2"); }
    cede_except (cede_StopIteration, e) { cede_print(cede_exception_value(e)); } cede_end
}
