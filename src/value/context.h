/*
 * context.h - contexts, and which one code runs in
 *
 * Knows: places. A place is where a current context is kept: each thread has
 * one, and so have each task and each callback of a loop, which bring theirs
 * along when they run. Changing what runs changes one pointer of the thread;
 * what a task sets stays in its place while it is suspended. Must not know:
 * tasks and loops.
 *
 * A place holds one of three things, owned:
 *   NULL         nothing is set
 *   a map        a copy that nobody has a name for; making one is a reference
 *   a Context    from when something is set or somebody asks for the context
 *
 * Invariants: a context is entered in one place at most, and that place holds
 * a reference to it; `previous` leads through what was current there before,
 * down to what the place began with. Nothing here raises.
 *
 * Semantics: PEP 567, CPython's Python/context.c.
 */
#pragma once

#include "base/thread_local.h"
#include "cede/context.h"
#include "value/hamt.h"

typedef struct cede__context_place {
    cede_object *context;
    /* For the floor that has tasks: the task whose place this is, or NULL. Who
       runs and in which context is one question, so it costs one pointer. */
    void *task;
    /* The innermost cede_foreign that is open here, or NULL: whoever runs here
       must not suspend. */
    const cede_location *foreign;
} cede__context_place;

/* A value of a variable. Never changes, so that any thread may have it. */
typedef struct cede__binding {
    cede__hamt_item item; /* its key is the variable's number */
    cede_context_var *variable;
    cede_value value;
} cede__binding;

struct cede_context {
    cede_object head;
    cede__hamt *values;
    /* Where it is entered, atomic; NULL: nowhere. */
    cede__context_place *place;
    cede_object *previous; /* what the place held before; owned */
};

struct cede_token {
    cede_object head;
    cede_context *context;
    cede_context_var *variable;
    cede__hamt *before; /* the context's values, before and after */
    cede__hamt *after;
    bool used;
};

/* Their methods may raise, so they are in flow/context_var.c. */
extern const cede_class cede__context_class[1];
extern const cede_class cede__token_class[1];

/* The classes' destroy. */
void cede__context_var_destroy(void *self);
void cede__context_destroy(void *self);
void cede__token_destroy(void *self);

/* --- places --- */

/* The place of what runs now; NULL: of the thread itself. */
extern CEDE_IMPL_THREAD_LOCAL cede__context_place *cede__context_here;
extern CEDE_IMPL_THREAD_LOCAL cede__context_place cede__context_of_thread;

static inline cede__context_place *cede__context_place_now(void)
{
    cede__context_place *place = cede__context_here;

    return place ? place : CEDE__THREAD_LOCAL(cede__context_of_thread);
}

/* What is set in what a place holds: borrowed, may be NULL. */
static inline cede__hamt *cede__context_values(cede_object *context)
{
    return context && context->object_class == cede__context_class
               ? ((cede_context *)context)->values
               : (cede__hamt *)context;
}

/* A copy of the current context, for another place. Cannot fail. */
static inline cede_object *cede__context_capture(void)
{
    cede_object *context = cede__context_place_now()->context;

    if (CEDE_IMPL_LIKELY(!context))
        return NULL;
    return (cede_object *)cede_ref(cede__context_values(context));
}

/* Puts a context (borrowed) into a place that nothing has run in. */
void cede__context_place_set(cede__context_place *place, cede_context *context);

/* The context, borrowed, that the place had before any was entered in it.
   NULL: no memory to give it a name. */
cede_context *cede__context_place_base(cede__context_place *place);

/* Nothing will run here any more: leaves what is entered and gives up what the
   place holds. */
void cede__context_place_finish(cede__context_place *place);

/* Makes the context current. False: it is entered already. */
bool cede__context_enter(cede_context *context);

/* Leaves a context that was entered there: what was current before is again. */
void cede__context_leave(cede__context_place *place, cede_context *context);

/* --- variables --- */

/* The default, borrowed; the variable has one. Setting it takes the reference
   of the value; the variable is new. */
cede_value cede__context_var_fallback(const cede_context_var *variable);
void cede__context_var_set_fallback(cede_context_var *variable,
                                    cede_value value);

/* What it is set to in some values: borrowed, or NULL. */
const cede__binding *cede__binding_find(const cede__hamt *values,
                                        const cede_context_var *variable);

/* A context with some values (borrowed). NULL: no memory. */
cede_context *cede__context_try_new(cede__hamt *values);

/* Sets a variable in the current context; takes the reference of the value,
   also on failure. The token (unfilled; may be NULL) can take it back. False:
   no memory. */
bool cede__context_assign(cede_context_var *variable, cede_value value,
                          cede_token *token);

/* Is the context the current one? */
bool cede__context_is_current(const cede_context *context);

/* What cede_context_var_reset does once it has checked. False: no memory. */
bool cede__token_restore(cede_token *token);
