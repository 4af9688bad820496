/*
 * What the runtime's own files know of raising, beyond cede/impl/flow.h.
 */
#pragma once

#include "cede/try.h"

/* Keeps an object alive while code that may raise runs above this record: a
   raise that passes it gives the reference up. */
typedef struct cede__hold {
    cede_impl_record record;
    cede_impl_flow *flow;
    cede_exception *outer_handled;
    void *object;
} cede__hold;

/* Takes over the reference to `object`. */
void cede__hold_push(cede__hold *hold, void *object);

/* Takes the record out of the chain; the reference is the caller's again. */
void cede__hold_pop(cede__hold *hold);

/* Goes on raising an exception that has its place and context already; takes
   the reference. */
void cede__throw(cede_exception *exception) CEDE_IMPL_NORETURN;

/* Raises a new exception as `raise` does: records where (if not NULL) and sets
   the context to what is being handled. Takes the reference. */
void cede__raise(cede_exception *exception, const cede_location *where)
    CEDE_IMPL_NORETURN;

/* The code under this chain of records will never run again: gives up what the
   records own and runs none of their clauses. `drop_defer` gets the defers. */
void cede__flow_abandon(cede_impl_flow *flow,
                        void (*drop_defer)(cede_impl_defer *defer));

/* What code running now would call "the exception being handled": its own, or
   that of whoever resumed it (G13, G14). Borrowed, or NULL. */
cede_exception *cede__handled(const cede_impl_flow *flow);

/* Reports an exception that nobody can receive any more (Python's
   sys.unraisablehook). Takes the reference. */
void cede__report_unraisable(cede_exception *exception, const char *doing);

/* Ends the program as Python does when nobody caught an exception: SystemExit
   silently with its status, KeyboardInterrupt with 130, others with the
   traceback on stderr and 1 (E16). Takes the reference. */
void cede__exit_uncaught(cede_exception *exception) CEDE_IMPL_NORETURN;

/* Assembly and its callee. */
void cede__frame_jump(cede_impl_frame *frame, int phase) CEDE_IMPL_NORETURN;
void cede__frame_back(cede_impl_frame *frame) CEDE_IMPL_NORETURN;
int cede__frame_left(cede_impl_frame *frame);
