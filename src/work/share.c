/*
 * share.c - contexts that go to another thread (see share.h)
 *
 * References to contexts and variables are counted atomically; those to what
 * the variables are set to are, from here on.
 */
#include "work/share.h"

#include "cede/iterator.h"

void cede__share_context(cede_context *context)
{
    if (cede_context_size(context) == 0)
        return;
    cede_for (item, cede_ref(context)) {
        cede_value value = cede_context_get(context, cede_value_object(item));

        if (value.owned)
            cede_share(value.as.object);
    }
}
