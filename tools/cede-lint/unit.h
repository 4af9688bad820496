/*
 * One file, read by libclang and examined.
 */
#pragma once

#include <stdbool.h>

#include "command.h"

/* Runs all checks over the file; false: it could not be read, and why has been
   printed. */
bool unit_examine(const struct command *command);
