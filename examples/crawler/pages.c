/* pages.c - see pages.h */
#include "pages.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16 };

/* --- memory that raises --- */

/* One more item in an array of `count`: it grows if there is no room. */
static void *grow(void *items, size_t count, size_t *room, size_t size)
{
    size_t new_room = *room ? *room * 2 : FIRST_ROOM;

    if (count < *room)
        return items;
    items = reallocarray(items, new_room, size);
    if (!items)
        cede_raise(cede_MemoryError);
    *room = new_room;
    return items;
}

static char *copy_of(const char *text)
{
    char *copy = strdup(text);

    if (!copy)
        cede_raise(cede_MemoryError);
    return copy;
}

/* --- lists of URLs --- */

void url_list_add(struct url_list *list, const char *url)
{
    list->items =
        grow(list->items, list->count, &list->room, sizeof *list->items);
    list->items[list->count] = copy_of(url);
    list->count++;
}

void url_list_clear(struct url_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct url_list){0};
}

/* --- what is known: open addressing, never more than half full --- */

/* FNV-1a */
static size_t hash(const char *url)
{
    uint64_t value = UINT64_C(14695981039346656037);

    for (; *url; url++)
        value = (value ^ (unsigned char)*url) * UINT64_C(1099511628211);
    return (size_t)(value ^ value >> 32);
}

/* Where the URL is, or would be. */
static char **place_of(char **table, size_t room, const char *url)
{
    size_t at = hash(url) & (room - 1);

    while (table[at] && strcmp(table[at], url) != 0)
        at = (at + 1) & (room - 1);
    return &table[at];
}

static void make_room(struct pages *pages)
{
    size_t room = pages->known_room ? pages->known_room * 2 : 2 * FIRST_ROOM;
    char **table;

    if (pages->known_count < pages->known_room / 2)
        return;
    table = calloc(room, sizeof *table);
    if (!table)
        cede_raise(cede_MemoryError);
    for (size_t i = 0; i < pages->known_room; i++)
        if (pages->known[i])
            *place_of(table, room, pages->known[i]) = pages->known[i];
    free(pages->known);
    pages->known = table;
    pages->known_room = room;
}

/* The table's own copy of a URL that was not known; NULL if it was. */
static const char *learn(struct pages *pages, const char *url)
{
    char **place;

    make_room(pages);
    place = place_of(pages->known, pages->known_room, url);
    if (*place)
        return NULL;
    *place = copy_of(url);
    pages->known_count++;
    return *place;
}

/* --- pages --- */

void pages_add(struct pages *pages, const char *url, int depth)
{
    struct page *page;

    pages->items =
        grow(pages->items, pages->count, &pages->room, sizeof *pages->items);
    url = learn(pages, url);
    if (!url)
        return;
    page = calloc(1, sizeof *page);
    if (!page)
        cede_raise(cede_MemoryError);
    page->url = url;
    page->depth = depth;
    pages->items[pages->count++] = page;
}

void page_fail(struct page *page, cede_exception *error)
{
    url_list_clear(&page->links);
    page->error = cede_ref(error);
    page->state = PAGE_FAILED;
}

void pages_take_links(struct pages *pages, struct page *page)
{
    if (page->moved_to)
        learn(pages, page->moved_to);
    for (size_t i = 0; i < page->links.count; i++)
        pages_add(pages, page->links.items[i], page->depth + 1);
    url_list_clear(&page->links);
}

bool pages_next_level(struct pages *pages)
{
    pages->level_start = pages->level_end;
    pages->level_end = pages->count;
    return pages->level_start < pages->level_end;
}

static void page_free(struct page *page)
{
    url_list_clear(&page->links);
    free(page->moved_to);
    cede_unref(page->error);
    free(page);
}

void pages_clear(struct pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        page_free(pages->items[i]);
    for (size_t i = 0; i < pages->known_room; i++)
        free(pages->known[i]);
    free(pages->items);
    free(pages->known);
    *pages = (struct pages){0};
}
