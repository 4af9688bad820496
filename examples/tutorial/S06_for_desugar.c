/*
 * What a for statement does: it asks for an iterator and calls next until
 * StopIteration; of what can only be indexed, for items from 0 until
 * IndexError.
 */
#include <cede.h>

static void for_each(void *x, void (*body)(cede_value item)) {
    cede_defer (cede_unref, x);
    if (cede_isiterable(x)) {
        cede_own (it, cede_iter(x));
        while (true) {
            cede_own (i, cede_none);
            cede_try { i = cede_next(it); }
            cede_except (cede_StopIteration) { break; } cede_end
            body(i);
        }
    } else {
        for (int idx = 0;; idx++) {
            cede_own (i, cede_none);
            cede_try { i = cede_getitem(x, idx); }
            cede_except (cede_IndexError) { break; } cede_end
            body(i);
        }
    }
}

static cede_value getitem(void *self, int64_t i) {
    (void)self;
    if (i < 3) return cede_int(i * 10);
    cede_raise(cede_IndexError);
}

static const cede_sequence_methods seq_methods = {.getitem = getitem};
static CEDE_CLASS(Seq, cede_object, .sequence = &seq_methods);

static void numbers(void) { for (int n = 0; n < 3; n++) cede_yield(n); }
static void print(cede_value item) { cede_print(item); }

int main(void) {
    for_each(cede_generator(numbers), print);
    for_each(cede_list_of(7, 8), print);
    for_each(cede_object_new(Seq), print);
}
