/*
 * http.h - an answer of HTTP/1.1, understood as it comes
 *
 * A parser that is given bytes and neither reads nor waits, so that tasks and
 * threads can both use it and a test can cut its input wherever it likes:
 *
 *     struct http http;
 *     struct text body;
 *
 *     http_begin(&http);
 *     while (!http_is_done(&http)) {
 *         input = … read …
 *         if (!input.size)
 *             http_end(&http);
 *         while (http_next(&http, &input, &body))
 *             … body …
 *     }
 *
 * RFC 9112. What is malformed raises HttpError, whose message says what it is
 * in words of our own: nothing that a server sent. It holds one line at a time,
 * whatever comes.
 */
#pragma once

#include <cede.h>

#include "text.h"
#include "url.h"

enum {
    HTTP_LINE_LIMIT = 8 << 10,  /* bytes of a line */
    HTTP_HEAD_LIMIT = 64 << 10, /* of all lines before the body, or behind */
};

enum http_state {
    HTTP_STATUS,  /* the status line comes */
    HTTP_HEADERS, /* a line of the head */
    HTTP_BODY,    /* `left` bytes */
    HTTP_REST,    /* all up to the end of the connection is the body */
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK, /* `left` bytes */
    HTTP_CHUNK_END,
    HTTP_TRAILERS,
    HTTP_DONE,
};

struct http {
    enum http_state state;
    int status;
    int64_t length; /* of the body; -1: nobody said */
    int64_t left;
    bool old;     /* HTTP/1.0 */
    bool chunked; /* the body comes in chunks */
    bool is_html;
    /* Cut off where url_join will refuse it. */
    char location[URL_LIMIT + 2];
    size_t head_size; /* bytes of lines so far */
    char line[HTTP_LINE_LIMIT];
    size_t line_size;
};

/* What is no HTTP, or not all of it. */
extern const cede_class HttpError[1];

void http_begin(struct http *http);

/*
 * Takes from the input up to and including the next piece of the body, and
 * lends that: true. False: nothing of a body is left in the input, and it is
 * empty unless the answer is complete. Raises HttpError.
 */
bool http_next(struct http *http, struct text *input, struct text *ret_body);

/* The connection has ended: so has the answer. HttpError if it should not. */
void http_end(struct http *http);

static inline bool http_is_done(const struct http *http)
{
    return http->state == HTTP_DONE;
}

/* Is everything known that stands before the body? */
static inline bool http_has_head(const struct http *http)
{
    return http->state > HTTP_HEADERS;
}

/* Is the page to be asked for elsewhere, at http->location? */
bool http_is_redirect(const struct http *http);
