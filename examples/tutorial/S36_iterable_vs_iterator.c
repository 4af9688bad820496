/* An iterable has an iter; only an iterator has a next. */
#include <cede.h>

int main(void)
{
    cede_list *my_list = cede_list_of(1, 2, 3);
    const cede_iterator_methods *methods =
        ((cede_object *)my_list)->object_class->iterator;

    cede_print((bool)methods->iter, (bool)methods->next);
    cede_unref(my_list);
}
