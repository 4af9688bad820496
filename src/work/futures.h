/*
 * futures.h - what waiting for several futures has in common
 *
 * Knows: that the same future may stand in an array twice. Does not know: how
 * one waits.
 */
#pragma once

#include "work/concurrent_future.h"

/*
 * Looks through an array of futures: repeated[i] becomes whether futures[i]
 * stands there earlier too; returns how many different ones there are. Raises
 * TypeError for what is no concurrent future, MemoryError.
 */
size_t cede__futures_distinct(cede_concurrent_future *const *futures,
                              size_t count, bool *repeated);
