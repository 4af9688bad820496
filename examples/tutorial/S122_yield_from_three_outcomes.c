/* A delegation may bring values, a result, or an exception. */
#include <cede.h>

static void yields(void) { cede_yield("y"); }
static cede_value returns(void) { return cede_str("r"); }
static void raises(void) { cede_raise(cede_KeyError, "k"); }
static void d(cede_generator *s) {
    cede_value r; cede_keep(r);
    cede_try { r = cede_yield_from(s); }
    cede_except (cede_KeyError, e) { cede_print("propagated", e); return; } cede_end
    cede_print("result", r);
}
static void print_list(cede_generator *s) {
    cede_print(cede_temp(cede_list_from(cede_generator(d, s))));
}

int main(void) {
    print_list(cede_generator(yields));
    print_list(cede_generator(returns));
    print_list(cede_generator(raises));
}
