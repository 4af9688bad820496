/*
 * source.h - lines of source files, for tracebacks
 *
 * Knows: how to find line N of a file. Does not know: whose program it is. A
 * file that cannot be read has no lines, and nobody is told why.
 */
#pragma once

#include "value/text.h"

/* Appends the line without the white space around it; false: there is none. */
bool cede__source_line(const char *file, int line, cede__text *text);
