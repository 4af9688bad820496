/*
 * Lists: values in a row that grows and changes.
 *
 * Python: list, "Sequence Types" in the library reference. A list can be
 * iterated, indexed (cede_getitem), measured (cede_len), compared
 * (cede_value_equal) and shown (cede_print). An iterator looks at the list as
 * it is at each step, so a list may change while it is iterated; an iterator
 * that has come to the end stays there even if the list grows (I04). It
 * belongs to one thread at a time. Nothing here suspends but cede_list_from
 * and cede_list_remove.
 */
#pragma once

#include "cede/impl/flow.h"
#include "cede/value.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/* A list. Its items are owned by it. */
typedef struct cede_list cede_list;

#ifndef __cplusplus

/* cede_list(): a new, empty list, one reference. Raises MemoryError. Python:
   []. */
#define cede_list() cede_list_new()

/*
 * cede_list_of(a, b, …): a new list of 0 to 16 arguments, each boxed by
 * cede_box; references they own are handed over, also when it raises
 * MemoryError. They are evaluated from left to right; if one raises, those
 * before it are given up. Python: [a, b, …].
 */
#define cede_list_of(...)                                                      \
    (__extension__({                                                           \
        __attribute__((cleanup(cede_impl_defer_leave)))                        \
        cede_impl_defer cede_impl_list_;                                       \
        cede_impl_list_begin(&cede_impl_list_);                                \
        CEDE_IMPL_EACH(CEDE_IMPL_LIST_ITEM, __VA_ARGS__)                       \
        cede_impl_list_end(&cede_impl_list_);                                  \
    }))
#define CEDE_IMPL_LIST_ITEM(x)                                                 \
    cede_impl_list_put(&cede_impl_list_, cede_box(x));

/* As those of cede_tuple. */
void cede_impl_list_begin(cede_impl_defer *record);
void cede_impl_list_put(cede_impl_defer *record, cede_value item);
cede_list *cede_impl_list_end(cede_impl_defer *record)
    CEDE_IMPL_NEW;

/*
 * cede_list_append(list, x): x, boxed by cede_box, becomes the last item; the
 * reference it owns is handed over, also when it raises MemoryError. Python:
 * list.append.
 */
#define cede_list_append(list, ...)                                            \
    cede_impl_list_append((list), cede_box(__VA_ARGS__))

/*
 * cede_list_set(list, index, x): puts x, boxed by cede_box, in the place of an
 * item, which is given up; a negative index counts from the end. The reference
 * x owns is handed over, also when it raises IndexError "list assignment index
 * out of range". Python: list[index] = x.
 */
#define cede_list_set(list, index, ...)                                        \
    cede_impl_list_set((list), (index), cede_box(__VA_ARGS__))

/*
 * cede_list_remove(list, x): takes the first item that is x or equals it
 * (cede_value_equal) out of the list and gives it up. Borrows x, which is what
 * cede_print takes. Raises ValueError "list.remove(x): x not in list", and what
 * an eq raises; suspends if an eq does. Python: list.remove.
 */
#define cede_list_remove(list, ...)                                            \
    cede_impl_list_remove((list), CEDE_IMPL_BORROW(__VA_ARGS__))

#endif /* !__cplusplus */

void cede_impl_list_remove(cede_list *list, cede_value value);
void cede_impl_list_append(cede_list *list, cede_value item);
void cede_impl_list_set(cede_list *list, int64_t index, cede_value item);

/* As cede_list(): a new, empty list, one reference. Raises MemoryError. */
cede_list *cede_list_new(void) CEDE_IMPL_NEW;

/*
 * A new list of what an iterable gives. Takes your reference to the iterable,
 * which is given up as cede_for gives it up. Raises TypeError if it is not
 * iterable, what it raises, MemoryError; what has come by then is given up.
 * Suspends if the iterable does. Python: list(iterable).
 */
cede_list *cede_list_from(void *iterable) CEDE_IMPL_NEW;

/* How many items. Never raises. Python: len(list). */
size_t cede_list_size(const cede_list *list);

/*
 * An item, borrowed from the list until the list changes; a negative index
 * counts from the end. Raises IndexError "list index out of range". Python:
 * list[index].
 */
cede_value cede_list_get(const cede_list *list, int64_t index);

/*
 * Takes an item out and returns it, with its reference; -1 is the last one.
 * Raises IndexError "pop from empty list", "pop index out of range". Python:
 * list.pop(index).
 */
cede_value cede_list_pop(cede_list *list, int64_t index);

CEDE_IMPL_END
