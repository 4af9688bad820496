/*
 * Context variables, contexts and tokens as their users see them; running in a
 * context is in coro/context_run.c, what they are in value/context.c. PEP 567;
 * messages are CPython's, without addresses. Rules C03, C06.
 */
#include "value/context.h"

#include "base/memory.h"
#include "flow/flow.h"
#include "value/object.h"
#include "value/text.h"

#include "cede/print.h"
#include "cede/tuple.h"

#include <string.h>

/* --- looks --- */

static cede_value text_value(cede__text *text)
{
    cede_value value;
    bool copied = cede__text_copy(text, &value);

    cede__text_clear(text);
    if (!copied)
        cede_raise(cede_MemoryError);
    return value;
}

static void write_plain(cede__text *text, const cede_context_var *variable)
{
    cede__text_string(text, "<ContextVar name=");
    cede__text_quoted(text, variable->name, strlen(variable->name));
}

/* <ContextVar name='v' default=1> */
static cede_value repr_variable(void *self)
{
    const cede_context_var *variable = self;
    cede_value fallback = cede_none;
    cede__text text;

    if (!variable->no_default) /* first: a user's class may raise */
        fallback = cede_impl_repr(cede__context_var_fallback(variable));
    cede__text_init(&text);
    write_plain(&text, variable);
    if (!variable->no_default) {
        cede__text_string(&text, " default=");
        cede__text_append(&text, cede_value_str(fallback),
                          cede_value_str_size(fallback));
    }
    cede__text_string(&text, ">");
    cede_value_unref(fallback);
    return text_value(&text);
}

/* <Token used var=<ContextVar name='v'>> */
static cede_value repr_token(void *self)
{
    const cede_token *token = self;
    cede_value variable = repr_variable(token->variable);
    cede__text text;

    cede__text_init(&text);
    cede__text_string(&text, token->used ? "<Token used var=" : "<Token var=");
    cede__text_append(&text, cede_value_str(variable),
                      cede_value_str_size(variable));
    cede__text_string(&text, ">");
    cede_value_unref(variable);
    return text_value(&text);
}

/* LookupError(variable), KeyError(variable). */
static void raise_missing(const cede_class *exception_class,
                          const cede_context_var *variable) CEDE_IMPL_NORETURN;
static void raise_missing(const cede_class *exception_class,
                          const cede_context_var *variable)
{
    cede__raise(cede_exception_from_args(
                    exception_class,
                    cede_object(cede_ref((cede_context_var *)variable))),
                NULL);
}

/* Raises with the token's repr in front. */
static void refuse(const cede_class *exception_class, cede_token *token,
                   const char *what) CEDE_IMPL_NORETURN;
static void refuse(const cede_class *exception_class, cede_token *token,
                   const char *what)
{
    cede_value shown = repr_token(token);
    cede__hold hold;

    cede__hold_push(&hold, shown.as.object);
    cede_raise(exception_class, "%s %s", cede_value_str(shown), what);
}

/* --- contexts as containers --- */

typedef struct iterator {
    cede_object head;
    cede__hamt *values;
    size_t index;
} iterator;

static bool next(void *self, cede_value *item)
{
    iterator *it = self;
    const cede__binding *binding =
        (cede__binding *)cede__hamt_at(it->values, it->index);

    if (!binding)
        return false;
    it->index++;
    *item = cede_object(cede_ref(binding->variable));
    return true;
}

static void destroy_iterator(void *self)
{
    cede_unref(((iterator *)self)->values);
}

static const cede_iterator_methods iterator_methods = {.next = next};

static const cede_class iterator_class[1] = {
    {.name = "keys",
     .size = sizeof(iterator),
     .flags = CEDE__CLASS_NEVER_STOPS,
     .destroy = destroy_iterator,
     .iterator = &iterator_methods}};

static void *iterate(void *self)
{
    iterator *it = cede_object_new(iterator_class);

    it->values = cede_ref(((cede_context *)self)->values);
    return it;
}

static size_t len(void *self)
{
    return cede_context_size(self);
}

static bool has_equal(const cede__hamt *values, const cede__binding *binding)
{
    const cede__binding *other =
        cede__binding_find(values, binding->variable);

    return other && (other == binding ||
                     cede_impl_value_equal(binding->value, other->value));
}

static bool equal_values(cede__hamt *a, cede__hamt *b)
{
    const cede__binding *binding;

    if (cede__hamt_size(a) != cede__hamt_size(b))
        return false;
    for (size_t i = 0; (binding = (cede__binding *)cede__hamt_at(a, i)); i++)
        if (!has_equal(b, binding))
            return false;
    return true;
}

/* A user's class may compare, and change the contexts meanwhile. */
static bool equal(void *self, void *other)
{
    cede__hamt *a = cede_ref(((cede_context *)self)->values);
    cede__hamt *b;
    cede__hold hold_a, hold_b;
    bool result;

    if (!cede_isinstance(other, cede__context_class)) {
        cede_unref(a);
        return false;
    }
    b = cede_ref(((cede_context *)other)->values);
    cede__hold_push(&hold_a, a);
    cede__hold_push(&hold_b, b);
    result = a == b || equal_values(a, b);
    cede__hold_pop(&hold_b);
    cede__hold_pop(&hold_a);
    cede_unref(b);
    cede_unref(a);
    return result;
}

