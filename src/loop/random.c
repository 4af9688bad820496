/*
 * random.c - a loop's source of chance, for choices that must be fair and yet
 * the same when a run is repeated
 *
 * Knows: one word of state per loop, and where it begins. Must not know: what
 * is chosen. splitmix64 (Steele, Lea, Flood 2014): good enough to be fair, no
 * secret to anybody.
 */
#include <errno.h>
#include <stdlib.h>

#include "cede/try.h"
#include "loop/loop.h"

uint64_t cede__random_seed(void)
{
    const char *text = getenv("CEDE_SEED");
    unsigned long long seed;
    char *end;

    if (text == NULL || text[0] == '\0')
        return 0;
    errno = 0;
    seed = strtoull(text, &end, 0);
    if (*end != '\0' || errno != 0)
        cede_raise(cede_ValueError,
                   "CEDE_SEED is \"%s\": a whole number of 64 bits is needed",
                   text);
    return seed;
}

void cede_loop_set_seed(cede_loop *loop, uint64_t seed)
{
    cede_check_alive(loop);
    cede__loop_check(loop);
    loop->random = seed;
}

uint64_t cede_loop_random(cede_loop *loop)
{
    uint64_t bits;

    cede_check_alive(loop);
    cede__loop_check(loop);
    bits = loop->random += UINT64_C(0x9e3779b97f4a7c15);
    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}
