/*
 * log.h - saying something to whoever runs the program
 *
 * Knows: the handler the user set, else stderr. Does not know: what is said.
 *
 * Invariants: one call is one report, in one piece also when several threads
 * have something to say. Nothing here allocates or fails.
 */
#pragma once

#include "cede/log.h"

/* `text` without the last newline. */
void cede__log(cede_log_level level, const char *text);

/* The same, formatted, cut to 1023 bytes. */
void cede__logf(cede_log_level level, const char *format, ...)
    CEDE_IMPL_FORMAT(2, 3);
