/* test_pages.c - which pages there are, and when it is their turn */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#include "pages.h"

/* The URLs of the level that is being fetched. */
static const char *level(const struct pages *pages)
{
    static char text[1 << 10];

    text[0] = '\0';
    for (size_t i = pages->level_start; i < pages->level_end; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s %d;",
                 pages->items[i]->url, pages->items[i]->depth);
    return text;
}

TEST(each_url_once)
{
    struct pages pages = {0};
    char url[] = "a";
    cede_defer (pages_clear, &pages);

    pages_add(&pages, url, 0);
    url[0] = 'b'; /* it was copied */
    pages_add(&pages, url, 0);
    pages_add(&pages, "a", 0);
    CHECK(pages_next_level(&pages));
    CHECK_STR(level(&pages), "a 0;b 0;");
    CHECK(!pages_next_level(&pages));
    CHECK_STR(level(&pages), "");
}

TEST(links_are_the_next_level)
{
    struct pages pages = {0};
    struct page *page;
    cede_defer (pages_clear, &pages);

    pages_add(&pages, "a", 0);
    pages_add(&pages, "b", 0);
    CHECK(pages_next_level(&pages));
    page = pages.items[1];
    url_list_add(&page->links, "c");
    url_list_add(&page->links, "a");
    url_list_add(&page->links, "d");
    url_list_add(&page->links, "c");
    pages_take_links(&pages, page);
    CHECK_INT(page->links.count, 0);
    CHECK_STR(level(&pages), "a 0;b 0;");
    CHECK(pages_next_level(&pages));
    CHECK_STR(level(&pages), "c 1;d 1;");
    CHECK(!pages_next_level(&pages));
}

/* Where a page has moved to is not fetched again. */
TEST(a_move_is_known)
{
    struct pages pages = {0};
    cede_defer (pages_clear, &pages);

    pages_add(&pages, "a", 0);
    CHECK(pages_next_level(&pages));
    pages.items[0]->moved_to = strdup("b");
    url_list_add(&pages.items[0]->links, "b");
    pages_take_links(&pages, pages.items[0]);
    CHECK(!pages_next_level(&pages));
}

TEST(a_page_that_fails_has_no_links)
{
    struct pages pages = {0};
    cede_own (error, cede_exception(cede_ValueError, "no"));
    cede_defer (pages_clear, &pages);

    pages_add(&pages, "a", 0);
    CHECK(pages_next_level(&pages));
    url_list_add(&pages.items[0]->links, "b");
    page_fail(pages.items[0], error);
    CHECK_INT(pages.items[0]->state, PAGE_FAILED);
    pages_take_links(&pages, pages.items[0]);
    CHECK(!pages_next_level(&pages));
}

/* The table of what is known grows, and loses nothing. */
TEST(many)
{
    struct pages pages = {0};
    char url[32];
    cede_defer (pages_clear, &pages);

    for (int twice = 0; twice < 2; twice++)
        for (int i = 0; i < 10000; i++) {
            snprintf(url, sizeof url, "http://h/%d", i);
            pages_add(&pages, url, 0);
        }
    CHECK_INT(pages.count, 10000);
    for (int i = 0; i < 10000; i++) {
        snprintf(url, sizeof url, "http://h/%d", i);
        if (!CHECK_STR(pages.items[i]->url, url))
            return;
    }
}
