/*
 * Lists of what an iterable gives: it iterates, so it stands up here. Python:
 * list(iterable).
 */
#include "cede/iterator.h"
#include "cede/list.h"

#include "flow/flow.h"
#include "value/object.h"

cede_list *cede_list_from(void *iterable)
{
    cede_list *list;
    cede__hold hold;

    cede__check_given(iterable);
    cede__hold_push(&hold, iterable);
    list = cede_list();
    cede__hold_pop(&hold);
    cede__hold_push(&hold, list);
    cede_for (item, iterable)
        cede_list_append(list, cede_value_ref(item));
    cede__hold_pop(&hold);
    return list;
}
