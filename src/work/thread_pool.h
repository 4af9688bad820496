/*
 * thread_pool.h - the end of all pools
 */
#pragma once

/*
 * Waits until all pools have done what they were given and their threads have
 * ended; from now on none takes work. What the end of the process does, and
 * tests that leave threads behind. The caller may be a pool's thread.
 */
void cede__thread_pools_finish(void);
