/*
 * hamt.c - the persistent map (see hamt.h)
 *
 * A node looks at five bits of the key, the lowest first. Two bitmaps say for
 * each of the 32 values whether there is an item, a node or nothing; what is
 * there stands in `slots` without gaps, in the order of the bits.
 */
#include "value/hamt.h"

#include "base/memory.h"

enum { BITS = 5 };

struct cede__hamt {
    cede_object head;
    uint32_t items;       /* a bit for each slot that holds an item */
    uint32_t nodes;       /* a bit for each slot that holds a node */
    size_t size;          /* items, here and below */
    cede_object *slots[]; /* owned */
};

static void destroy(void *self);

static const cede_class node_class[1] = {{.name = "hamt",
                                          .size = sizeof(cede__hamt),
                                          .flags = CEDE_CLASS_SHARED,
                                          .destroy = destroy}};

/* --- nodes --- */

static uint32_t bit_of(uint64_t key, unsigned shift)
{
    return UINT32_C(1) << (key >> shift & 31);
}

static unsigned count(const cede__hamt *node)
{
    return (unsigned)__builtin_popcount(node->items | node->nodes);
}

static unsigned index_of(const cede__hamt *node, uint32_t bit)
{
    return (unsigned)__builtin_popcount((node->items | node->nodes) &
                                        (bit - 1));
}

static cede_object *slot(const cede__hamt *node, uint32_t bit)
{
    return node->slots[index_of(node, bit)];
}

static cede__hamt *node_at(const cede__hamt *node, uint32_t bit)
{
    return (cede__hamt *)slot(node, bit);
}

static cede__hamt_item *item_at(const cede__hamt *node, uint32_t bit)
{
    return (cede__hamt_item *)slot(node, bit);
}

static void destroy(void *self)
{
    cede__hamt *node = self;

    for (unsigned i = 0; i < count(node); i++)
        cede_unref(node->slots[i]);
}

/* Its slots are yet to be filled. NULL: no memory. */
static cede__hamt *make(uint32_t items, uint32_t nodes, size_t size)
{
    unsigned slots = (unsigned)__builtin_popcount(items | nodes);
    cede__hamt *node =
        cede__malloc(sizeof *node + slots * sizeof *node->slots);

    if (node) {
        node->head = (cede_object){node_class, 1, 0};
        node->items = items;
        node->nodes = nodes;
        node->size = size;
    }
    return node;
}

/* Copies `node` but for one slot, which is to be filled: that of `bit`, which
   is new if `node` does not have it. */
static void fill_others(cede__hamt *copy, const cede__hamt *node, uint32_t bit)
{
    unsigned hole = index_of(copy, bit);
    unsigned have = (node->items | node->nodes) & bit ? 1 : 0;

    for (unsigned i = 0; i < hole; i++)
        copy->slots[i] = cede_ref(node->slots[i]);
    for (unsigned i = hole + 1; i < count(copy); i++)
        copy->slots[i] = cede_ref(node->slots[i - 1 + have]);
}

/* How many items a slot stands for. */
static size_t size_at(const cede__hamt *node, uint32_t bit)
{
    if (node->items & bit)
        return 1;
    return node->nodes & bit ? node_at(node, bit)->size : 0;
}

/* The node with an item (borrowed) at `bit`. NULL: no memory. */
static cede__hamt *with_item(const cede__hamt *node, uint32_t bit,
                             cede__hamt_item *item)
{
    cede__hamt *copy = make(node->items | bit, node->nodes & ~bit,
                            node->size - size_at(node, bit) + 1);

    if (!copy)
        return NULL;
    fill_others(copy, node, bit);
    copy->slots[index_of(copy, bit)] = &cede_ref(item)->head;
    return copy;
}

/* The same with a node, whose reference is taken over also on failure; NULL
   for `child`: no memory was left for it. */
static cede__hamt *with_node(const cede__hamt *node, uint32_t bit,
                             cede__hamt *child)
{
    cede__hamt *copy;

    if (!child)
        return NULL;
    copy = make(node->items & ~bit, node->nodes | bit,
                node->size - size_at(node, bit) + child->size);
    if (!copy) {
        cede_unref(child);
        return NULL;
    }
    fill_others(copy, node, bit);
    copy->slots[index_of(copy, bit)] = &child->head;
    return copy;
}

