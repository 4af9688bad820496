/*
 * What was found: collected, put in order, printed once each.
 */
#pragma once

#include <stdbool.h>

#include "place.h"

struct source;

/* Adds a finding of one of the checks at a place of the source, unless that
   line says that it is all right. */
void report_add(struct source *source, const char *check, struct place place,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds a note to the last finding, if that was not left out. */
void report_note(struct place place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints all findings and returns how many there were. */
int report_print(void);
