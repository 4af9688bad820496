/*
 * command.h - what a line of a user's means
 */
#pragma once

#include "text.h"

struct user;

/*
 * Does what a line says: a command if it begins with "/", else something for
 * the others in the room. The line is borrowed. Never suspends. Raises
 * MemoryError.
 */
void command_obey(struct user *user, struct text line);
