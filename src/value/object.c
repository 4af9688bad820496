/*
 * Objects: creation, references, classes. It knows nothing of what objects do.
 */
#include "value/object.h"

#include "base/memory.h"

bool cede_issubclass(const cede_class *derived, const cede_class *base)
{
    for (; derived; derived = derived->base)
        if (derived == base)
            return true;
    return false;
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
    }
    return object;
}

void *cede_impl_ref(void *object)
{
    cede_object *head = object;

    if (!head || head->flags & CEDE__OBJECT_IMMORTAL)
        return object;
    if (head->object_class->flags & CEDE_CLASS_SHARED)
        __atomic_fetch_add(&head->references, 1, __ATOMIC_RELAXED);
    else
        head->references++;
    return object;
}

bool cede__object_drop(void *object)
{
    cede_object *head = object;

    if (head->flags & CEDE__OBJECT_IMMORTAL)
        return false;
    if (head->object_class->flags & CEDE_CLASS_SHARED)
        return __atomic_sub_fetch(&head->references, 1, __ATOMIC_ACQ_REL) == 0;
    return --head->references == 0;
}

void cede_unref(void *object)
{
    cede_object *head = object;
    const cede_class *object_class;

    if (!head || !cede__object_drop(head))
        return;
    object_class = head->object_class;
    if (object_class->destroy)
        object_class->destroy(object);
    if (!(object_class->flags & CEDE_CLASS_OWN_MEMORY))
        cede__free(object);
}

void cede__unref_shared(void *object)
{
    cede_unref(object);
}
