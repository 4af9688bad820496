/*
 * An iterable that is no iterator: each iter() of a Counter makes a new one.
 * What S02 shows, and S03 loops over.
 */
#pragma once

#include <cede.h>

struct iterator { cede_object head; int index; };

static bool iterator_next(void *self, cede_value *item) {
    struct iterator *it = self;
    if (it->index > 10)
        return false;
    *item = cede_int(it->index * 2);
    it->index += 1;
    return true;
}

static const cede_iterator_methods iterator_methods = {.next = iterator_next};
static CEDE_CLASS(Iterator, struct iterator, .iterator = &iterator_methods);

static void *iter(void *self) { (void)self; return cede_object_new(Iterator); }

static const cede_iterator_methods counter_methods = {.iter = iter};
static CEDE_CLASS(Counter, cede_object, .iterator = &counter_methods);

static void show_next(void) {
    cede_own (c, cede_object_new(Counter));
    cede_try { cede_next(c); }
    cede_except (cede_TypeError, e) { cede_print("TypeError:", e); } cede_end
    cede_own (it, cede_iter(c));
    cede_print(cede_next(it)); cede_print(cede_next(it));
}
