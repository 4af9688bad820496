/*
 * server.h - the chat's door
 */
#pragma once

#include <stdbool.h>

struct options;

/*
 * Serves a chat until SIGINT or SIGTERM comes, says goodbye to all, and returns
 * when the last connection is closed: after options->farewell seconds at the
 * most, or when the second signal comes. False: it could not listen, which has
 * been said on stderr. Raises MemoryError; CancelledError, and then nothing
 * is left behind either. In a task.
 */
bool server_run(const struct options *options);
