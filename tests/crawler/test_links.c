/* test_links.c - links in HTML, however it is cut */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "links.h"

/* All that was found, each with a blank behind it. */
static char found[1 << 13];

static void note(void *argument, struct text link)
{
    CHECK_PTR(argument, found);
    snprintf(found + strlen(found), sizeof found - strlen(found), "%.*s ",
             (int)link.size, link.start);
}

/* Gives the page in two pieces, or byte by byte. */
static void find(const char *page, size_t cut, bool drops)
{
    static struct links links;
    struct text text = text_of(page);

    found[0] = '\0';
    links_begin(&links, note, found);
    if (!drops) {
        links_take(&links, (struct text){page, cut});
        links_take(&links, text_from(text, cut));
    } else {
        for (size_t i = 0; i < text.size; i++)
            links_take(&links, (struct text){page + i, 1});
    }
}

static void check(const char *page, const char *expected)
{
    find(page, 0, true);
    CHECK_STR(found, expected);
    for (size_t cut = 0; cut <= strlen(page); cut++) {
        find(page, cut, false);
        if (!CHECK_STR(found, expected))
            return;
    }
}

TEST(hrefs)
{
    check("<a href=\"x\">", "x ");
    check("<a href='x'>", "x ");
    check("<a href=x>", "x ");
    check("<A\nHREF = \"x\"\n>", "x ");
    check("<a class=y href=x id=z>", "x ");
    check("<a class href=x>", "x ");
    check("<a class = href href=x>", "x ");
    check("<a/href=x/y>", "x/y ");
    check("<a href=\"a b>c'd\">", "a b>c'd ");
    check("<a href='a\"b'>", "a\"b ");
    check("<a href=x><a href=y>", "x y ");
    check("<p><b><a href=x>y</a></b><br/>", "x ");
    check("<a href=''>", " ");
    check("<a href=>", " ");
    check("<a href=/>", "/ ");
}

TEST(what_has_none)
{
    check("", "");
    check("href=x", "");
    check("<a>", "");
    check("<a href>", "");
    check("<a href", "");
    check("<a href=x", "");
    check("<a href='x>", "");
    check("<a name=href>", "");
    check("<a data-href=x>", "");
    check("<a hrefs=x>", "");
    check("<a-b href=x>", "");
    check("<abbr href=x>", "");
    check("<link href=x>", "");
    check("</a href=x>", "");
    check("< a href=x>", "");
    check("<5 href=x>", "");
    check("<a name='<a href=x>'>", "");
    check("<!DOCTYPE a href=x>", "");
    check("<?xml a href=x?>", "");
}

TEST(less_than_is_text)
{
    check("1 < 2 <a href=x>", "x ");
    check("<<a href=x>", "x ");
    check("<></><a href=x>", "x ");
}

TEST(comments)
{
    check("<!-- <a href=x> --><a href=y>", "y ");
    check("<!--<a href=x>- ->--<a href=x>--><a href=y>", "y ");
    check("<!--> <a href=y>", "y ");
    check("<!----><a href=y>", "y ");
    check("<!-- x ---><a href=y>", "y ");
    check("<!- <a href=y>", "");
    check("<!><a href=y>", "y ");
}

TEST(scripts)
{
    check("<script>'<a href=x>'</script><a href=y>", "y ");
    check("<SCRIPT src=x>if (a<b) '</a><a href=x>'</Script ><a href=y>", "y ");
    check("<script>a<b</script><a href=y>", "y ");
    check("<script><!-- </script><a href=y>", "y ");
    check("<script></scripts><a href=x></script><a href=y>", "y ");
    check("<style>a<a href=x></style><a href=y>", "y ");
    check("<script></style><a href=x></script><a href=y>", "y ");
}

TEST(ampersands)
{
    check("<a href='?a=1&amp;b=2&c=3'>", "?a=1&b=2&c=3 ");
    check("<a href='&AMP;amp;'>", "&amp; ");
    check("<a href='&amp'>", "&amp ");
}

/* One that is too long for a URL is none, whatever its decoded length. */
TEST(limits)
{
    char *page = malloc(URL_LIMIT + 64);
    int size = URL_LIMIT;

    sprintf(page, "<a href='%0*d'>", size, 0);
    find(page, 0, true);
    CHECK_INT(strlen(found), URL_LIMIT + 1);
    sprintf(page, "<a href='%0*d'><a href=x>", size + 1, 0);
    find(page, 0, true);
    CHECK_STR(found, "x ");
    free(page);
}
