/*
 * context.c - variables, contexts, tokens and places (see context.h)
 *
 * A variable gets a number when it is first set, counting from 1, and the
 * number is its key: keys are dense, so a program with up to 31 variables has
 * contexts of one node.
 */
#include "value/context.h"

#include "base/environment.h"
#include "base/memory.h"

#include "cede/debug.h"

#include <pthread.h>
#include <string.h>

_Static_assert(CEDE_IMPL_STATIC_OBJECT == CEDE__OBJECT_IMMORTAL,
               "the macros that define variables know the flag by number");

CEDE_IMPL_THREAD_LOCAL cede__context_place *cede__context_here;
CEDE_IMPL_THREAD_LOCAL cede__context_place cede__context_of_thread;

/* --- ends --- */

/* The name lies behind the variable. */
void cede__context_var_destroy(void *self)
{
    cede_context_var *variable = self;

    if (variable->owned)
        cede_unref((void *)variable->pointer);
}

void cede__context_destroy(void *self)
{
    cede_unref(((cede_context *)self)->values);
}

void cede__token_destroy(void *self)
{
    cede_token *token = self;

    cede_unref(token->after);
    cede_unref(token->before);
    cede_unref(token->variable);
    cede_unref(token->context);
}

static void destroy_binding(void *self)
{
    cede__binding *binding = self;

    cede_unref(binding->variable);
    cede_value_unref(binding->value);
}

/* A value may be a context, whose values may be contexts. */
static const cede_class binding_class[1] = {
    {.name = "binding",
     .size = sizeof(cede__binding),
     .flags = CEDE_CLASS_SHARED | CEDE_CLASS_CONTAINER,
     .destroy = destroy_binding}};

/* --- variables --- */

const char *cede_context_var_name(const cede_context_var *variable)
{
    cede_check_alive(variable);
    return variable->name;
}

cede_value cede__context_var_fallback(const cede_context_var *variable)
{
    cede_value value = {variable->kind, variable->owned, {0}};

    switch (variable->kind) {
    case CEDE_NONE:
    case CEDE_BOOL:
    case CEDE_INT:
        value.as.integer = variable->integer;
        break;
    case CEDE_FLOAT:
        value.as.real = variable->real;
        break;
    default:
        value.as.pointer = (void *)variable->pointer;
    }
    return value;
}

void cede__context_var_set_fallback(cede_context_var *variable,
                                    cede_value value)
{
    variable->kind = value.kind;
    variable->owned = value.owned;
    switch (value.kind) {
    case CEDE_NONE:
    case CEDE_BOOL:
    case CEDE_INT:
        variable->integer = value.as.integer;
        break;
    case CEDE_FLOAT:
        variable->real = value.as.real;
        break;
    default:
        variable->pointer = value.as.pointer;
    }
}

static uint64_t number_of(const cede_context_var *variable)
{
    return __atomic_load_n(&variable->number, __ATOMIC_RELAXED);
}

/* Several threads may set it for the first time at once: one of the numbers
   they take stays. */
