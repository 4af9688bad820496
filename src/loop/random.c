/*
 * random.c - where seeds come from, and a loop's numbers (see random.h)
 */
#include "loop/random.h"

#include <errno.h>
#include <stdlib.h>

#include "cede/try.h"
#include "loop/loop.h"

bool cede__random_seed_in(const char *variable, uint64_t *ret_seed)
{
    const char *text = getenv(variable);
    char *end;

    if (text == NULL || text[0] == '\0')
        return false;
    errno = 0;
    *ret_seed = strtoull(text, &end, 0);
    if (*end != '\0' || errno != 0)
        cede_raise(cede_ValueError,
                   "%s is \"%s\": a whole number of 64 bits is needed",
                   variable, text);
    return true;
}

void cede_loop_set_seed(cede_loop *loop, uint64_t seed)
{
    cede_check_alive(loop);
    cede__loop_check(loop);
    loop->random = seed;
}

uint64_t cede_loop_random(cede_loop *loop)
{
    cede_check_alive(loop);
    cede__loop_check(loop);
    return cede__random_draw(&loop->random);
}
