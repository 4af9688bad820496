/*
 * reader.h - callbacks for descriptors that are ready
 *
 * Knows: up to two handles per descriptor, and the watch that posts them.
 * Does not know: what the callbacks read. Watches are by level, as asyncio's
 * are: a callback that leaves data behind is called again.
 */
#pragma once

struct cede_loop;

/* Removes every reader and writer of a loop. */
void cede__readers_remove_all(struct cede_loop *loop);
