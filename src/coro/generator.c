/*
 * Generator objects: creation, send, throw, close, destruction.
 *
 * It knows one generator at a time; chains are delegate.c's. Semantics: PEP
 * 342, PEP 479, language reference 6.2.9.1; rules G01-G31.
 */
#include "coro/coroutine.h"

#include "base/block.h"
#include "base/log.h"
#include "base/memory.h"
#include "flow/flow.h"
#include "value/exception.h"
#include "value/object.h"

#include "cede/coroutine.h"

#include <string.h>

/* A copied argument up to this size stands in the generator's own block. The
   coroutine's argument_kind says how many units are there (0: it is borrowed),
   or that it has a block of its own. */
enum { ARGUMENT_INLINE = 64, ARGUMENT_UNIT = 16, ARGUMENT_OWNED = 255 };

typedef struct generator_block {
    cede_generator generator;
    _Alignas(16) char argument[];
} generator_block;

bool (*cede__generator_awaits)(const cede_impl_coroutine *coroutine);

static void destroy(void *self);

static const cede_awaitable_methods generator_awaitable = {
    .wait_at = cede__await_generator};

/* <generator object countdown>: Python adds an address, which no two runs have
   in common. */
static cede_value repr(void *self)
{
    const cede_generator *generator = self;

    return cede_str_format("<%s object %s>", generator->head.object_class->name,
                           generator->coroutine.name);
}

static const cede_object_methods generator_object = {.repr = repr};

const cede_class cede_impl_generator_class[1] = {
    {.name = "generator",
     .size = sizeof(generator_block),
     .flags = CEDE_CLASS_OWN_MEMORY,
     .destroy = destroy,
     .awaitable = &generator_awaitable,
     .object = &generator_object}};

const cede_class cede_impl_coroutine_class[1] = {
    {.name = "coroutine",
     .size = sizeof(generator_block),
     .flags = CEDE_CLASS_OWN_MEMORY,
     .destroy = destroy,
     .awaitable = &generator_awaitable,
     .object = &generator_object}};

static inline bool is_inline(size_t size)
{
    return size <= ARGUMENT_INLINE;
}

/* How much of an argument of this size is inline. */
static inline unsigned units(size_t argument_size)
{
    return is_inline(argument_size)
               ? (unsigned)(argument_size + ARGUMENT_UNIT - 1) / ARGUMENT_UNIT
               : 0;
}

static inline size_t block_size(unsigned argument_units)
{
    return sizeof(generator_block) + argument_units * ARGUMENT_UNIT;
}

static size_t size_of(const cede_generator *generator)
{
    unsigned kind = generator->coroutine.argument_kind;

    return block_size(kind == ARGUMENT_OWNED ? 0 : kind);
}

/* A block with a copy of its argument, in it or beside it. NULL: no memory. */
static generator_block *block_with(const void *copy, size_t size,
                                   void **ret_argument)
    __attribute__((noinline));
static generator_block *block_with(const void *copy, size_t size,
                                   void **ret_argument)
{
    size_t whole = block_size(units(size));
    generator_block *block = cede__block_new(whole);
    void *argument;

    if (!block)
        return NULL;
    argument = is_inline(size) ? block->argument : cede__malloc(size);
    if (!argument) {
        cede__block_free(block, whole);
        return NULL;
    }
    *ret_argument = memcpy(argument, copy, size);
    return block;
}

static inline cede_generator *new_block(const cede_class *block_class,
                                        cede_function function, void *argument,
                                        const void *copy, size_t size)
{
    generator_block *block = copy ? block_with(copy, size, &argument)
                                  : cede__block_new(sizeof *block);
    cede_impl_coroutine *coroutine;

    if (CEDE_IMPL_UNLIKELY(!block))
        cede_raise(cede_MemoryError);
    block->generator.head = (cede_object){block_class, 1, 0};
    coroutine = &block->generator.coroutine;
    cede__coroutine_init(coroutine, function, argument, NULL, 0);
    if (copy)
        coroutine->argument_kind =
            is_inline(size) ? (uint8_t)units(size) : ARGUMENT_OWNED;
    return &block->generator;
}

