/* A generator says what state it is in. */
#include <cede.h>

static cede_value g(void *arg)
{
    (void)arg;
    cede_yield(cede_none);
    return cede_none;
}

static const char *state(const cede_generator *c)
{
    return cede_generator_state_name(cede_getgeneratorstate(c));
}

int main(void)
{
    cede_generator *c = cede_generator(g, NULL);
    cede_list *s = cede_list_of(state(c));

    cede_next(c);
    cede_list_append(s, state(c));
    cede_try {
        cede_next(c);
    } cede_except (cede_StopIteration) {
        cede_list_append(s, state(c));
    } cede_end
    cede_print(s);
    cede_unref(s);
    cede_unref(c);
}
