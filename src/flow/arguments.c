/*
 * The arguments of a call that takes their references, given up because one of
 * them raised: cede/impl/flow.h.
 */
#include "flow/flow.h"

void cede_impl_arguments_give_up(void *self)
{
    cede_impl_arguments *arguments = self;

    while (arguments->count > 0)
        cede_unref(arguments->items[--arguments->count]);
}