/* As cede__object_born, and out of the constructors' way. */
static void watch(cede_generator *generator) CEDE_IMPL_COLD;
static void watch(cede_generator *generator)
{
    cede__debug_enter(&generator->head, size_of(generator),
                      generator->coroutine.name, generator->coroutine.created);
}

static void born(cede_generator *generator, const char *name,
                 const cede_location *where)
{
    generator->coroutine.name = name;
    generator->coroutine.created = where;
    if (cede__debug_perhaps())
        watch(generator);
}

cede_generator *cede_impl_generator_new(cede_function function, void *argument,
                                        const void *copy, size_t size,
                                        const char *name,
                                        const cede_location *where)
{
    cede_generator *generator = new_block(cede_impl_generator_class, function,
                                          argument, copy, size);

    generator->coroutine.kind = CEDE_IMPL_KIND_GENERATOR;
    born(generator, name, where);
    return generator;
}

cede_coroutine *cede_impl_coroutine_new(cede_function function, void *argument,
                                        const void *copy, size_t size,
                                        const char *name,
                                        const cede_location *where)
{
    cede_generator *generator = new_block(cede_impl_coroutine_class, function,
                                          argument, copy, size);

    generator->coroutine.kind = CEDE_IMPL_KIND_COROUTINE;
    generator->coroutine.yield_flags = CEDE_IMPL_AWAITS_ONLY;
    born(generator, name, where);
    return (cede_coroutine *)generator;
}

const char *cede__ignored_exit(const cede_impl_coroutine *coroutine)
{
    return cede__coroutine_is_generator(coroutine)
               ? "generator ignored GeneratorExit"
               : "coroutine ignored GeneratorExit";
}

/* A generator that refuses to be closed is abandoned where it stands; then
   what its loops and with statements own must not be lost. What else it has
   deferred is. */
void cede__abandon_defer(cede_impl_defer *defer)
{
    cede_impl_for_record *record = defer->argument;

    if (defer->function == cede_unref ||
        defer->function == cede_impl_own_end ||
        defer->function == cede_impl_own_value_end ||
        defer->function == cede_impl_arguments_give_up)
        defer->function(defer->argument);
    if (defer->function != cede_impl_for_end)
        return;
    cede_value_unref(record->item);
    cede_unref(record->iterator);
}

/* Somebody made a coroutine and forgot to await it (T31). */
static void report_never_awaited(const cede_impl_coroutine *coroutine)
{
    const cede_location *created = coroutine->created;

    cede__logf(CEDE_LOG_WARNING,
               "%s:%d: RuntimeWarning: coroutine '%s' was never awaited",
               created->file, created->line, coroutine->name);
}

/* The inline resume looks at the first words of one that was released, too: they
   stay to be read, and send it where it is refused. */
static void free_watched(cede_generator *generator) CEDE_IMPL_COLD;
static void free_watched(cede_generator *generator)
{
    generator->coroutine.state = CEDE_IMPL_CLOSED;
    cede__debug_leave(&generator->head,
                      offsetof(cede_generator, coroutine.flow));
}

/* Somebody else may hold what it delegates to; and whoever delegates to it may
   have been abandoned with a task, and be freed behind it. */
static void leave_chain(cede_impl_coroutine *coroutine)
{
    cede_impl_coroutine *delegator = coroutine->parent;

    if (coroutine->delegate && coroutine->delegate->parent == coroutine)
        cede__coroutine_detach(coroutine->delegate);
    if (delegator) {
        cede__coroutine_detach(coroutine);
        delegator->delegate = NULL;
    }
}

void cede__generator_free(cede_generator *generator)
{
    cede_impl_coroutine *coroutine = &generator->coroutine;

    if (CEDE_IMPL_UNLIKELY(coroutine->asynchronous.next != NULL))
        cede__asynchronous_leave(coroutine);
    if (coroutine->stack) {
        leave_chain(coroutine);
        cede__flow_abandon(&coroutine->flow, cede__abandon_defer);
        cede__coroutine_drop_stack(coroutine);
    }
    if (CEDE_IMPL_UNLIKELY(coroutine->closing_with != NULL))
        cede_unref(coroutine->closing_with);
    if (CEDE_IMPL_UNLIKELY(coroutine->argument_kind == ARGUMENT_OWNED))
        cede__free(coroutine->argument);
    if (CEDE_IMPL_UNLIKELY(generator->head.flags & CEDE__OBJECT_WATCHED))
        free_watched(generator);
    else
        cede__block_free(generator, size_of(generator));
}

