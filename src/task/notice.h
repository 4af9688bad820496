/*
 * Notices as this floor sees them: cede/lowlevel.h.
 *
 * Invariants: a notice stands in the list of at most one thing; it has left it
 * when it is told, so telling may free it.
 */
#pragma once

#include "cede/lowlevel.h"
#include "task/future.h"

/* What `impl` of a notice is. */
typedef struct cede__notice_part {
    cede__completion completion; /* without a job */
    uintptr_t events;            /* of a descriptor's */
} cede__notice_part;

_Static_assert(sizeof(cede__notice_part) <= sizeof((cede_notice){0}.impl),
               "a notice has room for the runtime's part");

/* Its part, in no list. */
cede__notice_part *cede__notice_begin(cede_notice *notice);

/* Tells the notice of a part that has left its list. */
void cede__notice_tell(cede__completion *completion);
