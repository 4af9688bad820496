/* cede_catch: exceptions as a return value, for plain C and foreign code. */
#include "flow/flow.h"

cede_exception *cede_catch(cede_function function, void *argument,
                           cede_value *result)
{
    cede_exception *volatile caught = NULL;

    cede_try {
        cede_impl_frame_.where = NULL; /* no place of its own in a traceback */
        cede_value value = cede_impl_call_function(function, argument);

        if (result)
            *result = value;
        else
            cede_value_unref(value);
    } cede_except (cede_BaseException, e) {
        caught = cede_ref(e);
    } cede_end
    return caught;
}
