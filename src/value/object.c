/*
 * Objects: creation, references, classes. It knows nothing of what objects do,
 * but for how an exception ends.
 */
#include "value/object.h"

#include "base/memory.h"
#include "value/sequence.h"

#include "cede/exception.h"

#include <string.h>

static bool inherits_otherwise(const cede_class *derived,
                               const cede_class *base)
{
    for (; derived; derived = derived->base)
        if (derived->second_base && cede_issubclass(derived->second_base, base))
            return true;
    return false;
}

/* Nearly all classes have one base: the others are looked at a second time. */
static inline bool inherits(const cede_class *derived, const cede_class *base)
{
    const cede_class *by_first = derived;
    uintptr_t others = 0;

    for (; by_first; by_first = by_first->base) {
        if (by_first == base)
            return true;
        others |= (uintptr_t)by_first->second_base;
    }
    return CEDE_IMPL_UNLIKELY(others) && inherits_otherwise(derived, base);
}

bool cede_issubclass(const cede_class *derived, const cede_class *base)
{
    return inherits(derived, base);
}

const cede_class *cede_class_of(const void *object)
{
    const cede_object *head = object;

    return head ? head->object_class : NULL;
}

const char *cede__class_name(const void *object)
{
    return object ? cede_class_of(object)->name : "NULL";
}

bool (cede_isinstance)(const void *object, const cede_class *object_class)
{
    const cede_object *head = object;

    return head && inherits(head->object_class, object_class);
}

void *cede__object_try_new(const cede_class *object_class)
{
    cede_object *object = cede__calloc(1, object_class->size);

    if (object) {
        object->object_class = object_class;
        object->references = 1;
        cede__object_born(object, object_class->size);
    }
    return object;
}

/* Is the object counted at all? */
static inline bool is_counted(const cede_object *object)
{
    if (CEDE_IMPL_UNLIKELY(object->flags & CEDE__OBJECT_RELEASED))
        cede__debug_report(object);
    return !(object->flags & CEDE__OBJECT_UNCOUNTED);
}

static void ref_otherwise(cede_object *object) __attribute__((noinline));
static void ref_otherwise(cede_object *object)
{
    if (is_counted(object))
        __atomic_fetch_add(&object->references, 1, __ATOMIC_RELAXED);
}

void *cede_impl_ref(void *object)
{
    cede_object *head = object;

    if (!head)
        return object;
    if (CEDE_IMPL_LIKELY(cede__object_plainly_counted(head)))
        head->references++;
    else
        ref_otherwise(head);
    return object;
}

static bool drop_otherwise(cede_object *object) __attribute__((noinline));
static bool drop_otherwise(cede_object *object)
{
    return is_counted(object) &&
           __atomic_sub_fetch(&object->references, 1, __ATOMIC_ACQ_REL) == 0;
}

static inline bool drop(cede_object *object)
{
    return CEDE_IMPL_LIKELY(cede__object_plainly_counted(object))
               ? --object->references == 0
               : drop_otherwise(object);
}

bool cede__object_drop(void *object)
{
    return drop(object);
}

/* A coroutine's stack is small: what is nested deeper is not looked into. */
enum { DEEPEST_SHARED = 200 };

/*
 * Tuples and lists are all there is to look into: what objects of other classes
 * hold, nobody knows. Whose flag is set is done with, also where lists hold
 * each other, and other threads may read it: it is not written again.
 */
static void share(cede_object *object, int depth)
{
    const cede_value *items;
    size_t size;

    if (object->flags & CEDE__OBJECT_UNUSUAL || depth > DEEPEST_SHARED)
        return;
    if (!(object->object_class->flags & CEDE_CLASS_SHARED))
        object->flags |= CEDE__OBJECT_SHARED;
    if (!cede__sequence_items(object, &items, &size))
        return;
    for (size_t i = 0; i < size; i++)
        if (items[i].owned)
            share(items[i].as.object, depth + 1);
}

void cede_share(void *object)
{
    if (object)
        share(object, 0);
}

static void destroy(cede_object *object)
{
    const cede_class *object_class = object->object_class;

    if (object_class->destroy)
        object_class->destroy(object);
    else if (object_class->flags & CEDE_CLASS_EXCEPTION)
        cede_exception_destroy(object); /* users' leave it out */
    if (!(object_class->flags & CEDE_CLASS_OWN_MEMORY))
        cede__object_free(object);
}

/*
 * A coroutine's stack is small, and containers nest to any depth. Beyond this
 * many of them, destroyed one in another, the next ones wait for the outermost
 * to come back. Why not at once, and no depth at all? What a generator's
 * finally clause gives up should be gone when it goes on.
 */
enum { DEEPEST_DESTROY = 32 };

static __thread int destroy_depth;
static __thread cede_object *destroy_waiting;

/* Nobody reads the counter and flags of an object that waits: the next one's
   address stands there. Of the flags it could have but one. */
static char *link_of(cede_object *object)
{
    return (char *)object + offsetof(cede_object, references);
}

_Static_assert(sizeof(cede_object) - offsetof(cede_object, references) >=
                   sizeof(cede_object *),
               "no room for a link");

static void destroy_container(cede_object *object)
{
    if (destroy_depth == DEEPEST_DESTROY) {
        memcpy(link_of(object), &destroy_waiting, sizeof object);
        destroy_waiting = object;
        return;
    }
    destroy_depth++;
    destroy(object);
    while (destroy_depth == 1 && (object = destroy_waiting)) {
        memcpy(&destroy_waiting, link_of(object), sizeof object);
        object->references = 0;
        object->flags = cede__debugging() ? CEDE__OBJECT_WATCHED : 0;
        destroy(object);
    }
    destroy_depth--;
}

static void end(cede_object *object) __attribute__((noinline));
static void end(cede_object *object)
{
    if (object->object_class->flags & CEDE_CLASS_CONTAINER)
        destroy_container(object);
    else
        destroy(object);
}

void cede_unref(void *object)
{
    cede_object *head = object;

    if (head && drop(head))
        end(head);
}

void cede__unref_shared(void *object)
{
    cede_unref(object);
}
