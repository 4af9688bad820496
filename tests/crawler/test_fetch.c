/*
 * test_fetch.c - one page, over a network that is a script
 *
 * Every call of the network waits a second of virtual time, so that a task can
 * be cancelled there; and every byte comes by itself.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#include "fetch.h"
#include "http.h"

/* --- the network --- */

/* A host and the target it is asked for are the key: "h/x". */
static const struct {
    const char *place, *answer;
} script[] = {
    {"h/", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
    {"h/moved", "HTTP/1.1 302 Found\r\nLocation: //g/there\r\n\r\n"},
    {"g/there", "HTTP/1.1 200 OK\r\n\r\nthere"},
    {"h/round", "HTTP/1.1 302 Found\r\nLocation: round\r\n\r\n"},
    {"h/page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
               "<a href=x><a href=//g/y><a href=http:><a href=z>"},
    {"h/moved-page", "HTTP/1.1 301 Moved\r\nLocation: page?q\r\n\r\n"},
    {"h/page?q", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
                 "<a href=x>"},
    {"h/away", "HTTP/1.1 301 Moved\r\nLocation: http://g/page\r\n\r\n"},
    {"g/page", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
               "<a href=x><a href=//h/y>"},
    {"h/none", "HTTP/1.1 404 No\r\nContent-Type: text/html\r\n\r\n"
               "<a href=x>"},
    {"h/text", "HTTP/1.1 200 OK\r\n\r\n<a href=x>"},
    {"h/short", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1234"},
};

struct peer {
    cede_object head;
    char host[64];
    const char *rest; /* of the answer, once there was a request */
};

static int peers_open;

static void peer_close(void *self)
{
    (void)self;
    peers_open--;
}

static CEDE_CLASS(Peer, struct peer, .destroy = peer_close);

static void *open_peer(const struct network *network, const char *host,
                       int port)
{
    cede_own (peer, (struct peer *)cede_object_new(Peer));

    (void)network;
    peers_open++;
    cede_sleep(1);
    CHECK_INT(port, 80);
    snprintf(peer->host, sizeof peer->host, "%s", host);
    return cede_ref(peer);
}

static void write_peer(const struct network *network, void *self,
                       const void *data, size_t size)
{
    struct peer *peer = self;
    char request[4096], target[64] = "", host[64] = "", place[128];

    (void)network;
    cede_sleep(1);
    snprintf(request, sizeof request, "%.*s", (int)size, (const char *)data);
    CHECK_INT(
        sscanf(request, "GET %63s HTTP/1.1\r\nHost: %63s\r\n", target, host),
        2);
    CHECK_STR(request + strlen(request) - 4, "\r\n\r\n");
    CHECK_CONTAINS(request, "\r\nConnection: close\r\n");
    CHECK_STR(host, peer->host);
    snprintf(place, sizeof place, "%s%s", host, target);
    for (size_t i = 0; i < sizeof script / sizeof *script; i++)
        if (!strcmp(script[i].place, place))
            peer->rest = script[i].answer;
    CHECK(peer->rest);
}

static size_t read_peer(const struct network *network, void *self, void *buffer,
                        size_t size)
{
    struct peer *peer = self;

    (void)network;
    cede_sleep(1);
    CHECK(size > 0);
    if (!*peer->rest)
        return 0;
    *(char *)buffer = *peer->rest++;
    return 1;
}

static const struct network scripted = {open_peer, write_peer, read_peer};

/* --- the tests --- */

static struct crawl crawl;

static void fetch_first(void)
{
    fetch(&crawl, crawl.pages.items[0], &scripted);
}

static void clear_crawl(struct crawl *old)
{
    pages_clear(&old->pages);
    CHECK_INT(peers_open, 0); /* on whichever way out */
}

/* "200 5 bytes, moved to there: link link", or what was raised. */
static const char *fetched(const char *url)
{
    static char text[1 << 10];
    const struct page *page;
    cede_defer (clear_crawl, &crawl);

    pages_add(&crawl.pages, url, 0);
    page = crawl.pages.items[0];
    cede_try {
        cede_run_simulated(fetch_first);
        snprintf(text, sizeof text, "%d %d bytes%s%s:", page->status,
                 (int)page->bytes, page->moved_to ? ", moved to " : "",
                 page->moved_to ? page->moved_to : "");
        for (size_t i = 0; i < page->links.count; i++)
            snprintf(text + strlen(text), sizeof text - strlen(text), " %s",
                     page->links.items[i]);
        CHECK_INT(page->state, PAGE_FETCHED);
    } cede_except ((FetchError, HttpError), e) {
        snprintf(text, sizeof text, "%s", cede_exception_message(e));
        CHECK_INT(page->state, PAGE_WAITING);
    } cede_end
    return text;
}

static void begin(int depth, int64_t max_bytes)
{
    crawl = (struct crawl){
        .options = {.depth = depth, .max_bytes = max_bytes},
    };
    report_begin(&crawl.report, false, 1);
}

TEST(pages)
{
    begin(0, 100);
    CHECK_STR(fetched("http://h/"), "200 5 bytes:");
    CHECK_STR(fetched("http://h/none"), "404 10 bytes:");
    CHECK_STR(fetched("http://h/page"), "200 48 bytes:");
    CHECK_STR(fetched("http://h/short"),
              "the connection ended in the middle of the page");
}

TEST(limits)
{
    begin(0, 5);
    CHECK_STR(fetched("http://h/"), "200 5 bytes:");
    begin(0, 4);
    CHECK_STR(fetched("http://h/"), "a page of more than 4 bytes");
    begin(0, 8); /* its length is known before it comes */
    CHECK_STR(fetched("http://h/short"), "a page of more than 8 bytes");
}

TEST(redirects)
{
    begin(0, 100);
    CHECK_STR(fetched("http://h/moved"),
              "200 5 bytes, moved to http://g/there:");
    CHECK_STR(fetched("http://h/round"), "more than 10 redirects");
}

TEST(links)
{
    begin(1, 100);
    CHECK_STR(fetched("http://h/page"), "200 48 bytes: http://h/x http://h/z");
    CHECK_STR(fetched("http://h/moved-page"),
              "200 10 bytes, moved to http://h/page?q: http://h/x");
    CHECK_STR(fetched("http://h/away"),
              "200 24 bytes, moved to http://g/page:");
    CHECK_STR(fetched("http://h/none"), "404 10 bytes:");
    CHECK_STR(fetched("http://h/text"), "200 10 bytes:");
}
