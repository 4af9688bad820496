/* A range is an iterable and no iterator: it can be read again and again. */
#include <cede.h>

int main(void)
{
    cede_range *r = cede_range(3);
    void *it = cede_iter(r);
    cede_list *out = cede_list();

    cede_print((bool)((cede_object *)r)->object_class->iterator->next);
    for (;;) {
        cede_try {
            cede_list_append(out, cede_next(it));
        } cede_except (cede_StopIteration) {
            break;
        } cede_end
    }
    cede_print(cede_temp(out), cede_temp(cede_list_from(cede_ref(r))),
               cede_temp(cede_list_from(r)), cede_temp(cede_list_from(it)));
}
