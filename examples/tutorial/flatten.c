/* Lists within lists, as deep as you like, item by item. */
#include <cede.h>

static void flatten(cede_list *list)
{
    cede_for (item, cede_ref(list)) {
        if (item.kind == CEDE_OBJECT)
            cede_yield_from(cede_generator(flatten, cede_value_object(item)));
        else
            cede_yield(cede_value_ref(item));
    }
}

int main(void)
{
    cede_own (nested, cede_list_of(1, cede_list_of(2, cede_list_of(3, 4), 5),
                                  cede_list_of(), 6));

    cede_print(nested);
    cede_print(cede_temp(cede_list_from(cede_generator(flatten, nested))));
}
