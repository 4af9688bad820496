/*
 * The trace: one line for each thing that happens.
 */
#pragma once

#include "interpret.h"

/* Prints "NAME: " and the text, unless the run is out of steps. */
__attribute__((format(printf, 2, 3))) void trace(const struct frame *frame,
                                                 const char *format, ...);

/* Prints a line that no function says. */
__attribute__((format(printf, 2, 3))) void trace_run(struct run *run,
                                                     const char *format, ...);

/* What a value or an exception is in a trace; in a buffer that the next calls
   but a few use again. */
const char *show(struct run *run, cede_value value);
const char *show_exception(struct run *run, cede_exception *exception);
