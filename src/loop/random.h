/*
 * random.h - a source of chance, for choices that must be fair and yet the same
 * when a run is repeated
 *
 * Knows: one word of state, and where it begins. Does not know: what is chosen.
 * splitmix64 (Steele, Lea, Flood 2014): good enough to be fair, from any seed,
 * 0 too; no secret to anybody. Rule Z18.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The next 64 bits. `state` is the seed in the beginning. */
static inline uint64_t cede__random_draw(uint64_t *state)
{
    uint64_t bits = *state += UINT64_C(0x9e3779b97f4a7c15);

    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

/* The seed in an environment variable; false if it is not set. Raises
   ValueError for what is no number. */
bool cede__random_seed_in(const char *variable, uint64_t *ret_seed);
