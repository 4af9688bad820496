/* The four states of a generator; RUNNING it sees only of itself. */
#include <cede.h>

static cede_generator *me;
static cede_list *states;
static void note_state(void) {
    int state = cede_getgeneratorstate(me);
    cede_list_append(states, cede_generator_state_name(state));
}
static void g(void) { note_state(); cede_yield(1); }

int main(void) {
    states = cede_list(); me = cede_generator(g);
    note_state();
    cede_next(me); note_state();
    cede_generator_close(me); note_state();
    cede_print(states);
    cede_unref(states); cede_unref(me);
}
