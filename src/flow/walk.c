/*
 * Walks: levels, what is held, and the limit. See walk.h.
 */
#include "flow/walk.h"

#include "base/memory.h"

#include "cede/stack.h"

#include <string.h>

/* Values nested deeper than CPython could show are refused as it refuses. */
enum { MOST_LEVELS = 1000, MOST_NESTING = 1000 };

void cede__walk_begin(cede__walk *walk, const cede_class *walk_class,
                      const char *doing)
{
    walk->head = (cede_object){walk_class, 1, 0};
    walk->doing = doing;
    walk->held[0] = walk->held[1] = cede_none;
    walk->outer = NULL;
    walk->origin = __builtin_frame_address(0);
    walk->nesting = 0;
    walk->levels = walk->inline_levels;
    walk->depth = 0;
    walk->capacity = sizeof walk->inline_levels / sizeof *walk->inline_levels;
    cede__hold_push(&walk->hold, walk);
}

void cede__walk_end(cede__walk *walk)
{
    cede__hold_pop(&walk->hold);
    cede_unref(walk);
}

void cede__walk_release(void *self)
{
    cede__walk *walk = self;

    cede__walk_let_go(walk);
    while (walk->depth > 0)
        cede__walk_leave(walk);
    if (walk->levels != walk->inline_levels)
        cede__free(walk->levels);
}

const cede_class cede__walk_class[1] = {{.name = "walk",
                                         .size = sizeof(cede__walk),
                                         .flags = CEDE_CLASS_OWN_MEMORY,
                                         .destroy = cede__walk_release}};

/* ---- who is outside ------------------------------------------------------ */

static cede__walk *walk_of(const cede_impl_record *record)
{
    const cede__hold *hold = (const cede__hold *)record;

    if (record->kind != CEDE_IMPL_RECORD_HOLD ||
        !cede_isinstance(hold->object, cede__walk_class))
        return NULL;
    return hold->object;
}

static cede__walk *find_outer(const cede__walk *walk)
{
    const cede_impl_flow *flow = walk->hold.flow;
    const cede_impl_record *record = walk->hold.record.previous;

    for (;;) {
        for (; record; record = record->previous)
            if (walk_of(record))
                return walk_of(record);
        flow = flow->outer;
        if (!flow)
            return NULL;
        record = flow->top;
    }
}

static void look_outside(cede__walk *walk)
{
    if (walk->nesting > 0)
        return;
    walk->outer = find_outer(walk);
    walk->nesting = 1;
    if (!walk->outer)
        return;
    walk->nesting += walk->outer->nesting;
    if (walk->outer->hold.flow == walk->hold.flow)
        walk->origin = walk->outer->origin;
}

static void raise_recursion(const cede__walk *walk)
    CEDE_IMPL_NORETURN CEDE_IMPL_COLD;
static void raise_recursion(const cede__walk *walk)
{
    cede_raise(cede_RecursionError, "maximum recursion depth exceeded %s",
               walk->doing);
}

void cede__walk_nest(cede__walk *walk)
{
    const char *here = __builtin_frame_address(0);
    size_t used;

    look_outside(walk);
    used = (size_t)(here < walk->origin ? walk->origin - here
                                        : here - walk->origin);
    if (walk->nesting > MOST_NESTING || used > cede_stack_size() / 2)
        raise_recursion(walk);
}

bool cede__walk_is_in(cede__walk *walk, const void *container)
{
    const cede__walk *each;
    size_t i;

    look_outside(walk);
    for (each = walk; each; each = each->outer) {
        if (each->head.object_class != walk->head.object_class)
            continue;
        for (i = 0; i < each->depth; i++)
            if (each->levels[i].a == container)
                return true;
    }
    return false;
}

/* ---- levels and items ---------------------------------------------------- */

static bool grow(cede__walk *walk)
{
    bool is_inline = walk->levels == walk->inline_levels;
    size_t bytes = 2 * walk->capacity * sizeof *walk->levels;
    cede__level *levels =
        is_inline ? cede__malloc(bytes) : cede__realloc(walk->levels, bytes);

    if (!levels)
        return false;
    if (is_inline)
        memcpy(levels, walk->inline_levels, sizeof walk->inline_levels);
    walk->levels = levels;
    walk->capacity *= 2;
    return true;
}

void cede__walk_enter(cede__walk *walk, void *a, void *b)
{
    if (walk->depth == MOST_LEVELS)
        raise_recursion(walk);
    if (walk->depth == walk->capacity && !grow(walk))
        cede_raise(cede_MemoryError);
    walk->levels[walk->depth++] = (cede__level){cede_ref(a), cede_ref(b), 0};
}

void cede__walk_leave(cede__walk *walk)
{
    cede__level level = walk->levels[--walk->depth];

    cede_unref(level.a);
    cede_unref(level.b);
}

void cede__walk_hold(cede__walk *walk, cede_value a, cede_value b)
{
    walk->held[0] = cede_value_ref(a);
    walk->held[1] = cede_value_ref(b);
}

void cede__walk_let_go(cede__walk *walk)
{
    cede_value a = walk->held[0];
    cede_value b = walk->held[1];

    walk->held[0] = walk->held[1] = cede_none;
    cede_value_unref(a);
    cede_value_unref(b);
}
