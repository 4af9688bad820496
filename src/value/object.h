/* What the runtime's own files know of objects, beyond cede/object.h. */
#pragma once

#include "cede/value.h"

enum cede__object_flags {
    CEDE__OBJECT_IMMORTAL = 1 << 0, /* static: references are not counted */
};

/* cede_unref of one reference among several, where gcc, which takes cede_unref
   for the end of an object, would warn of every use behind it. */
void cede__unref_shared(void *object);

/* Gives one reference up; true: it was the last, and the object is now the
   caller's to destroy. */
bool cede__object_drop(void *object);

/* cede_object_new that returns NULL when there is no memory. */
void *cede__object_try_new(const cede_class *object_class);

/* cede_str_copy_n that returns false when there is no memory. */
bool cede__str_try_copy(const void *bytes, size_t size, cede_value *copy);
