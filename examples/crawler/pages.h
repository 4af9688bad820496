/*
 * pages.h - the pages of a crawl: those that were asked for and those found
 *
 * Each URL is there once. They are fetched level by level, a level being the
 * pages that are as many links away from where the crawl began: so which pages
 * are fetched does not depend on which answers first. One thread at a time; but
 * a page that is being fetched is its fetcher's.
 */
#pragma once

#include <cede.h>

#include "url.h"

enum page_state {
    PAGE_WAITING, /* nothing has come; or it was interrupted */
    PAGE_FETCHED, /* there was an answer */
    PAGE_FAILED,  /* there was none, or none that could be understood */
};

/* URLs in a row, each a block of malloc's. */
struct url_list {
    char **items;
    size_t count, room;
};

struct page {
    const char *url; /* as url_write has it */
    int depth;       /* how many links away from a page that was asked for */
    enum page_state state;
    bool reported;         /* the user knows */
    int status;            /* of the answer */
    int64_t bytes;         /* of its body */
    char *moved_to;        /* where it was found in the end, or NULL */
    cede_exception *error; /* why it failed: one reference */
    struct url_list links; /* to the same site */
};

struct pages {
    struct page **items; /* in the order in which they were found */
    size_t count, room;
    size_t level_start, level_end; /* the level that is being fetched */
    char **known;                  /* a hash table of URLs, NULL: free */
    size_t known_count, known_room;
};

/* A copy of the text at the end of the list. Raises MemoryError. */
void url_list_add(struct url_list *list, const char *url);
void url_list_clear(struct url_list *list);

/* A page to fetch, unless its URL is known. Raises MemoryError. */
void pages_add(struct pages *pages, const char *url, int depth);

/* The page has failed because of this (borrowed). */
void page_fail(struct page *page, cede_exception *error);

/* The page is fetched: its links, and where it has moved to, become known. */
void pages_take_links(struct pages *pages, struct page *page);

/* Goes on to the pages found meanwhile; false if there are none. Begins with
   the first level. */
bool pages_next_level(struct pages *pages);

/* Gives everything up. */
void pages_clear(struct pages *pages);
