/*
 * Tuples: a fixed number of values in one object.
 *
 * Python: tuple, "Sequence Types" in the library reference. A tuple can be
 * iterated, indexed (cede_getitem), measured (cede_len), compared
 * (cede_value_equal) and shown (cede_print); it does not change. It belongs to
 * one thread at a time. Nothing here suspends.
 */
#pragma once

#include "cede/impl/flow.h"
#include "cede/value.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A tuple. Its items are owned by it. */
typedef struct cede_tuple cede_tuple;

#ifndef __cplusplus

/*
 * cede_tuple(a, b, …): a new tuple, one reference, of 0 to 16 arguments, each
 * boxed by cede_box; references they own are handed over, also when it raises
 * MemoryError, so a tuple in a tuple is cede_object(cede_tuple(…)). They are
 * evaluated from left to right; if one raises, those before it are given up.
 * Python: (a, b, …).
 */
#define cede_tuple(...)                                                        \
    (__extension__({                                                           \
        __attribute__((cleanup(cede_impl_defer_leave)))                        \
        cede_impl_defer cede_impl_tuple_;                                      \
        cede_impl_tuple_begin(&cede_impl_tuple_,                               \
                              CEDE_IMPL_COUNT(__VA_ARGS__));                   \
        CEDE_IMPL_EACH(CEDE_IMPL_TUPLE_ITEM, __VA_ARGS__)                      \
        cede_impl_tuple_end(&cede_impl_tuple_);                                \
    }))
#define CEDE_IMPL_TUPLE_ITEM(x)                                                \
    cede_impl_tuple_put(&cede_impl_tuple_, cede_box(x));

/* A tuple without its items yet, owned by the record; one item more; done:
   the tuple is the caller's. */
void cede_impl_tuple_begin(cede_impl_defer *record, size_t size);
void cede_impl_tuple_put(cede_impl_defer *record, cede_value item);
cede_tuple *cede_impl_tuple_end(cede_impl_defer *record)
    CEDE_IMPL_NEW;

#endif /* !__cplusplus */

/*
 * The same of `size` values in an array; the references they own are handed
 * over, also when it raises MemoryError. items may be NULL for none.
 */
cede_tuple *cede_tuple_new(const cede_value *items, size_t size)
    CEDE_IMPL_NEW;

/* How many items. Never raises. Python: len(t). */
size_t cede_tuple_size(const cede_tuple *tuple);

/*
 * An item, borrowed from the tuple; a negative index counts from the end.
 * Raises IndexError "tuple index out of range". Python: t[index].
 */
cede_value cede_tuple_get(const cede_tuple *tuple, int64_t index);

CEDE_IMPL_END
