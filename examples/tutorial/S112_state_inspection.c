/* A generator says what state it is in. */
#include <cede.h>

static void g(void) { cede_yield(cede_none); }
static const char *state(cede_generator *c) {
    return cede_generator_state_name(cede_getgeneratorstate(c));
}

int main(void) {
    cede_own (c, cede_generator(g)); cede_own (s, cede_list_of(state(c)));
    cede_next(c); cede_list_append(s, state(c));
    cede_try { cede_next(c); }
    cede_except (cede_StopIteration) { cede_list_append(s, state(c)); } cede_end
    cede_print(s);
}