static uint64_t give_number(cede_context_var *variable)
{
    static uint64_t numbers;
    uint64_t number = number_of(variable);
    uint64_t taken;

    if (number)
        return number;
    taken = __atomic_add_fetch(&numbers, 1, __ATOMIC_RELAXED);
    if (__atomic_compare_exchange_n(&variable->number, &number, taken, false,
                                    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        return taken;
    return number;
}

const cede__binding *cede__binding_find(const cede__hamt *values,
                                        const cede_context_var *variable)
{
    return (cede__binding *)cede__hamt_get(values, number_of(variable));
}

/* NULL: no memory; takes the reference of the value. */
static cede__binding *bind(cede_context_var *variable, cede_value value)
{
    cede__binding *binding = cede__malloc(sizeof *binding);

    if (!binding) {
        cede_value_unref(value);
        return NULL;
    }
    *binding = (cede__binding){
        .item = {.head = {binding_class, 1, 0}, .key = give_number(variable)},
        .variable = cede_ref(variable),
        .value = value,
    };
    return binding;
}

/* --- contexts --- */

cede_context *cede__context_try_new(cede__hamt *values)
{
    cede_context *context = cede__object_try_new(cede__context_class);

    if (context)
        context->values = cede_ref(values);
    return context;
}

bool cede_context_contains(const cede_context *context,
                           const cede_context_var *variable)
{
    cede_check_alive(context);
    cede_check_alive(variable);
    return cede__binding_find(context->values, variable) != NULL;
}

size_t cede_context_size(const cede_context *context)
{
    cede_check_alive(context);
    return cede__hamt_size(context->values);
}

/* --- the thread's own place --- */

static pthread_key_t thread_end;
static bool has_thread_end;

static void end_thread(void *place)
{
    cede__context_place_finish(place);
}

/* Without the key a thread that ends leaves its context behind. */
static void prepare(void)
{
    has_thread_end = pthread_key_create(&thread_end, end_thread) == 0;
}

/* The thread's place holds a context now, to be given up when it ends. */
static void watch_thread(void)
{
    static pthread_once_t preparing = PTHREAD_ONCE_INIT;

    pthread_once(&preparing, prepare);
    if (has_thread_end)
        (void)pthread_setspecific(thread_end, &cede__context_of_thread);
}

/* The main thread ends with the process, and then nobody asks for its context,
   but who looks for leaks (value/debug.c) would find it. */
__attribute__((destructor(102))) static void end_process(void)
{
    if (cede__debug_answer == CEDE__DEBUG_ON)
        cede__context_place_finish(&cede__context_of_thread);
}

/* --- places --- */

static bool is_context(const cede_object *object)
{
    return object && object->object_class == cede__context_class;
}

static cede_context *held_context(const cede__context_place *place)
{
    return is_context(place->context) ? (cede_context *)place->context : NULL;
}

/* Has this context been entered here? */
static bool entered_in(const cede_context *context,
                       const cede__context_place *place)
{
    return __atomic_load_n(&context->place, __ATOMIC_RELAXED) == place;
}

/* Where the context from before any was entered is kept: the place, or
   `previous` of the context that was entered first. */
static cede_object **base_of(cede__context_place *place)
{
    cede_object **base = &place->context;

    while (is_context(*base) && entered_in((cede_context *)*base, place))
        base = &((cede_context *)*base)->previous;
    return base;
}

/* The context that is kept there, somewhere in the place; it gets a name if it
   has none. NULL: no memory. */
static cede_context *name_context(cede__context_place *place,
                                  cede_object **kept)
{
    cede_context *context;

    if (is_context(*kept))
        return (cede_context *)*kept;
    context = cede__context_try_new((cede__hamt *)*kept);
    if (!context)
        return NULL;
    cede_unref(*kept);
    *kept = &context->head;
    if (place == &cede__context_of_thread)
        watch_thread();
    return context;
}

void cede__context_place_set(cede__context_place *place, cede_context *context)
{
    cede_object *before = place->context;

    place->context = &cede_ref(context)->head;
    cede_unref(before);
}

cede_context *cede__context_place_base(cede__context_place *place)
{
    return name_context(place, base_of(place));
}

/* It is the innermost, unless a handler of the user's yielded. */
void cede__context_leave(cede__context_place *place, cede_context *context)
{
    cede_object **link = &place->context;

    while (*link != &context->head)
        link = &((cede_context *)*link)->previous;
    *link = context->previous;
    context->previous = NULL;
    __atomic_store_n(&context->place, NULL, __ATOMIC_RELEASE);
    cede_unref(context);
}

void cede__context_place_finish(cede__context_place *place)
{
    cede_object *context;

    while (base_of(place) != &place->context)
        cede__context_leave(place, held_context(place));
    context = place->context;
    place->context = NULL;
    cede_unref(context);
}

bool cede__context_enter(cede_context *context)
{
    cede__context_place *place = cede__context_place_now();
    cede__context_place *nowhere = NULL;

    /* What the place began with has not been entered there, but is in use. */
    if (*base_of(place) == &context->head)
        return false;
    if (!__atomic_compare_exchange_n(&context->place, &nowhere, place, false,
                                     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return false;
    context->previous = place->context;
    place->context = &cede_ref(context)->head;
    return true;
}

bool cede__context_is_current(const cede_context *context)
{
    return held_context(cede__context_place_now()) == context;
}

/* --- setting --- */

/* Takes over the reference to `values`. */
static void replace(cede_context *context, cede__hamt *values)
{
    cede__hamt *before = context->values;

    context->values = values;
    cede_unref(before); /* last: what a value's end does may look */
}

static void fill_token(cede_token *token, cede_context *context,
                       cede_context_var *variable, cede__hamt *values)
{
    token->context = cede_ref(context);
    token->variable = cede_ref(variable);
    token->before = cede_ref(context->values);
    token->after = cede_ref(values);
}

bool cede__context_assign(cede_context_var *variable, cede_value value,
                          cede_token *token)
{
    cede__context_place *place = cede__context_place_now();
    cede__binding *binding = bind(variable, value);
    cede_context *context;
    cede__hamt *values = NULL;

    if (!binding)
        return false;
    context = name_context(place, &place->context);
    if (context)
        values = cede__hamt_set(context->values, &binding->item);
    cede_unref(binding);
    if (!values)
        return false;
    if (token)
        fill_token(token, context, variable, values);
    replace(context, values);
    return true;
}

/* --- tokens --- */

cede_context_var *cede_token_var(const cede_token *token)
{
    cede_check_alive(token);
    return token->variable;
}

bool cede_token_old_value(const cede_token *token, cede_value *value)
{
    const cede__binding *binding;

    cede_check_alive(token);
    binding = cede__binding_find(token->before, token->variable);
    if (binding)
        *value = binding->value;
    return binding != NULL;
}

/* Others have been set since: only this one goes back. */
static bool restore_one(const cede_token *token, cede__hamt **values)
{
    const cede__binding *old =
        cede__binding_find(token->before, token->variable);

    if (!old)
        return cede__hamt_remove(token->context->values,
                                 number_of(token->variable), values);
    *values = cede__hamt_set(token->context->values,
                             (cede__hamt_item *)&old->item);
    return *values != NULL;
}

bool cede__token_restore(cede_token *token)
{
    cede__hamt *values;

    if (token->context->values == token->after)
        values = cede_ref(token->before);
    else if (!restore_one(token, &values))
        return false;
    token->used = true;
    replace(token->context, values);
    return true;
}
