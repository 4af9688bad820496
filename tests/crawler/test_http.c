/*
 * test_http.c - answers of HTTP/1.1, in one piece and in all others
 *
 * What an answer means must not depend on where its bytes are cut: every check
 * here is made with the input whole, byte by byte, and cut at each place.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#include "http.h"

/* Thousands of cuts take their time, and raise the same error each. */
#define CUTS .timeout = 60, .torture = false

/* What became of an answer: "200 body", "200 body -> location", "error: …". */
struct result {
    char text[1 << 17];
    size_t size;
};

static void add(struct result *result, struct text text)
{
    if (result->size + text.size >= sizeof result->text)
        text.size = sizeof result->text - 1 - result->size;
    memcpy(result->text + result->size, text.start, text.size);
    result->size += text.size;
    result->text[result->size] = '\0';
}

/* One piece. What is left of it belongs to nobody, so the answer is done. */
static void feed(struct http *http, struct result *body, struct text piece)
{
    struct text part;

    while (http_next(http, &piece, &part)) {
        CHECK(part.size > 0);
        add(body, part);
    }
    CHECK(!piece.size || http_is_done(http));
}

/* Places where input is cut; the end is one. */
struct cuts {
    size_t at[3];
    size_t step; /* 0, or cut all so many bytes */
};

static size_t next_cut(const struct cuts *cuts, size_t from, size_t size)
{
    size_t next = size;

    if (cuts->step && from + cuts->step < size)
        next = from + cuts->step;
    for (size_t i = 0; i < 3; i++)
        if (cuts->at[i] > from && cuts->at[i] < next)
            next = cuts->at[i];
    return next;
}

/* Parses the input in pieces, each of them in memory that ends with it. */
static void parse_pieces(struct http *http, struct result *body,
                         struct text input, const struct cuts *cuts)
{
    char piece[1 << 10];

    for (size_t from = 0, to; from < input.size; from = to) {
        to = next_cut(cuts, from, input.size);
        if (to - from > sizeof piece)
            to = from + sizeof piece;
        memcpy(piece + sizeof piece - (to - from), input.start + from,
               to - from);
        feed(http, body,
             (struct text){piece + sizeof piece - (to - from), to - from});
    }
    if (!http_is_done(http))
        http_end(http);
}

static void parse(struct result *result, struct text input,
                  const struct cuts *cuts)
{
    static struct result body;
    static struct http http;

    result->size = body.size = 0;
    body.text[0] = '\0';
    cede_try {
        http_begin(&http);
        parse_pieces(&http, &body, input, cuts);
        result->size = (size_t)snprintf(
            result->text, sizeof result->text, "%d %s%s%s%s", http.status,
            body.text, http.is_html ? " html" : "",
            http_is_redirect(&http) ? " -> " : "",
            http_is_redirect(&http) ? http.location : "");
    } cede_except (HttpError, e) {
        snprintf(result->text, sizeof result->text, "error: %s",
                 cede_exception_message(e));
    } cede_end
}

/* Whole and byte by byte; true if both are the same, and what is expected
   unless that is NULL. */
static bool check_twice(struct text input, const char *expected)
{
    static struct result whole, drops;

    parse(&whole, input, &(const struct cuts){{0}, 0});
    parse(&drops, input, &(const struct cuts){{0}, 1});
    return CHECK_STR(drops.text, whole.text) &&
           (!expected || CHECK_STR(whole.text, expected));
}

/* Cut in two, and in three, at each place. */
static void check_cuts(const char *input, const char *expected)
{
    static struct result result;
    struct text text = text_of(input);

    for (size_t i = 0; i < text.size; i++)
        for (size_t j = i; j < text.size; j++) {
            parse(&result, text, &(const struct cuts){{i, j}, 0});
            if (!CHECK_STR(result.text, expected))
                return;
        }
}

static void check(const char *input, const char *expected)
{
    if (check_twice(text_of(input), expected))
        check_cuts(input, expected);
}

#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"

