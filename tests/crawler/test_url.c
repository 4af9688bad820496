/* test_url.c - URLs; the examples of RFC 3986, 5.4, are among them */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#include "url.h"

/* What becomes of a URL, written again, or why it is none. */
static const char *parsed(const char *text)
{
    static char result[URL_SIZE];
    struct url url;

    cede_try {
        url_parse(&url, text_of(text));
        url_write(&url, result);
    } cede_except (UrlError, e) {
        snprintf(result, sizeof result, "%s", cede_exception_message(e));
    } cede_end
    return result;
}

static const char *joined_to(const char *base, const char *reference)
{
    static char result[URL_SIZE];
    struct url url;

    cede_try {
        url_parse(&url, text_of(base));
        url_join(&url, &url, text_of(reference));
        url_write(&url, result);
    } cede_except (UrlError, e) {
        snprintf(result, sizeof result, "%s", cede_exception_message(e));
    } cede_end
    return result;
}

TEST(written_in_one_way)
{
    CHECK_STR(parsed("http://example.org"), "http://example.org/");
    CHECK_STR(parsed("HTTP://Example.ORG:80/A"), "http://example.org/A");
    CHECK_STR(parsed("http://example.org:/"), "http://example.org/");
    CHECK_STR(parsed("http://example.org:0080/"), "http://example.org/");
    CHECK_STR(parsed("http://h:8080?q"), "http://h:8080/?q");
    CHECK_STR(parsed("http://h:65535/"), "http://h:65535/");
    CHECK_STR(parsed(" \thttp://h/x \n"), "http://h/x");
    CHECK_STR(parsed("http://h/x#y?z"), "http://h/x");
    CHECK_STR(parsed("http://h/a/./b/../c/."), "http://h/a/c/");
    CHECK_STR(parsed("http://h/../../x/.."), "http://h/");
    CHECK_STR(parsed("http://h/.x/..y/..."), "http://h/.x/..y/...");
    CHECK_STR(parsed("http://h/a//b/"), "http://h/a//b/");
    CHECK_STR(parsed("http://h/?a/../b"), "http://h/?a/../b");
    CHECK_STR(parsed("http://h/a b\"<\\>?c d"),
              "http://h/a%20b%22%3C%5C%3E?c%20d");
    CHECK_STR(parsed("http://h/\xc3\xa9%20"), "http://h/%C3%A9%20");
    CHECK_STR(parsed("http://[::1]:8000/x"), "http://[::1]:8000/x");
    CHECK_STR(parsed("http://[2001:DB8::1]"), "http://[2001:db8::1]/");
    CHECK_STR(parsed("http://127.0.0.1/"), "http://127.0.0.1/");
}

TEST(what_is_no_url)
{
    const char *no_host = "a URL without a host";
    const char *character = "a host with a character that hosts have not";

    CHECK_STR(parsed(""), "a URL without http:// before it");
    CHECK_STR(parsed("example.org/x"), "a URL without http:// before it");
    CHECK_STR(parsed("//example.org"), "a URL without http:// before it");
    CHECK_STR(parsed("example.org:80/x"),
              "example.org is not spoken here, only http");
    CHECK_STR(parsed("https://x/"), "https is not spoken here, only http");
    CHECK_STR(parsed("a-scheme-of-more-than-16-bytes:x"),
              "a-scheme-of-more is not spoken here, only http");
    CHECK_STR(parsed("http:x"), no_host);
    CHECK_STR(parsed("http:/x"), no_host);
    CHECK_STR(parsed("http://"), no_host);
    CHECK_STR(parsed("http:///x"), no_host);
    CHECK_STR(parsed("http://:80/"), no_host);
    CHECK_STR(parsed("http://a b/"), character);
    CHECK_STR(parsed("http://a\xff/"), character);
    CHECK_STR(parsed("http://a%41/"), character);
    CHECK_STR(parsed("http://[::1]x/"), character);
    CHECK_STR(parsed("http://x:0/"), "port 0");
    CHECK_STR(parsed("http://x:65536/"), "a port beyond 65535");
    CHECK_STR(parsed("http://x:99999999999999999999/"), "a port beyond 65535");
    CHECK_STR(parsed("http://x:8o/"), "a port that is no number");
    CHECK_STR(parsed("http://x:-1/"), "a port that is no number");
    CHECK_STR(parsed("http://[::1/"), "an IPv6 address without its bracket");
    CHECK_STR(parsed("http://[x]/"), "brackets around what is no IPv6 address");
    CHECK_STR(parsed("http://me@x/"),
              "a URL with a user, whom this program ignores");
    CHECK_STR(parsed("http://x/\r\nHost: y"), "a control character in a URL");
    CHECK_STR(parsed("http://x/\x7f"), "a control character in a URL");
}