uintptr_t cede__generator_go_on(cede_generator *generator,
                                cede_impl_flow *place, cede_value sent,
                                cede_exception *thrown, cede_value *value)
{
    cede_impl_flow *flow = cede_impl_flow_now();
    cede_impl_coroutine *root = &generator->coroutine;
    uintptr_t word = (uintptr_t)thrown;

    root->state = CEDE_IMPL_RUNNING;
    root->flow.outer = flow;
    cede_impl_current = place;
    *value = cede_impl_transfer(&root->leaf->slot, CEDE_IMPL_COROUTINE_OF(flow),
                                CEDE_IMPL_COROUTINE_OF(place), sent, &word);
    cede_impl_current = flow;
    if (word == CEDE_IMPL_YIELDED)
        root->state = CEDE_IMPL_SUSPENDED;
    else if (word != CEDE_IMPL_LEFT)
        cede__coroutine_drop_stack(root);
    return word;
}

uintptr_t cede__generator_step(cede_generator *generator, cede_value sent,
                               cede_exception *thrown, cede_value *value)
{
    return cede__generator_go_on(generator, &generator->coroutine.leaf->flow,
                                 sent, thrown, value);
}

/* It ended, and nobody else has a reference: see CEDE_IMPL_RELEASED. */
static void end_released(cede_generator *generator)
{
    if (generator->coroutine.yield_flags & CEDE_IMPL_RELEASED)
        cede_unref(generator);
}

bool cede_impl_resume_ended(cede_generator *generator, cede_value value,
                            uintptr_t word, cede_value *item,
                            const cede_location *where)
{
    cede_exception *exception = (cede_exception *)word;

    cede__coroutine_drop_stack(&generator->coroutine);
    end_released(generator);
    *item = value;
    if (word == CEDE_IMPL_RETURNED)
        return false;
    cede__exception_trace(exception, where);
    cede__throw(exception);
}

/* Drops what would have travelled with a resume that cannot be. */
static void drop(cede_value sent, cede_exception *thrown)
{
    cede_value_unref(sent);
    cede_unref(thrown);
}

static const char *kind_name(const cede_impl_coroutine *coroutine)
{
    return cede__coroutine_is_generator(coroutine) ? "generator" : "coroutine";
}

static void check_released(const cede_generator *generator, cede_value sent,
                           cede_exception *thrown)
{
    if (generator->head.flags & CEDE__OBJECT_RELEASED)
        drop(sent, thrown);
    cede_check_alive(generator);
}

/* It runs: whoever asks is inside it, or it awaits in another task (A03). */
static void raise_running(const cede_impl_coroutine *coroutine,
                          const char *operation) CEDE_IMPL_NORETURN;
static void raise_running(const cede_impl_coroutine *coroutine,
                          const char *operation)
{
    bool (*awaits)(const cede_impl_coroutine *) =
        __atomic_load_n(&cede__generator_awaits, __ATOMIC_RELAXED);

    if (!awaits || !awaits(coroutine))
        cede_raise(cede_ValueError, "%s already executing",
                   kind_name(coroutine));
    if (cede__coroutine_is_generator(coroutine))
        cede_raise(cede_RuntimeError,
                   "%s(): asynchronous generator is already running",
                   operation);
    cede_raise(cede_RuntimeError,
               "coroutine '%s' is already running: it awaits in another task",
               coroutine->name);
}

/* May the generator be resumed, thrown into or closed now? False: it has ended.
   Raises if somebody else has it. Gives `sent` and `thrown` up if it raises. */
static bool check_resumable(cede_generator *generator, cede_value sent,
                            cede_exception *thrown, const char *operation)
{
    cede_impl_coroutine *coroutine = &generator->coroutine;
    cede_impl_coroutine *here = CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());

    if (coroutine->state == CEDE_IMPL_CLOSED) {
        check_released(generator, sent, thrown);
        return false;
    }
    if (coroutine->thread && coroutine->thread != here->thread) {
        drop(sent, thrown);
        cede_raise(cede_RuntimeError,
                   "generator '%s' belongs to another thread: only the thread "
                   "that first resumed it may resume it",
                   coroutine->name);
    }
    if (cede__coroutine_is_running(coroutine)) {
        drop(sent, thrown);
        raise_running(coroutine, operation);
    }
    if (coroutine->parent)
        cede__coroutine_detach(coroutine);
    return true;
}

