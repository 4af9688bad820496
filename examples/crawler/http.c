/* http.c - see http.h */
#include "http.h"

CEDE_EXCEPTION(HttpError, cede_Exception);

/* --- numbers --- */

/* A digit of this base, or -1. */
static int digit_of(char c, int base)
{
    int digit = -1;

    if (c >= '0' && c <= '9')
        digit = c - '0';
    else if (c >= 'a' && c <= 'f')
        digit = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
        digit = c - 'A' + 10;
    return digit < base ? digit : -1;
}

/* A number made of digits alone, or -1, also if it is beyond all bounds. */
static int64_t number_of(struct text text, int base)
{
    int64_t number = 0;

    for (size_t i = 0; i < text.size; i++) {
        int digit = digit_of(text.start[i], base);

        if (digit < 0 || number > (INT64_MAX - digit) / base)
            return -1;
        number = number * base + digit;
    }
    return text.size ? number : -1;
}

/* --- the head --- */

/* RFC 9110, 5.6.2: what names of headers are made of. */
static bool is_token(struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.start[i];

        if (digit_of(c, 10) < 0 && !(c >= 'a' && c <= 'z') &&
            !(c >= 'A' && c <= 'Z') && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return text.size > 0;
}

/* "HTTP/1.1 200 OK"; the words behind the number may be missing. */
static void take_status(struct http *http, struct text line)
{
    struct text version = text_cut(&line, ' ');
    struct text code = text_cut(&line, ' ');

    if (version.size < 5 || memcmp(version.start, "HTTP/", 5) != 0)
        cede_raise(HttpError, "the answer is no HTTP");
    if (version.size != 8 || memcmp(version.start + 5, "1.", 2) != 0)
        cede_raise(HttpError, "the answer is of another version of HTTP");
    http->old = version.start[7] == '0';
    http->status = code.size == 3 ? (int)number_of(code, 10) : -1;
    if (http->status < 100)
        cede_raise(HttpError, "the answer has no status");
    http->state = HTTP_HEADERS;
}

/* A number, or the same number several times: "5, 5". */
static void take_length(struct http *http, struct text value)
{
    do {
        int64_t length = number_of(text_trim(text_cut(&value, ',')), 10);

        if (length < 0)
            cede_raise(HttpError, "Content-Length is no number");
        if (http->length >= 0 && http->length != length)
            cede_raise(HttpError, "two different Content-Lengths");
        http->length = length;
    } while (value.size);
}

static void take_encoding(struct http *http, struct text value)
{
    if (!text_is(value, "chunked") || http->chunked)
        cede_raise(HttpError, "an unknown Transfer-Encoding");
    http->chunked = true;
}

static void take_location(struct http *http, struct text value)
{
    size_t size = value.size;

    if (size >= sizeof http->location)
        size = sizeof http->location - 1;
    memcpy(http->location, value.start, size);
    http->location[size] = '\0';
}

/* "Name: value". A blank before the colon, or a line that goes on with the one
   before, is refused: RFC 9112, 5.1 and 5.2. */
static struct text take_name(struct text *line)
{
    bool colon = memchr(line->start, ':', line->size) != NULL;
    struct text name = text_cut(line, ':');

    if (!colon || !is_token(name))
        cede_raise(HttpError, "a malformed header");
    return name;
}

static void take_header(struct http *http, struct text line)
{
    struct text name = take_name(&line), value = text_trim(line);

    if (text_is(name, "Content-Length"))
        take_length(http, value);
    else if (text_is(name, "Transfer-Encoding"))
        take_encoding(http, value);
    else if (text_is(name, "Location"))
        take_location(http, value);
    else if (text_is(name, "Content-Type"))
        http->is_html = text_is(text_trim(text_cut(&value, ';')), "text/html");
}

/* The head is complete: how does the body end? RFC 9112, 6.3. */
static void choose_body(struct http *http)
{
    if (http->chunked && (http->length >= 0 || http->old))
        cede_raise(HttpError, "chunks where there may be none");
    if (http->status == 204 || http->status == 304)
        http->state = HTTP_DONE;
    else if (http->chunked)
        http->state = HTTP_CHUNK_SIZE;
    else if (http->length < 0)
        http->state = HTTP_REST;
    else
        http->state = http->length ? HTTP_BODY : HTTP_DONE;
    http->left = http->length;
}

static void end_head(struct http *http)
{
    size_t size = http->head_size;

    if (http->status == 101)
        cede_raise(HttpError, "another protocol, which nobody asked for");
    if (http->status >= 200) {
        choose_body(http);
        return;
    }
    http_begin(http); /* 100 Continue and its like: the answer is yet to come */
    http->head_size = size;
}

/* --- chunks --- */

/* The size, and perhaps a semicolon and what nobody knows. */
static void take_chunk_size(struct http *http, struct text line)
{
    http->left = number_of(text_trim(text_cut(&line, ';')), 16);
    if (http->left < 0)
        cede_raise(HttpError, "a malformed chunk");
    http->state = http->left ? HTTP_CHUNK : HTTP_TRAILERS;
    http->head_size = 0;
}

static void end_chunk(struct http *http, struct text line)
{
    if (line.size)
        cede_raise(HttpError, "a chunk longer than it says");
    http->state = HTTP_CHUNK_SIZE;
}

/* --- lines --- */

static void take_line(struct http *http, struct text line)
{
    switch (http->state) {
    case HTTP_STATUS:
        take_status(http, line);
        break;
    case HTTP_HEADERS:
        if (line.size)
            take_header(http, line);
        else
            end_head(http);
        break;
    case HTTP_CHUNK_SIZE:
        take_chunk_size(http, line);
        break;
    case HTTP_CHUNK_END:
        end_chunk(http, line);
        break;
    default: /* HTTP_TRAILERS */
        if (line.size)
            take_name(&line);
        else
            http->state = HTTP_DONE;
    }
}

/* Adds bytes to the line. */
static void keep(struct http *http, struct text part)
{
    http->head_size += part.size;
    if (http->line_size + part.size > HTTP_LINE_LIMIT)
        cede_raise(HttpError, "a line of more than %d bytes", HTTP_LINE_LIMIT);
    if (http->head_size > HTTP_HEAD_LIMIT)
        cede_raise(HttpError, "headers of more than %d bytes", HTTP_HEAD_LIMIT);
    memcpy(http->line + http->line_size, part.start, part.size);
    http->line_size += part.size;
}

/* Takes up to the end of a line; the line is looked at when it is whole. */
static void collect_line(struct http *http, struct text *input)
{
    const char *end = memchr(input->start, '\n', input->size);
    struct text line = {http->line, 0};

    if (!end) {
        keep(http, *input);
        *input = text_from(*input, input->size);
        return;
    }
    keep(http, text_cut(input, '\n'));
    http->head_size++; /* lines that are empty count too */
    line.size = http->line_size;
    http->line_size = 0;
    if (line.size && line.start[line.size - 1] == '\r')
        line.size--;
    if (memchr(line.start, '\r', line.size) ||
        memchr(line.start, '\0', line.size))
        cede_raise(HttpError, "a control character in a header");
    take_line(http, line);
}

/* --- bodies --- */

static bool in_body(const struct http *http)
{
    return http->state == HTTP_BODY || http->state == HTTP_REST ||
           http->state == HTTP_CHUNK;
}

static struct text take_body(struct http *http, struct text *input)
{
    struct text body = *input;

    if (http->state != HTTP_REST) {
        if ((int64_t)body.size > http->left)
            body.size = (size_t)http->left;
        http->left -= (int64_t)body.size;
        if (!http->left)
            http->state = http->state == HTTP_BODY ? HTTP_DONE : HTTP_CHUNK_END;
    }
    *input = text_from(*input, body.size);
    return body;
}

/* --- the whole --- */

void http_begin(struct http *http)
{
    http->state = HTTP_STATUS;
    http->status = 0;
    http->length = -1;
    http->left = 0;
    http->old = http->chunked = http->is_html = false;
    http->location[0] = '\0';
    http->head_size = http->line_size = 0;
}

bool http_next(struct http *http, struct text *input, struct text *ret_body)
{
    while (input->size && http->state != HTTP_DONE) {
        if (in_body(http)) {
            *ret_body = take_body(http, input);
            return true;
        }
        collect_line(http, input);
    }
    return false;
}

void http_end(struct http *http)
{
    if (http->state == HTTP_REST)
        http->state = HTTP_DONE;
    if (http->state == HTTP_DONE)
        return;
    if (http->state == HTTP_STATUS && !http->head_size)
        cede_raise(HttpError, "the connection ended before an answer");
    cede_raise(HttpError, "the connection ended in the middle of the %s",
               http_has_head(http) ? "page" : "head");
}

bool http_is_redirect(const struct http *http)
{
    int status = http->status;

    return http->location[0] &&
           (status == 301 || status == 302 || status == 303 || status == 307 ||
            status == 308);
}