/* --- tokens as managers --- */

static bool leave(void *self, cede_exception *exception)
{
    cede_token *token = self;

    (void)exception;
    cede_context_var_reset(token->variable, token);
    return false;
}

/* --- classes --- */

static const cede_object_methods variable_object = {.repr = repr_variable};
static const cede_object_methods context_object = {.eq = equal};
static const cede_object_methods token_object = {.repr = repr_token};
static const cede_iterator_methods context_iterator = {.iter = iterate};
static const cede_sequence_methods context_sequence = {.len = len};
static const cede_manager_methods token_manager = {.exit = leave};

const cede_class cede_impl_context_var_class[1] = {
    {.name = "ContextVar",
     .size = sizeof(cede_context_var),
     .flags = CEDE_CLASS_SHARED,
     .destroy = cede__context_var_destroy,
     .object = &variable_object}};

const cede_class cede__context_class[1] = {
    {.name = "Context",
     .size = sizeof(cede_context),
     .flags = CEDE_CLASS_SHARED,
     .destroy = cede__context_destroy,
     .iterator = &context_iterator,
     .object = &context_object,
     .sequence = &context_sequence}};

const cede_class cede__token_class[1] = {{.name = "Token",
                                          .size = sizeof(cede_token),
                                          .destroy = cede__token_destroy,
                                          .manager = &token_manager,
                                          .object = &token_object}};

/* --- variables --- */

cede_context_var *cede_impl_context_var_new(const char *name,
                                            cede_value fallback,
                                            bool no_default)
{
    size_t size = strlen(name) + 1;
    cede_context_var *variable = cede__calloc(1, sizeof *variable + size);

    if (!variable) {
        cede_value_unref(fallback);
        cede_raise(cede_MemoryError);
    }
    variable->head = (cede_object){cede_impl_context_var_class, 1, 0};
    variable->name = memcpy(variable + 1, name, size);
    variable->no_default = no_default;
    cede__context_var_set_fallback(variable, fallback);
    cede__object_born(&variable->head, sizeof *variable + size);
    return variable;
}

/* The value in the current context, or NULL. */
static const cede_value *find_now(const cede_context_var *variable)
{
    cede__hamt *values =
        cede__context_values(cede__context_place_now()->context);
    const cede__binding *binding = cede__binding_find(values, variable);

    return binding ? &binding->value : NULL;
}

cede_value cede_context_var_get(const cede_context_var *variable)
{
    const cede_value *value;

    cede_check_alive(variable);
    value = find_now(variable);
    if (value)
        return *value;
    if (variable->no_default)
        raise_missing(cede_LookupError, variable);
    return cede__context_var_fallback(variable);
}

cede_value
cede_impl_context_var_get_default(const cede_context_var *variable,
                                  cede_value fallback)
{
    const cede_value *value;

    cede_check_alive(variable);
    value = find_now(variable);
    return value ? *value : fallback;
}

void cede_impl_context_var_set(cede_context_var *variable, cede_value value)
{
    cede__check_alive_to_take(variable, value);
    if (!cede__context_assign(variable, value, NULL))
        cede_raise(cede_MemoryError);
}

cede_token *cede_impl_context_var_set_token(cede_context_var *variable,
                                            cede_value value)
{
    cede_token *token;

    cede__check_alive_to_take(variable, value);
    token = cede__object_try_new(cede__token_class);
    if (!token) {
        cede_value_unref(value);
        cede_raise(cede_MemoryError);
    }
    if (!cede__context_assign(variable, value, token)) {
        cede_unref(token);
        cede_raise(cede_MemoryError);
    }
    return token;
}

void cede_context_var_reset(cede_context_var *variable, cede_token *token)
{
    cede_check_alive(variable);
    cede_check_alive(token);
    if (token->used)
        refuse(cede_RuntimeError, token, "has already been used once");
    if (token->variable != variable)
        refuse(cede_ValueError, token, "was created by a different ContextVar");
    if (!cede__context_is_current(token->context))
        refuse(cede_ValueError, token, "was created in a different Context");
    if (!cede__token_restore(token))
        cede_raise(cede_MemoryError);
}

/* --- contexts --- */

static cede_context *make(cede__hamt *values)
{
    cede_context *context = cede__context_try_new(values);

    if (!context)
        cede_raise(cede_MemoryError);
    return context;
}

cede_context *cede_context_new(void)
{
    return make(NULL);
}

cede_context *cede_copy_context(void)
{
    return make(cede__context_values(cede__context_place_now()->context));
}

cede_context *cede_context_copy(const cede_context *context)
{
    cede_check_alive(context);
    return make(context->values);
}

cede_value cede_context_get(const cede_context *context,
                            const cede_context_var *variable)
{
    const cede__binding *binding;

    cede_check_alive(context);
    cede_check_alive(variable);
    binding = cede__binding_find(context->values, variable);
    if (!binding)
        raise_missing(cede_KeyError, variable);
    return binding->value;
}

cede_value cede_impl_context_get_default(const cede_context *context,
                                         const cede_context_var *variable,
                                         cede_value fallback)
{
    const cede__binding *binding;

    cede_check_alive(context);
    cede_check_alive(variable);
    binding = cede__binding_find(context->values, variable);
    return binding ? binding->value : fallback;
}
