/*
 * list.h - circular doubly linked lists whose links live in the elements
 *
 * Knows: links. Does not know: what is linked, nor who owns it.
 *
 * Invariants: a list is a node of its own that no element contains. A node
 * outside any list is linked to itself, so removing it again does nothing;
 * that is what lets a waiter leave a queue without asking whether it is still
 * in it. No operation allocates or fails.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct cede__list {
    struct cede__list *prev;
    struct cede__list *next;
} cede__list;

/* A list that is empty, or a node that is in none, from its definition on. */
#define CEDE__LIST_INIT(list)                                                  \
    {                                                                          \
        &(list), &(list)                                                       \
    }

/* The element a node is embedded in. */
#define cede__list_entry(pointer, type, member)                                \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* Walks a list; `node` may be removed, or its element freed, on the way. */
#define cede__list_each(node, list)                                            \
    for (cede__list *node = (list)->next, *node##_next = node->next;           \
         node != (list); node = node##_next, node##_next = node->next)

static inline void cede__list_init(cede__list *list)
{
    list->prev = list;
    list->next = list;
}

/* Of a list: has it no elements? Of a node: is it in no list? */
static inline bool cede__list_empty(const cede__list *list)
{
    return list->next == list;
}

/* The node must be in no list. */
static inline void cede__list_insert_before(cede__list *place, cede__list *node)
{
    node->prev = place->prev;
    node->next = place;
    place->prev->next = node;
    place->prev = node;
}

static inline void cede__list_push_back(cede__list *list, cede__list *node)
{
    cede__list_insert_before(list, node);
}

static inline void cede__list_push_front(cede__list *list, cede__list *node)
{
    cede__list_insert_before(list->next, node);
}

/* Of a node in no list: does nothing. */
static inline void cede__list_remove(cede__list *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    cede__list_init(node);
}

/* The first node, now in no list, or NULL. */
static inline cede__list *cede__list_pop_front(cede__list *list)
{
    cede__list *first = list->next;

    if (first == list)
        return NULL;
    cede__list_remove(first);
    return first;
}

/* Moves every element of `from` behind those of `list`; `from` is empty. */
static inline void cede__list_append(cede__list *list, cede__list *from)
{
    if (cede__list_empty(from))
        return;
    from->next->prev = list->prev;
    list->prev->next = from->next;
    from->prev->next = list;
    list->prev = from->prev;
    cede__list_init(from);
}
