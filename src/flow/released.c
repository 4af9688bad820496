/*
 * What an object is after its end, while CEDE_DEBUG=1 keeps its memory: of a
 * class whose every method raises. See value/debug.h.
 */
#include "flow/flow.h"

#include "value/debug.h"

#include "cede/exception.h"

void cede_impl_use_after_release(const void *object)
{
    char text[1536];

    cede__debug_accuse(object, text, sizeof text);
    cede_raise(cede_RuntimeError, "%s", text);
}

static bool next(void *self, cede_value *item)
{
    (void)item;
    cede_impl_use_after_release(self);
}

static bool send_in(void *self, cede_value value, cede_value *item)
{
    (void)item;
    cede_value_unref(value);
    cede_impl_use_after_release(self);
}

static bool throw_in(void *self, cede_exception *exception, cede_value *item)
{
    (void)exception;
    (void)item;
    cede_impl_use_after_release(self);
}

static void refuse(void *self)
{
    cede_impl_use_after_release(self);
}

static void *iter(void *self)
{
    cede_impl_use_after_release(self);
}

static bool leave(void *self, cede_exception *exception)
{
    (void)exception;
    cede_impl_use_after_release(self);
}

static cede_value wait_at(void *self, const cede_location *where)
{
    (void)where;
    cede_impl_use_after_release(self);
}

static cede_value show(void *self)
{
    cede_impl_use_after_release(self);
}

static bool equal(void *self, void *other)
{
    (void)other;
    cede_impl_use_after_release(self);
}

static size_t length(void *self)
{
    cede_impl_use_after_release(self);
}

static cede_value item_at(void *self, int64_t index)
{
    (void)index;
    cede_impl_use_after_release(self);
}

static const cede_iterator_methods iterator_methods = {
    .next = next,
    .send = send_in,
    .throw_ = throw_in,
    .close = refuse,
    .iter = iter,
};

static const cede_manager_methods manager_methods = {
    .enter = refuse,
    .exit = leave,
};

static const cede_awaitable_methods awaitable_methods = {.wait_at = wait_at};

static const cede_object_methods object_methods = {
    .str = show,
    .repr = show,
    .eq = equal,
};

static const cede_sequence_methods sequence_methods = {
    .len = length,
    .getitem = item_at,
};

const cede_class cede__released_class[1] = {{
    .name = "released object",
    .size = sizeof(cede_object),
    .iterator = &iterator_methods,
    .manager = &manager_methods,
    .awaitable = &awaitable_methods,
    .object = &object_methods,
    .sequence = &sequence_methods,
}};
