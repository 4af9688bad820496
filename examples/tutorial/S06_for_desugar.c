/*
 * What a for statement does: it asks for an iterator and calls next until
 * StopIteration; of what can only be indexed, for items from 0 until
 * IndexError.
 */
#include <cede.h>

static void for_each_by_index(void *x, void (*body)(cede_value item))
{
    for (int64_t index = 0;; index++) {
        cede_value i;

        cede_keep(i);
        cede_try {
            i = cede_getitem(x, index);
        } cede_except (cede_IndexError) {
            break;
        } cede_end
        body(i);
        cede_value_unref(i);
    }
}

static void for_each(void *x, void (*body)(cede_value item))
{
    const cede_class *its = ((cede_object *)x)->object_class;
    void *it;

    cede_defer (cede_unref, x);
    if (its->sequence && !its->iterator) {
        for_each_by_index(x, body);
        return;
    }
    it = cede_iter(x);
    cede_defer (cede_unref, it);
    for (;;) {
        cede_value i;

        cede_keep(i);
        cede_try {
            i = cede_next(it);
        } cede_except (cede_StopIteration) {
            break;
        } cede_end
        body(i);
        cede_value_unref(i);
    }
}

static cede_value getitem(void *self, int64_t i)
{
    (void)self;
    if (i < 3)
        return cede_int(i * 10);
    cede_raise(cede_IndexError);
}

static const cede_sequence_methods seq_methods = {.getitem = getitem};
static CEDE_CLASS(Seq, cede_object, .sequence = &seq_methods);

static cede_value numbers(void *arg)
{
    (void)arg;
    cede_for (n, cede_range(3))
        cede_yield(n);
    return cede_none;
}

static void print(cede_value item)
{
    cede_print(item);
}

int main(void)
{
    for_each(cede_generator(numbers, NULL), print);
    for_each(cede_list_of(7, 8), print);
    for_each(cede_object_new(Seq), print);
}
