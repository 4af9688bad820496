/* What can be indexed can be iterated: from 0 until IndexError. */
#include <cede.h>

typedef struct my_iter { cede_object head; int end; } my_iter;

static cede_value getitem(void *self, int64_t index) {
    if (index < ((my_iter *)self)->end) return cede_int(index);
    else cede_raise(cede_IndexError);
}

static const cede_sequence_methods methods = {.getitem = getitem};
static CEDE_CLASS(MyIter, my_iter, .sequence = &methods);

int main(void) {
    cede_for (i, cede_object_with(MyIter, (my_iter){.end = 3})) cede_print(i);
}
