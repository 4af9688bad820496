/*
 * shuffle.h - a queue in an order drawn by lot
 *
 * Knows: jobs in a queue and a seed. Does not know: what may be shuffled.
 *
 * Invariants: nothing is allocated and nothing fails; every order is as likely
 * as any other, and the same seed draws the same ones. Rule Z18; Trio shuffles
 * its batches likewise.
 */
#pragma once

#include <stdint.h>

#include "loop/queue.h"

/* `state` is the seed in the beginning and changes with every lot. */
void cede__queue_shuffle(cede__queue *queue, uint64_t *state);