/* Raises what a generator that has no frame cannot: as it is, for throw() sets
   no context. */
static void throw_at(cede_exception *thrown, const cede_location *where)
    CEDE_IMPL_NORETURN;
static void throw_at(cede_exception *thrown, const cede_location *where)
{
    cede__exception_trace(thrown, where);
    cede__throw(thrown);
}

static void start(cede_impl_coroutine *coroutine, cede_value sent)
{
    if (!cede_is_none(sent)) {
        cede_value_unref(sent);
        cede_raise(cede_TypeError,
                   "can't send non-None value to a just-started %s",
                   kind_name(coroutine));
    }
    if (!cede__coroutine_start(coroutine))
        cede_raise(cede_MemoryError);
}

static inline bool step(cede_generator *generator, cede_value sent,
                        cede_exception *thrown, cede_value *item,
                        const cede_location *where)
{
    uintptr_t word = cede__generator_step(generator, sent, thrown, item);

    if (word == CEDE_IMPL_YIELDED)
        return true;
    return cede_impl_resume_ended(generator, *item, word, item, where);
}

static bool resume_otherwise(cede_generator *generator, cede_value sent,
                             cede_exception *thrown, cede_value *item,
                             const cede_location *where) CEDE_IMPL_COLD;
static bool resume_otherwise(cede_generator *generator, cede_value sent,
                             cede_exception *thrown, cede_value *item,
                             const cede_location *where)
{
    cede_impl_coroutine *coroutine = &generator->coroutine;

    if (!check_resumable(generator, sent, thrown,
                         thrown ? "athrow" : "anext")) {
        cede_value_unref(sent);
        if (coroutine->kind == CEDE_IMPL_KIND_COROUTINE) {
            cede_unref(thrown);
            cede_raise(cede_RuntimeError,
                       "cannot reuse already awaited coroutine");
        }
        *item = cede_none;
        if (thrown)
            throw_at(thrown, where);
        return false;
    }
    if (coroutine->state == CEDE_IMPL_CREATED) { /* G06 */
        coroutine->state = CEDE_IMPL_CLOSED;
        throw_at(thrown, where);
    }
    if (thrown && coroutine->leaf != coroutine &&
        cede_exception_is(thrown, cede_GeneratorExit)) {
        /* The members are closed from the innermost out; the exception itself
           arrives in the root at last (Y03, Y09). */
        coroutine->closing_with = thrown;
        cede__chain_close_next(coroutine, coroutine->leaf);
        thrown = cede__exit_new(cede_impl_flow_now());
    }
    return step(generator, sent, thrown, item, where);
}

/* Every generator comes here once: when it is resumed first. */
bool cede_impl_resume_slow(cede_generator *generator, cede_value sent,
                           cede_exception *thrown, cede_value *item,
                           const cede_location *where)
{
    if (generator->coroutine.state != CEDE_IMPL_CREATED || thrown)
        return resume_otherwise(generator, sent, thrown, item, where);
    start(&generator->coroutine, sent); /* nobody else can have it yet */
    return step(generator, sent, NULL, item, where);
}

/* Where a plain raise takes what anybody handles as the context, an exception
   thrown in takes only what the chain itself handles: who threw it may have
   made it long before, or elsewhere. */
void cede_impl_raise_thrown(uintptr_t word, const cede_location *where)
{
    cede_exception *exception = (cede_exception *)word;
    cede_impl_coroutine *member =
        CEDE_IMPL_COROUTINE_OF(cede_impl_flow_now());

    while (member->parent && !member->flow.handled)
        member = member->parent;
    cede__exception_set_context(exception, member->flow.handled);
    throw_at(exception, where);
}

/* What a generator that ended returned, as Python tells it. */
static void raise_stop(cede_value value, const cede_location *where)
    CEDE_IMPL_NORETURN;
static void raise_stop(cede_value value, const cede_location *where)
{
    cede_exception *stop = cede__exception_make(cede_StopIteration, NULL);

    cede_exception_set_value(stop, value);
    cede__raise(stop, where);
}