/* What the RFC says is to come out, but for what is no http here. */
TEST(rfc_3986_5_4)
{
    static const struct {
        const char *reference, *target;
    } examples[] = {
        {"g", "/b/c/g"},
        {"./g", "/b/c/g"},
        {"g/", "/b/c/g/"},
        {"/g", "/g"},
        {"?y", "/b/c/d;p?y"},
        {"g?y", "/b/c/g?y"},
        {"#s", "/b/c/d;p?q"},
        {"g#s", "/b/c/g"},
        {"g?y#s", "/b/c/g?y"},
        {";x", "/b/c/;x"},
        {"g;x", "/b/c/g;x"},
        {"", "/b/c/d;p?q"},
        {".", "/b/c/"},
        {"./", "/b/c/"},
        {"..", "/b/"},
        {"../", "/b/"},
        {"../g", "/b/g"},
        {"../..", "/"},
        {"../../", "/"},
        {"../../g", "/g"},
        {"../../../g", "/g"},
        {"../../../../g", "/g"},
        {"/./g", "/g"},
        {"/../g", "/g"},
        {"g.", "/b/c/g."},
        {".g", "/b/c/.g"},
        {"g..", "/b/c/g.."},
        {"..g", "/b/c/..g"},
        {"./../g", "/b/g"},
        {"./g/.", "/b/c/g/"},
        {"g/./h", "/b/c/g/h"},
        {"g/../h", "/b/c/h"},
        {"g;x=1/./y", "/b/c/g;x=1/y"},
        {"g;x=1/../y", "/b/c/y"},
        {"g?y/./x", "/b/c/g?y/./x"},
        {"g?y/../x", "/b/c/g?y/../x"},
        {"g#s/../x", "/b/c/g"},
    };
    char expected[URL_SIZE];

    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        snprintf(expected, sizeof expected, "http://a%s", examples[i].target);
        CHECK_STR(joined_to("http://a/b/c/d;p?q", examples[i].reference),
                  expected);
    }
    CHECK_STR(joined_to("http://a/b/c/d;p?q", "//g"), "http://g/");
    CHECK_STR(joined_to("http://a/b/c/d;p?q", "http://g:8/h"), "http://g:8/h");
    CHECK_STR(joined_to("http://a/b/c/d;p?q", "g:h"),
              "g is not spoken here, only http");
}

TEST(joined_keeps_the_port)
{
    CHECK_STR(joined_to("http://a:81/b", "c"), "http://a:81/c");
    CHECK_STR(joined_to("http://[::1]:81/b", "?c"), "http://[::1]:81/b?c");
    CHECK_STR(joined_to("http://a:81/b", "//c/d"), "http://c/d");
    CHECK_STR(joined_to("http://a:81/b", "c\nd"),
              "a control character in a URL");
}

/* A path of so many bytes, the slash among them, that are all the same. */
static const char *long_url(size_t size, char c)
{
    static char text[2 * URL_SIZE];

    strcpy(text, "http://h/");
    memset(text + 9, c, size - 1);
    text[8 + size] = '\0';
    return text;
}

TEST(limits)
{
    char host[URL_HOST_LIMIT + 16] = "http://";
    size_t most = URL_HOST_LIMIT;

    CHECK_STR(parsed(long_url(URL_LIMIT, 'x')), long_url(URL_LIMIT, 'x'));
    CHECK_STR(parsed(long_url(URL_LIMIT + 1, 'x')),
              "a URL of more than 2048 bytes");
    CHECK_STR(parsed(long_url(URL_LIMIT / 3 + 2, ' ')), "http://h/");
    CHECK_STR(parsed(long_url(URL_LIMIT / 3 + 2, '<')),
              "a URL of more than 2048 bytes");
    memset(host + 7, 'h', most);
    CHECK_INT(strlen(parsed(host)), 7 + most + 1);
    host[7 + most] = 'h';
    CHECK_STR(parsed(host), "a host of more than 255 bytes");
}

TEST(same_site)
{
    struct url a, b;

    url_parse(&a, text_of("http://A:80/x"));
    url_parse(&b, text_of("http://a/y"));
    CHECK(url_same_site(&a, &b));
    url_parse(&b, text_of("http://a:81/x"));
    CHECK(!url_same_site(&a, &b));
    url_parse(&b, text_of("http://b/x"));
    CHECK(!url_same_site(&a, &b));
}
