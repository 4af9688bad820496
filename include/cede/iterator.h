/*
 * Iterating: cede_for, cede_next.
 *
 * An iterable is a pointer to an object, whichever: a parameter for one is a
 * `void *`, and the one in a value is cede_value_object(value). A function is
 * none, which no compiler says: cede_generator makes one of it.
 *
 * Whatever has iterator methods in its class can be iterated, generators
 * first. Python: the iterator protocol, PEP 234; the for statement, language
 * reference 8.3. Rules I01-I10.
 *
 * Unless it says otherwise, everything here raises TypeError for what cannot be
 * iterated and what the iterable raises, and suspends where the iterable does,
 * as a generator that awaits. Threads: those of the iterable; an iterator
 * belongs to one at a time.
 */
#pragma once

#include "cede/impl/coroutine.h"
#include "cede/try.h"

#pragma GCC system_header

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
 * cede_for_else (v, iterable) { … } cede_else { … } cede_end: the same, and the
 * else clause runs when the loop came to the end of the iterable, not after
 * break (I09). Only cede_else may follow; a break in it is your outer loop's.
 */
#define cede_for_else(v, ...)                                                  \
    {                                                                          \
        {                                                                      \
            __label__ cede_end_is_missing;                                     \
            cede_impl_loop cede_impl_frame_ = {false};                         \
            int cede_impl_phase_ = CEDE_IMPL_PHASE_BODY;                       \
            enum cede_impl_last cede_impl_last_;                               \
            enum {                                                             \
                cede_impl_kind = CEDE_IMPL_RECORD_TRY,                         \
                cede_no_statement_is_open_here = 1,                            \
                cede_impl_last = CEDE_IMPL_LAST_EXCEPT                         \
            };                                                                 \
            cede_end_is_missing:;                                              \
            {                                                                  \
                if (cede_impl_phase_ == CEDE_IMPL_PHASE_BODY)                  \
                    for (cede_impl_for_record cede_impl_record_##v             \
                             __attribute__((cleanup(cede_impl_for_leave))),    \
                         *cede_impl_pointer_##v = cede_impl_for_enter(         \
                             &cede_impl_record_##v, (__VA_ARGS__),             \
                             CEDE_IMPL_HERE);                                  \
                         cede_impl_pointer_##v; cede_impl_pointer_##v = NULL)  \
                        for (cede_value v;                                     \
                             !(cede_impl_frame_.exhausted =                    \
                                   !cede_impl_for_next(cede_impl_pointer_##v,  \
                                                       &v));)

/*
 * iter(x): a new reference to an iterator over x; an iterator is its own. What
 * has only a getitem (cede_sequence_methods) is asked for its items from index
 * 0 on, until it raises IndexError or StopIteration (I03). Borrows x. Raises
 * TypeError if x is not iterable, MemoryError.
 */
void *cede_iter(void *iterable) CEDE_IMPL_NEW;

/*
 * Has the object a next; has it an iter, as every iterator has? What can only
 * be indexed is no iterable to these, yet cede_iter takes it. Borrowed, NULL
 * allowed; calls nothing of the object's, never suspends. Python:
 * isinstance(x, Iterator), isinstance(x, Iterable) of collections.abc.
 */
bool cede_isiterator(const void *object);
bool cede_isiterable(const void *object);

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

/* cede_next_default(it, fallback): next(it, default), the next item, yours; at
   the end `fallback` (boxed; a reference it owns is handed over), any number of
   times. */
#define cede_next_default(iterator, ...)                                       \
    cede_impl_next_default((iterator), cede_box(__VA_ARGS__), CEDE_IMPL_HERE)
cede_value cede_impl_next_default(void *iterator, cede_value fallback,
                                  const cede_location *where);

/*
 * cede_iter_callable(function, argument, sentinel): iter(callable, sentinel), a
 * new iterator that calls function(argument) for
 * each item, until it returns something equal to the sentinel (boxed; a
 * reference it owns is handed over) or raises StopIteration; afterwards it is
 * never called again. The function returns a value of its own. The argument is
 * borrowed for as long as the iterator is used. One reference. Raises
 * MemoryError and does not suspend; iterating raises and suspends as the
 * function does.
 */
#define cede_iter_callable(function, argument, ...)                            \
    cede_impl_iter_callable(CEDE_IMPL_CALLING(function, argument),             \
                            cede_box(__VA_ARGS__))
void *cede_impl_iter_callable(cede_function function, void *argument,
                              cede_value sentinel) CEDE_IMPL_NEW;

/*
 * cede_unpack(iterable, &a, &b, …): a, b, … = iterable. Stores each item in a
 * cede_value of yours, up to 16, yours to unref; what they held before is not
 * looked at. Takes your reference to the iterable. Raises ValueError for too
 * few items and for too many, of which it draws one; TypeError for what is not
 * iterable; what the iterable raises. Then every target is None. Suspends if
 * the iterable does. Python: assignment to several targets.
 */
#define cede_unpack(iterable, ...)                                             \
    cede_impl_unpack((iterable),                                               \
                     (cede_value *const[]){NULL, __VA_ARGS__} + 1,             \
                     CEDE_IMPL_COUNT(__VA_ARGS__), CEDE_IMPL_HERE)
void cede_impl_unpack(void *iterable, cede_value *const *targets, size_t count,
                      const cede_location *where);

#endif /* !__cplusplus */

CEDE_IMPL_END