cede_value cede_impl_generator_send(cede_generator *generator, cede_value value,
                                    const cede_location *where)
{
    cede_value item;

    if (!cede_impl_resume(generator, value, &item, where))
        raise_stop(item, where);
    return item;
}

cede_exception *cede_impl_exception_of_class(const cede_class *exception_class)
{
    return cede_exception(exception_class, NULL);
}

cede_exception *cede_impl_exception_of_object(cede_exception *exception)
{
    cede__check_given(exception);
    if (!cede_isinstance(exception, cede_BaseException))
        cede_raise(cede_TypeError,
                   "exceptions must be classes or instances deriving from "
                   "BaseException, not %s",
                   cede__class_name(exception));
    return cede_ref(exception);
}

cede_value cede_impl_generator_throw(cede_generator *generator,
                                     cede_exception *exception,
                                     const cede_location *where)
{
    cede_value item;

    if (!cede_impl_resume_slow(generator, cede_none, exception, &item, where))
        raise_stop(item, where);
    return item;
}

uintptr_t cede__generator_close_step(cede_generator *generator,
                                     cede_value *value)
{
    cede_impl_coroutine *coroutine = &generator->coroutine;
    cede_exception *exit;

    *value = cede_none;
    if (coroutine->state == CEDE_IMPL_CREATED) {
        coroutine->state = CEDE_IMPL_CLOSED;
        return CEDE_IMPL_RETURNED;
    }
    exit = cede__exit_new(cede_impl_flow_now());
    if (coroutine->leaf != coroutine) {
        coroutine->closing_with = cede__exit_new(cede_impl_flow_now());
        cede__chain_close_next(coroutine, coroutine->leaf);
    }
    return cede__generator_step(generator, cede_none, exit, value);
}

cede_exception *cede__generator_close_result(
    const cede_impl_coroutine *coroutine, uintptr_t word, cede_value *value)
{
    cede_exception *exception;

    if (word == CEDE_IMPL_RETURNED)
        return NULL;
    if (word == CEDE_IMPL_YIELDED) {
        cede_value_unref(*value);
        *value = cede_none;
        exception = cede__exception_make(cede_RuntimeError,
                                         cede__ignored_exit(coroutine));
        cede__exception_set_context(exception, cede_sys_exception());
        return exception;
    }
    exception = (cede_exception *)word;
    if (!cede_exception_is(exception, cede_GeneratorExit))
        return exception;
    cede_unref(exception);
    return NULL;
}

cede_value cede_generator_close(cede_generator *generator)
{
    cede_exception *error;
    cede_value value = cede_none;
    uintptr_t word;

    if (!check_resumable(generator, cede_none, NULL, "aclose"))
        return value;
    word = cede__generator_close_step(generator, &value);
    error = cede__generator_close_result(&generator->coroutine, word, &value);
    if (word != CEDE_IMPL_YIELDED)
        end_released(generator);
    if (error)
        word == CEDE_IMPL_YIELDED ? cede__raise(error, CEDE_IMPL_HERE)
                                  : cede__throw(error);
    return value;
}

/* The last reference is gone. A suspended generator is closed first (G15). */
static void destroy(void *self)
{
    cede_generator *generator = self;
    cede_impl_coroutine *coroutine = &generator->coroutine;

    if (coroutine->state == CEDE_IMPL_RUNNING) {
        /* Released by itself, or while it awaits: it ends at its next yield,
           and resume_ended gives this reference up. */
        generator->head.references = 1;
        coroutine->yield_flags |= CEDE_IMPL_RELEASED;
        coroutine->leaf->yield_flags |= CEDE_IMPL_RELEASED;
        return;
    }
    if (coroutine->state == CEDE_IMPL_CREATED &&
        coroutine->kind == CEDE_IMPL_KIND_COROUTINE)
        report_never_awaited(coroutine);
    if (coroutine->state == CEDE_IMPL_DELEGATED)
        cede__coroutine_detach(coroutine); /* its delegator was abandoned */
    if (coroutine->state == CEDE_IMPL_SUSPENDED) {
        generator->head.references = 1;
        if (!cede__close_last(generator))
            return;
    }
    cede__generator_free(generator);
}
