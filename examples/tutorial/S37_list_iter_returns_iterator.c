/* iter of a list is a new iterator; iter of an iterator is itself. */
#include <cede.h>

int main(void)
{
    cede_list *my_list = cede_list_of(1, 2, 3);
    cede_object *it = cede_iter(my_list);
    cede_object *same = cede_iter(it);
    cede_object *other = cede_iter(my_list);

    cede_print(other->object_class->name);
    cede_print((bool)(same == it), (bool)(other == it));
    cede_unref(other);
    cede_unref(same);
    cede_unref(it);
    cede_unref(my_list);
}
