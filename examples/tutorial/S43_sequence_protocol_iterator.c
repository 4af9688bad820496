/* What can be indexed can be iterated: from 0 until IndexError. */
#include <cede.h>

struct my_iter {
    cede_object head;
    int end;
};

static cede_value getitem(void *self, int64_t index)
{
    if (index < ((struct my_iter *)self)->end)
        return cede_int(index);
    cede_raise(cede_IndexError);
}

static const cede_sequence_methods methods = {.getitem = getitem};
static CEDE_CLASS(MyIter, struct my_iter, .sequence = &methods);

static struct my_iter *my_iter_new(int end)
{
    struct my_iter *my_iter = cede_object_new(MyIter);

    my_iter->end = end;
    return my_iter;
}

int main(void)
{
    cede_for (i, my_iter_new(3))
        cede_print(i);
}
