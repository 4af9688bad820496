/*
 * What cede_own declares gives its reference up where its block ends.
 */
#include "cede/try.h"

void cede_impl_own_end(void *variable)
{
    cede_unref(*(void **)variable);
}

void cede_impl_own_value_end(void *variable)
{
    cede_value_clear(variable);
}