TEST(bodies, CUTS)
{
    check(OK "Content-Length: 5\r\n\r\nhello", "200 hello");
    check(OK "Content-Length: 5\r\n\r\nhello, world", "200 hello");
    check(OK "Content-Length: 0\r\n\r\n", "200 ");
    check(OK "Content-Length: 2, 2\r\ncontent-length:2 \r\n\r\nok", "200 ok");
    check(OK "\r\nto the end", "200 to the end");
    check(OK "\r\n", "200 ");
    check("HTTP/1.0 200 OK\r\n\r\nto the end\n", "200 to the end\n");
    check("HTTP/1.1 204 No Content\r\n\r\nnone", "204 ");
    check("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "304 ");
    check("HTTP/1.1 404\r\nContent-Length: 2\r\n\r\nno", "404 no");
    check("HTTP/1.1 404 \nContent-Length: 2\n\nno", "404 no");
}

TEST(chunks, CUTS)
{
    check(CHUNKED "5\r\nhello\r\n0\r\n\r\n", "200 hello");
    check(CHUNKED "5\r\nhello\r\n00a;x=y\r\n, world..!\r\n0\r\n\r\nmore",
          "200 hello, world..!");
    check(CHUNKED "A \r\n0123456789\r\n000\r\nTrailer: x\r\n\r\n",
          "200 0123456789");
    check(CHUNKED "2\r\n\r\n\r\n0\r\n\r\n", "200 \r\n");
    check(CHUNKED "\r\n", "error: a malformed chunk");
    check(CHUNKED "-1\r\n", "error: a malformed chunk");
    check(CHUNKED "0x1\r\n", "error: a malformed chunk");
    check(CHUNKED "1 1\r\n", "error: a malformed chunk");
    check(CHUNKED "8000000000000000\r\n", "error: a malformed chunk");
    check(CHUNKED "1\r\nhello\r\n", "error: a chunk longer than it says");
    check(CHUNKED "0\r\nno trailer\r\n\r\n", "error: a malformed header");
    check(CHUNKED "7FFFFFFFFFFFFFFF\r\nx",
          "error: the connection ended in the middle of the page");
    check(CHUNKED "5\r\nhello\r\n",
          "error: the connection ended in the middle of the page");
}

TEST(heads, CUTS)
{
    check(OK "Location: /x\r\n\r\n", "200 ");
    check("HTTP/1.1 301 Moved\r\nLocation:  /x \r\n\r\n", "301  -> /x");
    check("HTTP/1.1 308 Moved\r\nlocation:\t/x\r\n\r\n", "308  -> /x");
    check("HTTP/1.1 302 Found\r\nLocation:\r\n\r\n", "302 ");
    check("HTTP/1.1 300 Choose\r\nLocation: /x\r\n\r\n", "300 ");
    check(OK "Content-Type: Text/HTML; charset=x\r\n\r\n", "200  html");
    check(OK "Content-Type: text/htmlx\r\n\r\n", "200 ");
    check("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n"
          "Content-Length: 9\r\nLocation: /x\r\nContent-Type: text/html\r\n"
          "\r\n" OK "Content-Length: 2\r\n\r\nok",
          "200 ok");
}

TEST(what_is_no_http, CUTS)
{
    const char *no_http = "error: the answer is no HTTP";
    const char *version = "error: the answer is of another version of HTTP";
    const char *no_status = "error: the answer has no status";

    check("", "error: the connection ended before an answer");
    check("\r\n", no_http);
    check("SSH-2.0-x\r\n", no_http);
    check("HTTP\r\n", no_http);
    check("HTTP/2 200\r\n", version);
    check("HTTP/2.0 200 OK\r\n", version);
    check("HTTP/1.10 200 OK\r\n", version);
    check("HTTP/1.1\r\n", no_status);
    check("HTTP/1.1  200 OK\r\n", no_status);
    check("HTTP/1.1 20 OK\r\n", no_status);
    check("HTTP/1.1 2000 OK\r\n", no_status);
    check("HTTP/1.1 099 OK\r\n", no_status);
    check("HTTP/1.1 +20 OK\r\n", no_status);
    check("HTTP/1.1 200 OK",
          "error: the connection ended in the middle of the head");
    check("HTTP/1.1 101 Switch\r\n\r\n",
          "error: another protocol, which nobody asked for");
}

TEST(headers_that_lie, CUTS)
{
    const char *malformed = "error: a malformed header";
    const char *control = "error: a control character in a header";
    const char *number = "error: Content-Length is no number";
    const char *chunks = "error: chunks where there may be none";
    const char *encoding = "error: an unknown Transfer-Encoding";

    check(OK "nothing\r\n\r\n", malformed);
    check(OK ": x\r\n\r\n", malformed);
    check(OK "A : x\r\n\r\n", malformed);
    check(OK "A: x\r\n y\r\n\r\n", malformed);
    check(OK "\x80: x\r\n\r\n", malformed);
    check(OK "A: x\ry\r\n\r\n", control);
    check(OK "\r\r\n\r\n", control);
    check(OK "Content-Length:\r\n\r\n", number);
    check(OK "Content-Length: 1x\r\n\r\n", number);
    check(OK "Content-Length: 0x1\r\n\r\n", number);
    check(OK "Content-Length: +1\r\n\r\n", number);
    check(OK "Content-Length: 1, x\r\n\r\n", number);
    check(OK "Content-Length: 9223372036854775808\r\n\r\n", number);
    check(OK "Content-Length: 9223372036854775807\r\n\r\n",
          "error: the connection ended in the middle of the page");
    check(OK "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
          "error: two different Content-Lengths");
    check(OK "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", chunks);
    check("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks);
    check(OK "Transfer-Encoding: gzip, chunked\r\n\r\n", encoding);
    check(OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
             "\r\n",
          encoding);
}

/* Every NUL is found, though it would end a string. */
TEST(nul)
{
    static const char head[] = OK "A: x\0y\r\n\r\n";
    static const char body[] = OK "Content-Length: 3\r\n\r\nx\0y";

    check_twice((struct text){head, sizeof head - 1},
                "error: a control character in a header");
    check_twice((struct text){body, sizeof body - 1}, "200 x");
}

/* An answer whose head has one line, with a value of so many bytes. */
static struct text long_line(size_t size)
{
    static char text[1 << 17];
    size_t at = (size_t)sprintf(text, OK "A: ");

    memset(text + at, 'x', size);
    at += size;
    at += (size_t)sprintf(text + at, "\r\nContent-Length: 0\r\n\r\n");
    return (struct text){text, at};
}

/* The same with so many lines of 8 bytes. */
static struct text long_head(size_t lines)
{
    static char text[1 << 17];
    size_t at = (size_t)sprintf(text, OK);

    for (; lines; lines--)
        at += (size_t)sprintf(text + at, "A: xyz\r\n");
    at += (size_t)sprintf(text + at, "\r\n");
    return (struct text){text, at};
}

TEST(limits)
{
    size_t line = HTTP_LINE_LIMIT - strlen("A: \r");
    size_t lines = (HTTP_HEAD_LIMIT - strlen(OK) - strlen("\r")) / 8;

    check_twice(long_line(line), "200 ");
    check_twice(long_line(line + 1), "error: a line of more than 8192 bytes");
    check_twice(long_head(lines), "200 ");
    check_twice(long_head(lines + 1),
                "error: headers of more than 65536 bytes");
}

/* A Location that is too long is cut where url_join refuses it. */
TEST(long_location)
{
    static char text[1 << 13];
    static struct http http;
    struct text input, body;

    sprintf(text, "HTTP/1.1 301 Moved\r\nLocation: /%04000d\r\n\r\n", 0);
    input = text_of(text);
    http_begin(&http);
    CHECK(!http_next(&http, &input, &body));
    CHECK(http_is_redirect(&http));
    CHECK_INT(strlen(http.location), URL_LIMIT + 1);
}

/* Each byte of an answer replaced by each of some others: whatever that means,
   it means the same in one piece and in many, and nothing worse than an
   HttpError comes of it. */
TEST(damaged, CUTS)
{
    static const char *const answers[] = {
        OK "Content-Length: 5\r\nContent-Type: text/html\r\n\r\nhello",
        CHUNKED "5\r\nhello\r\na;x\r\n0123456789\r\n0\r\nT: x\r\n\r\n",
        "HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 302 Go\r\nLocation: /x\r\n\r\n",
    };
    static const char others[] = "\0\t\n\r ,0:;Fx\x7f\x80\xff";

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        for (size_t at = 0; at < strlen(answers[i]); at++)
            for (size_t j = 0; j < sizeof others; j++) {
                char damaged[256];

                strcpy(damaged, answers[i]);
                damaged[at] = others[j];
                if (!check_twice((struct text){damaged, strlen(answers[i])},
                                 NULL))
                    return;
            }
}
