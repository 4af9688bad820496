/*
 * Iterators made of others: map, filter, zip, enumerate, chain, islice; and what
 * a whole one comes to: sum, any, all.
 *
 *     cede_for (v, cede_map(square, cede_filter(is_odd, numbers)))
 *
 * All are lazy: nothing is drawn from a source before an item is asked for.
 * They take your references to their sources, also when they raise, and raise
 * TypeError for what is not iterable (at once, but for cede_chain) and
 * MemoryError. Each is an iterator, its own iter, one reference. The functions
 * you give run on the stack of whoever asks for an item: they may raise and
 * await, and cede_yield in one suspends the generator that iterates.
 *
 * What a source raises, the combinator raises; the next call goes on drawing
 * from where the source stands. A generator that nobody but a combinator holds
 * is closed where the combinator is given up: at the end of the cede_for over
 * it, where its clean-up may suspend and what it raises is raised; else by
 * cede_unref, which reports it. Of several the last is closed first.
 *
 * They suspend if a source or a function of yours does. Threads: those of
 * their sources; one combinator belongs to one thread at a time. Python: the
 * functions of these names, "Built-in Functions" and itertools in the library
 * reference.
 */
#pragma once

#include "cede/impl/flow.h"
#include "cede/value.h"

#pragma GCC system_header

CEDE_IMPL_BEGIN

/*
 * map(function, iterable): what the function makes of each item. The function
 * borrows the item (cede_value_ref keeps it, also to return it) and returns a
 * value of its own.
 */
void *cede_map(cede_value (*function)(cede_value item), void *iterable)
    CEDE_IMPL_NEW;

/*
 * filter(predicate, iterable): the items for which the predicate, which borrows
 * them, is true; NULL asks for the truth of the item itself
 * (cede_value_truth).
 */
void *cede_filter(bool (*predicate)(cede_value item), void *iterable)
    CEDE_IMPL_NEW;

/*
 * reversed(sequence): from the last item to the first, of what has a length and
 * items by index; the length is asked now. Takes your reference. Raises
 * TypeError if the class has not both len and getitem, MemoryError.
 */
void *cede_reversed(void *sequence) CEDE_IMPL_NEW;

/*
 * sum(iterable): of ints an int, else a float, in which the rounding of the
 * single steps is made up for (3.12); 0 of nothing. any(iterable),
 * all(iterable): is any item true (cede_value_truth), are all of them; they
 * draw no more items than they must. Take your reference. Raise TypeError for
 * what is not iterable, and for a sum of what are no numbers; OverflowError for
 * a sum beyond int64_t; what the iterable raises. Suspend if it does.
 */
cede_value cede_sum(void *iterable);
bool cede_any(void *iterable);
bool cede_all(void *iterable);

void *cede_impl_enumerate(void *iterable, int64_t start) CEDE_IMPL_NEW;
void *cede_impl_islice(void *iterable, int64_t start, int64_t stop,
                       int64_t step) CEDE_IMPL_NEW;

#ifndef __cplusplus

/*
 * cede_zip(a, b, …): tuples (cede/tuple.h) of an item from each of up to 16
 * iterables, in turn, until the shortest ends; items drawn for a tuple that is
 * not completed are given up.
 */
#define cede_zip(...) CEDE_IMPL_COMBINED(zip, __VA_ARGS__)

/*
 * cede_enumerate(iterable), cede_enumerate(iterable, start): tuples (number,
 * item), counting from start, 0 if left out. Raises OverflowError beyond
 * INT64_MAX.
 */
#define cede_enumerate(...)                                                    \
    CEDE_IMPL_ENUMERATE(__VA_ARGS__, cede_impl_enumerate,                      \
                        cede_impl_enumerate_1, )                               \
    (__VA_ARGS__)
#define CEDE_IMPL_ENUMERATE(a, b, name, ...) name
#define cede_impl_enumerate_1(iterable) cede_impl_enumerate((iterable), 0)

/*
 * cede_chain(a, b, …): all of up to 16 iterables, one after the other. iter()
 * of each is asked for when its turn comes; one that is not iterable raises
 * TypeError then, and ends the chain.
 */
#define cede_chain(...) CEDE_IMPL_COMBINED(chain, __VA_ARGS__)

/*
 * cede_islice(iterable, stop), cede_islice(iterable, start, stop),
 * cede_islice(iterable, start, stop, step): the items that a slice would have.
 * What comes before start is drawn and dropped. INT64_MAX as stop: no end.
 * Raises ValueError for what is negative, and for step 0. At its end, and when
 * the iterable raises, it gives the iterable up.
 */
#define cede_islice(...)                                                       \
    CEDE_IMPL_ISLICE(__VA_ARGS__, cede_impl_islice, cede_impl_islice_3,        \
                     cede_impl_islice_2, )                                     \
    (__VA_ARGS__)
#define CEDE_IMPL_ISLICE(a, b, c, d, name, ...) name
#define cede_impl_islice_2(iterable, stop)                                     \
    cede_impl_islice((iterable), 0, (stop), 1)
#define cede_impl_islice_3(iterable, start, stop)                              \
    cede_impl_islice((iterable), (start), (stop), 1)

/* The sources are evaluated one after the other; if one raises, the record
   gives up those before it. */
#define CEDE_IMPL_COMBINED(noun, ...)                                          \
    (__extension__({                                                           \
        __attribute__((cleanup(cede_impl_defer_leave)))                        \
        cede_impl_defer cede_impl_sources_;                                    \
        cede_impl_##noun##_begin(&cede_impl_sources_,                          \
                                 CEDE_IMPL_COUNT(__VA_ARGS__));                \
        CEDE_IMPL_EACH(CEDE_IMPL_SOURCE, __VA_ARGS__)                          \
        cede_impl_##noun##_end(&cede_impl_sources_);                           \
    }))
#define CEDE_IMPL_SOURCE(x) cede_impl_source_put(&cede_impl_sources_, (x));

void cede_impl_source_put(cede_impl_defer *record, void *source);
void cede_impl_zip_begin(cede_impl_defer *record, size_t count);
void *cede_impl_zip_end(cede_impl_defer *record) CEDE_IMPL_NEW;
void cede_impl_chain_begin(cede_impl_defer *record, size_t count);
void *cede_impl_chain_end(cede_impl_defer *record) CEDE_IMPL_NEW;

#endif /* !__cplusplus */

CEDE_IMPL_END
