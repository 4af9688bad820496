/* What the runtime's own files know of objects, beyond cede/object.h. */
#pragma once

#include "base/environment.h"
#include "base/memory.h"
#include "base/single.h"
#include "value/debug.h"

#include "cede/value.h"

enum cede__object_flags {
    CEDE__OBJECT_IMMORTAL = 1 << 0, /* static: references are not counted */
    CEDE__OBJECT_RELEASED = CEDE_IMPL_OBJECT_RELEASED, /* its end has come */
    CEDE__OBJECT_WATCHED = 1 << 2, /* it has a record in value/debug.c */
    CEDE__OBJECT_SHARED = 1 << 3,  /* cede_share: counted atomically */
    /* References are not counted. */
    CEDE__OBJECT_UNCOUNTED = CEDE__OBJECT_IMMORTAL | CEDE__OBJECT_RELEASED,
    /* They are counted in another way than the class says. */
    CEDE__OBJECT_UNUSUAL = CEDE__OBJECT_UNCOUNTED | CEDE__OBJECT_SHARED,
};

/* Flags of the runtime's own classes, beside cede_class_flags. */
enum cede__class_flags {
    /* An iterator whose next never says the end by raising StopIteration. */
    CEDE__CLASS_NEVER_STOPS = 1 << 16,
    /* An iterator that draws from others: it begins with a cede__combinator. */
    CEDE__CLASS_COMBINATOR = 1 << 17,
};

/* Are its references a number that this thread alone changes just now? */
static inline bool cede__object_plainly_counted(const cede_object *object)
{
    return !(object->flags & CEDE__OBJECT_UNUSUAL) &&
           (!(object->object_class->flags & CEDE_CLASS_SHARED) ||
            cede__single_threaded());
}

/* cede_unref of one reference among several, where gcc, which takes cede_unref
   for the end of an object, would warn of every use behind it. */
void cede__unref_shared(void *object);

/* Gives one reference up; true: it was the last, and the object is now the
   caller's to destroy. */
bool cede__object_drop(void *object);

/* The name of an object's class, for messages; "NULL" for NULL. */
const char *cede__class_name(const void *object);

/* cede_check_alive for what may be NULL. */
static inline void cede__check_given(const void *object)
{
    if (object)
        cede_check_alive(object);
}

/* The name of the value's class, of its kind if it holds no object. */
const char *cede__value_class_name(cede_value value);

/* cede_object_new that returns NULL when there is no memory. */
void *cede__object_try_new(const cede_class *object_class);

/* cede_str_copy_n that returns false when there is no memory. */
bool cede__str_try_copy(const void *bytes, size_t size, cede_value *copy);

/* A string value of `size` bytes that the caller writes at once, *bytes; behind
   them is a NUL. False: no memory. */
bool cede__str_try_new(size_t size, char **bytes, cede_value *value);

/*
 * The first and the last word on every object. `born` when its head is filled
 * in and nothing can fail any more; `size` is that of its block, in bytes.
 * `free` gives the block back. With CEDE_DEBUG=1 it is watched in between
 * (value/debug.h).
 */
static inline void cede__object_born_as(cede_object *object, size_t size,
                                        const char *name,
                                        const cede_location *created)
{
    if (cede__debug_perhaps())
        cede__debug_enter(object, size, name, created);
}

static inline void cede__object_born(cede_object *object, size_t size)
{
    cede__object_born_as(object, size, NULL, NULL);
}

static inline void cede__object_free(cede_object *object)
{
    if (CEDE_IMPL_UNLIKELY(object->flags & CEDE__OBJECT_WATCHED))
        cede__debug_leave(object, sizeof *object);
    else
        cede__free(object);
}
