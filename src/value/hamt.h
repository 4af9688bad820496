/*
 * hamt.h - a persistent map from 64-bit keys to objects
 *
 * A map never changes: setting and removing make another map, which shares
 * with the first whatever lies beside the path to the key. So a copy is one
 * more reference, and the rest costs O(log32 n) (C06). NULL is the empty map.
 *
 * Knows: how keys spread over nodes. Does not know: what the items are. It
 * does not hash: whoever chooses the keys sees to it that they spread, and
 * two keys are never the same, so there are no collisions.
 *
 * Invariants: a node has one slot at least; a node below the root has two
 * items at least, here and below, so that equal maps have equal shapes. Nodes
 * and items count their references atomically, and nobody writes to a node
 * once it is made: any thread may hold and read a map. Nothing here raises.
 *
 * Semantics: what PEP 567 asks of contexts ("Implementation"); the shape is
 * that of a hash array mapped trie.
 */
#pragma once

#include "value/object.h"

typedef struct cede__hamt cede__hamt;

/* The head of what a map holds. Its class must have CEDE_CLASS_SHARED. */
typedef struct cede__hamt_item {
    cede_object head;
    uint64_t key;
} cede__hamt_item;

/* The item with this key, borrowed from the map, or NULL. */
cede__hamt_item *cede__hamt_get(const cede__hamt *map, uint64_t key);

/* A new reference to the map with the item (borrowed) in place of the one with
   its key, if there is one. NULL: no memory. */
cede__hamt *cede__hamt_set(const cede__hamt *map, cede__hamt_item *item);

/* *rest: a new reference to the map without the key, which need not be there.
   False: no memory, and *rest is not touched. */
bool cede__hamt_remove(const cede__hamt *map, uint64_t key, cede__hamt **rest);

size_t cede__hamt_size(const cede__hamt *map);

/* The item at a place of the map's own order, borrowed; NULL from the size of
   the map on. O(log32 n). */
cede__hamt_item *cede__hamt_at(const cede__hamt *map, size_t index);
