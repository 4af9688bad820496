/*
 * Objects: creation, references, classes. It knows nothing of what objects do,
 * but for how an exception ends.
 */
#include "value/object.h"

#include "base/memory.h"
#include "value/sequence.h"

#include "cede/exception.h"

#include <string.h>

bool cede_issubclass(const cede_class *derived, const cede_class *base)
{
    for (; derived; derived = derived->base)
        if (derived == base || (derived->second_base &&
                                cede_issubclass(derived->second_base, base)))
            return true;
    return false;
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

bool cede_isinstance(const void *object, const cede_class *object_class)
{
    const cede_object *head = object;

    return head && cede_issubclass(head->object_class, object_class);
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

/* Objects whose references are not counted, immortal or released ones, and
   those that are counted in another way than their class says. */
enum {
    UNCOUNTED = CEDE__OBJECT_IMMORTAL | CEDE__OBJECT_RELEASED,
    UNUSUAL = UNCOUNTED | CEDE__OBJECT_SHARED
};

/* Is the object counted at all? */
static bool is_counted(const cede_object *object) CEDE_IMPL_COLD;
static bool is_counted(const cede_object *object)
{
    if (object->flags & CEDE__OBJECT_RELEASED)
        cede__debug_report(object);
    return !(object->flags & UNCOUNTED);
}

void *cede_impl_ref(void *object)
{
    cede_object *head = object;

    if (!head)
        return object;
    if (CEDE_IMPL_UNLIKELY(head->flags & UNUSUAL)) {
        if (is_counted(head))
            __atomic_fetch_add(&head->references, 1, __ATOMIC_RELAXED);
        return object;
    }
    if (head->object_class->flags & CEDE_CLASS_SHARED)
        __atomic_fetch_add(&head->references, 1, __ATOMIC_RELAXED);
    else
        head->references++;
    return object;
}

static inline bool drop(cede_object *head)
{
    if (CEDE_IMPL_UNLIKELY(head->flags & UNUSUAL))
        return is_counted(head) && __atomic_sub_fetch(&head->references, 1,
                                                      __ATOMIC_ACQ_REL) == 0;
    if (head->object_class->flags & CEDE_CLASS_SHARED)
        return __atomic_sub_fetch(&head->references, 1, __ATOMIC_ACQ_REL) == 0;
    return --head->references == 0;
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

    if (object->flags & UNUSUAL || depth > DEEPEST_SHARED)
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
        cede_impl_exception_destroy(object); /* users' leave it out */
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

void cede_unref(void *object)
{
    cede_object *head = object;

    if (!head || !drop(head))
        return;
    if (head->object_class->flags & CEDE_CLASS_CONTAINER)
        destroy_container(head);
    else
        destroy(head);
}

void cede__unref_shared(void *object)
{
    cede_unref(object);
}
