/* fetch.c - see fetch.h */
#include "fetch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "http.h"
#include "links.h"

CEDE_EXCEPTION(FetchError, cede_Exception);

enum {
    REDIRECT_LIMIT = 10,
    READ_SIZE = 16 << 10,
};

/* Fetching one page; as long as that takes. */
struct visit {
    struct crawl *crawl;
    struct page *page;
    const struct network *network;
    struct url start, url; /* where the page was said to be, and where it is */
    struct http http;
    struct links links;
    int64_t bytes; /* of the body so far */
};

/* --- links --- */

static void take_link(void *argument, struct text link)
{
    struct visit *visit = argument;
    struct url url;
    char text[URL_SIZE];

    cede_try {
        url_join(&url, &visit->url, link);
        if (url_same_site(&url, &visit->start)) {
            url_write(&url, text);
            url_list_add(&visit->page->links, text);
        }
    } cede_except (UrlError) {
        /* mailto: and its like; nothing for us */
    } cede_end
}

static bool wants_links(const struct visit *visit)
{
    return visit->http.is_html && visit->http.status < 300 &&
           visit->page->depth < visit->crawl->options.depth &&
           url_same_site(&visit->url, &visit->start);
}

/* --- an answer --- */

static void send_request(const struct visit *visit, void *connection)
{
    char host[URL_AUTHORITY_SIZE], request[2 * URL_SIZE];
    int size;

    url_write_authority(&visit->url, host);
    size = snprintf(request, sizeof request,
                    "GET %s HTTP/1.1\r\nHost: %s\r\n"
                    "User-Agent: cede-crawler/" CEDE_VERSION "\r\n"
                    "Accept: */*\r\nConnection: close\r\n\r\n",
                    visit->url.target, host);
    visit->network->write(visit->network, connection, request, (size_t)size);
}

static void refuse_size(const struct visit *visit)
{
    cede_raise(FetchError, "a page of more than %" PRId64 " bytes",
               visit->crawl->options.max_bytes);
}

static void take_body(struct visit *visit, struct text body)
{
    visit->bytes += (int64_t)body.size;
    if (visit->bytes > visit->crawl->options.max_bytes)
        refuse_size(visit);
    report_bytes(&visit->crawl->report, body.size);
    if (wants_links(visit))
        links_take(&visit->links, body);
}

/* Who redirects may send a page too, but nobody wants it. */
static bool has_moved(const struct visit *visit)
{
    return http_has_head(&visit->http) && http_is_redirect(&visit->http);
}

static void take_input(struct visit *visit, struct text input)
{
    struct text body;

    while (http_next(&visit->http, &input, &body) && !has_moved(visit))
        take_body(visit, body);
    if (!has_moved(visit) &&
        visit->http.length > visit->crawl->options.max_bytes)
        refuse_size(visit); /* before it comes, which may never be */
}

/* One request and its answer. */
static void get(struct visit *visit)
{
    const struct network *network = visit->network;
    cede_own (connection,
             network->open(network, visit->url.host, visit->url.port));
    char buffer[READ_SIZE];

    http_begin(&visit->http);
    links_begin(&visit->links, take_link, visit);
    visit->bytes = 0;
    send_request(visit, connection);
    while (!http_is_done(&visit->http) && !has_moved(visit)) {
        size_t size = network->read(network, connection, buffer, sizeof buffer);

        if (size)
            take_input(visit, (struct text){buffer, size});
        else
            http_end(&visit->http);
    }
}

/* --- a page --- */

static void note_result(struct visit *visit, int redirects)
{
    char text[URL_SIZE];

    visit->page->status = visit->http.status;
    visit->page->bytes = visit->bytes;
    if (redirects) {
        url_write(&visit->url, text);
        visit->page->moved_to = strdup(text);
        if (!visit->page->moved_to)
            cede_raise(cede_MemoryError);
    }
    visit->page->state = PAGE_FETCHED;
}

void fetch(struct crawl *crawl, struct page *page,
           const struct network *network)
{
    struct visit visit = {.crawl = crawl, .page = page, .network = network};
    int redirects = 0;

    url_parse(&visit.start, text_of(page->url));
    visit.url = visit.start;
    for (get(&visit); http_is_redirect(&visit.http); get(&visit)) {
        if (++redirects > REDIRECT_LIMIT)
            cede_raise(FetchError, "more than %d redirects", REDIRECT_LIMIT);
        url_join(&visit.url, &visit.url, text_of(visit.http.location));
    }
    note_result(&visit, redirects);
}
