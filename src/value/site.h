/*
 * site.h - where in the program something was done
 *
 * Knows: a place in the source, where a macro passed it; else the return
 * addresses of the calls that led here. Does not know: what was done.
 *
 * Invariants: taking a site allocates nothing that counts and never fails; at
 * worst it is empty. Telling it is slow (base/symbol.h). Any thread.
 */
#pragma once

#include "cede/object.h"

enum { CEDE__SITE_FRAMES = 12 };

typedef struct cede__site {
    const cede_location *location; /* NULL: the frames say, if anything */
    void *frames[CEDE__SITE_FRAMES];
} cede__site;

/* This place: `location`, or if NULL whoever called the runtime. */
void cede__site_take(cede__site *site, const cede_location *location);

/* An order in which equal sites are neighbours: <0, 0, >0. */
int cede__site_compare(const cede__site *a, const cede__site *b);

/* "at a.c:12 in main", or "in f (program+0x12f) < main (program+0x1a0)", from the
   inside out; cut to `size` bytes. */
void cede__site_tell(const cede__site *site, char *text, size_t size);

/* The latter alone, of what called a function of the runtime's; false: nobody
   knows, or the function is none of the runtime's. */
bool cede__site_tell_callers(const cede__site *site, const char *function,
                             char *text, size_t size);