/* The node without the item at `bit`, which is not its only slot. */
static cede__hamt *without_item(const cede__hamt *node, uint32_t bit)
{
    cede__hamt *copy = make(node->items & ~bit, node->nodes, node->size - 1);
    unsigned gap = index_of(node, bit);

    if (!copy)
        return NULL;
    for (unsigned i = 0; i < count(copy); i++)
        copy->slots[i] = cede_ref(node->slots[i + (i >= gap ? 1 : 0)]);
    return copy;
}

/* --- looking --- */

cede__hamt_item *cede__hamt_get(const cede__hamt *map, uint64_t key)
{
    cede__hamt_item *item;
    unsigned shift = 0;

    for (; map; map = node_at(map, bit_of(key, shift)), shift += BITS) {
        uint32_t bit = bit_of(key, shift);

        if (map->items & bit) {
            item = item_at(map, bit);
            return item->key == key ? item : NULL;
        }
        if (!(map->nodes & bit))
            return NULL;
    }
    return NULL;
}

size_t cede__hamt_size(const cede__hamt *map)
{
    return map ? map->size : 0;
}

cede__hamt_item *cede__hamt_at(const cede__hamt *map, size_t index)
{
    uint32_t bit = 1;

    if (index >= cede__hamt_size(map))
        return NULL;
    for (;;) {
        size_t size = size_at(map, bit);

        if (index >= size) {
            index -= size;
            bit <<= 1;
        } else if (map->items & bit) {
            return item_at(map, bit);
        } else {
            map = node_at(map, bit);
            bit = 1;
        }
    }
}

/* --- changing --- */

static cede__hamt *set(const cede__hamt *node, cede__hamt_item *item,
                       unsigned shift);

static cede__hamt *single(cede__hamt_item *item, unsigned shift)
{
    cede__hamt *node = make(bit_of(item->key, shift), 0, 1);

    if (node)
        node->slots[0] = &cede_ref(item)->head;
    return node;
}

/* Two keys differ in some bit, so this ends. */
static cede__hamt *pair(cede__hamt_item *first, cede__hamt_item *second,
                        unsigned shift)
{
    cede__hamt *one = single(first, shift);
    cede__hamt *both = one ? set(one, second, shift) : NULL;

    cede_unref(one);
    return both;
}

static cede__hamt *set(const cede__hamt *node, cede__hamt_item *item,
                       unsigned shift)
{
    uint32_t bit = bit_of(item->key, shift);

    if (node->nodes & bit)
        return with_node(node, bit,
                         set(node_at(node, bit), item, shift + BITS));
    if (node->items & bit && item_at(node, bit)->key != item->key)
        return with_node(node, bit,
                         pair(item_at(node, bit), item, shift + BITS));
    return with_item(node, bit, item);
}

cede__hamt *cede__hamt_set(const cede__hamt *map, cede__hamt_item *item)
{
    return map ? set(map, item, 0) : single(item, 0);
}

/* The node without a key that it has and that is not its only item. */
static cede__hamt *without(const cede__hamt *node, uint64_t key, unsigned shift)
{
    uint32_t bit = bit_of(key, shift);
    cede__hamt *child, *copy;

    if (node->items & bit)
        return without_item(node, bit);
    child = without(node_at(node, bit), key, shift + BITS);
    if (!child || child->size > 1)
        return with_node(node, bit, child);
    /* A single item moves up to where it is found first. */
    copy = with_item(node, bit, (cede__hamt_item *)child->slots[0]);
    cede_unref(child);
    return copy;
}

bool cede__hamt_remove(const cede__hamt *map, uint64_t key, cede__hamt **rest)
{
    cede__hamt *copy = NULL;

    if (!cede__hamt_get(map, key)) {
        *rest = cede_ref((cede__hamt *)map);
        return true;
    }
    if (map->size > 1) {
        copy = without(map, key, 0);
        if (!copy)
            return false;
    }
    *rest = copy;
    return true;
}
