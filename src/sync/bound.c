/*
 * Objects that belong to a loop. See bound.h. Semantics: asyncio's mixin
 * _LoopBoundMixin; rule P13.
 */
#include "sync/bound.h"

static void refuse(cede__sync_bound *bound) CEDE_IMPL_COLD;
static void refuse(cede__sync_bound *bound)
{
    cede_value text = cede_repr(&bound->head);
    cede_defer (cede_value_clear, &text);

    cede_raise(cede_RuntimeError, "%s is bound to a different event loop",
               cede_value_str(text));
}

void cede__sync_bind(cede__sync_bound *bound)
{
    cede_loop *loop;

    cede_check_suspend();
    loop = cede_get_running_loop();
    if (CEDE_IMPL_UNLIKELY(!bound->loop))
        bound->loop = cede_ref(loop);
    if (CEDE_IMPL_UNLIKELY(bound->loop != loop))
        refuse(bound);
}

void cede__sync_unbind(cede__sync_bound *bound)
{
    cede_unref(bound->loop);
}

cede_value cede__sync_repr(const cede__sync_bound *bound, const char *state)
{
    const char *name = cede_class_of(bound)->name;

    if (bound->waiting == 0)
        return cede_str_format("<%s [%s]>", name, state);
    return cede_str_format("<%s [%s, waiters:%zu]>", name, state,
                           bound->waiting);
}
