/*
 * Iterating: cede_for, cede_next.
 *
 * Whatever has iterator methods in its class can be iterated, generators
 * first. Python: the iterator protocol, PEP 234; the for statement, language
 * reference 8.3. Rules I01-I10.
 */
#pragma once
#pragma GCC system_header

#include "cede/impl/coroutine.h"
#include "cede/try.h"

CEDE_IMPL_BEGIN

#ifndef __cplusplus

/*
 * cede_for (v, iterable) statement: runs the statement for each item; v is a
 * cede_value that owns its reference for the turn (cede_value_ref keeps it).
 * break, continue, return and goto act on this loop as on any. Takes your
 * reference to the iterable, and gives it up on every way out: a generator
 * nobody else holds is closed there, so its finally clauses run (and may
 * suspend or raise); one that somebody holds stays suspended (G19). Raises
 * TypeError if it is not iterable, and what the iterable raises.
 */
#define cede_for(v, ...)                                                       \
    for (cede_impl_for_record cede_impl_record_##v                             \
             __attribute__((cleanup(cede_impl_for_leave))),                    \
         *cede_impl_pointer_##v = cede_impl_for_enter(                         \
             &cede_impl_record_##v, (__VA_ARGS__), CEDE_IMPL_HERE);            \
         cede_impl_pointer_##v; cede_impl_pointer_##v = NULL)                  \
        for (cede_value v;                                                     \
             cede_impl_for_next(cede_impl_pointer_##v, &v);)

/*
 * iter(x): a new reference to an iterator over x; an iterator is its own.
 * Borrows x. Raises TypeError if x is not iterable.
 */
void *cede_iter(void *iterable) CEDE_IMPL_USE_RESULT;

/*
 * next(it): the next item, yours. Borrows the iterator. Raises StopIteration
 * at the end, with a generator's return value; else what the iterator raises.
 * Suspends if a generator awaits.
 */
#define cede_next(iterator)                                                    \
    cede_impl_next_item((iterator), CEDE_IMPL_HERE)
cede_value cede_impl_next_item(void *iterator, const cede_location *where);

/*
 * The same without an exception for the end: true and *item, or false. At the
 * end *item is a generator's return value, none for others; yours either way.
 */
#define cede_next_or_end(iterator, item)                                       \
    cede_impl_next_or_end((iterator), (item), CEDE_IMPL_HERE)
bool cede_impl_next_or_end(void *iterator, cede_value *item,
                           const cede_location *where);

/* next(it, default): at the end `fallback` (boxed), any number of times. */
#define cede_next_default(iterator, ...)                                       \
    cede_impl_next_default((iterator), cede_box(__VA_ARGS__), CEDE_IMPL_HERE)
cede_value cede_impl_next_default(void *iterator, cede_value fallback,
                                  const cede_location *where);

#endif /* !__cplusplus */

CEDE_IMPL_END
