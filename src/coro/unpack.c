/*
 * Unpacking: an iterable of exactly n items into n variables.
 *
 * Invariant: the targets hold either all the items or None, whatever is raised
 * and whoever raises it. Semantics: "Assignment statements" in the Python
 * language reference, 7.2; rule I07.
 */
#include "coro/iterator.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/iterator.h"

typedef struct unpacking {
    cede_value *const *targets;
    size_t count;
    size_t taken;
    bool done;
} unpacking;

/* On the way out. */
static void settle(void *self)
{
    unpacking *state = self;

    if (state->done)
        return;
    while (state->taken > 0) {
        cede_value *target = state->targets[--state->taken];
        cede_value item = *target;

        *target = cede_none;
        cede_value_unref(item);
    }
}

/* Python's own words: they name what was unpacked. */
static void check_iterable(cede_object *object, const cede_location *where)
{
    const char *name = cede__class_name(object);

    if (cede__is_iterable(object))
        return;
    cede_unref(object);
    cede_impl_raise_new(where, cede_TypeError,
                        "cannot unpack non-iterable %s object", name);
}

void cede_impl_unpack(void *iterable, cede_value *const *targets, size_t count,
                      const cede_location *where)
{
    unpacking state = {targets, count, 0, false};

    for (size_t i = 0; i < count; i++)
        *targets[i] = cede_none;
    check_iterable(iterable, where);
    cede_defer (settle, &state);
    /* The loop closes what it alone holds, on every way out. */
    cede_for (item, iterable) {
        if (state.taken == count)
            cede_impl_raise_new(where, cede_ValueError,
                                "too many values to unpack (expected %zu)",
                                count);
        *targets[state.taken++] = cede_value_ref(item);
    }
    if (state.taken < count)
        cede_impl_raise_new(where, cede_ValueError,
                            "not enough values to unpack (expected %zu, got "
                            "%zu)",
                            count, state.taken);
    state.done = true;
}
