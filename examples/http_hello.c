/*
 * http_hello PORT: an HTTP/1.1 server that says hello at "/". Keep-alive,
 * pipelining, HEAD, HTTP/1.0; request bodies are read and dropped, whether
 * Content-Length or chunks frame them. What is malformed is refused as RFC
 * 9110 and RFC 9112 say, and nothing a client sends makes it hold more than
 * one line. SIGINT and SIGTERM end it.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <cede.h>

#include "arguments.h"
#include "limits.h"

enum {
    LINE_LIMIT = 8 << 10,  /* bytes of a line of the head */
    HEAD_LIMIT = 16 << 10, /* bytes of all header lines */
    BODY_LIMIT = 1 << 20,  /* bytes of a body that is read to be dropped */
    PATIENCE = 60,         /* seconds for a client to send a request */
    LINGER = 2,            /* seconds for a client to read a refusal */
};

/* Its message is the status line's: "400 Bad Request". */
CEDE_EXCEPTION(Refusal, cede_Exception);

struct request {
    bool head; /* HEAD: no body in the answer */
    bool known_method, known_target;
    bool old; /* HTTP/1.0 */
    bool keep_alive, chunked, expects_continue;
    unsigned hosts;
    int64_t length; /* of the body; -1: none was named */
};

/* Bytes that the stream lends until it is read again. */
struct text {
    const char *start;
    size_t size;
};

static bool text_is(struct text text, const char *wanted)
{
    return text.size == strlen(wanted) &&
           !strncasecmp(text.start, wanted, text.size);
}

/* Cuts off what stands before the first `separator`, and the separator. */
static struct text cut(struct text *rest, char separator)
{
    struct text part = *rest;
    const char *end = memchr(rest->start, separator, rest->size);

    part.size = end ? (size_t)(end - rest->start) : rest->size;
    rest->start += part.size + (end != NULL);
    rest->size -= part.size + (end != NULL);
    return part;
}

static struct text trim(struct text text)
{
    while (text.size && strchr(" \t", text.start[0])) {
        text.start++;
        text.size--;
    }
    while (text.size && strchr(" \t", text.start[text.size - 1]))
        text.size--;
    return text;
}

/* RFC 9110, 5.6.2: what methods and names of headers are made of. */
static bool is_token(struct text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.start[i];

        if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') &&
            !(c >= 'a' && c <= 'z') && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return text.size > 0;
}

/* --- reading a request --- */

/* A line without its end; false when the client has gone. */
static bool read_line(cede_stream *peer, const char *too_long,
                      struct text *ret_line)
{
    struct text line = {NULL, 0};

    cede_keep(line);
    cede_try {
        line.start = cede_stream_readline(peer, &line.size);
    } cede_except (cede_ValueError, e) { /* longer than LINE_LIMIT */
        cede_raise(Refusal, "%s", too_long);
    } cede_end
    if (!line.size || line.start[line.size - 1] != '\n')
        return false;
    line.size--;
    if (line.size && line.start[line.size - 1] == '\r')
        line.size--;
    if (memchr(line.start, '\r', line.size) ||
        memchr(line.start, '\0', line.size))
        cede_raise(Refusal, "400 Bad Request");
    *ret_line = line;
    return true;
}

/* "GET /path HTTP/1.1" */
static void parse_request_line(struct request *request, struct text line)
{
    struct text method = cut(&line, ' '), target = cut(&line, ' ');
    struct text path = target;

    if (!is_token(method) || !target.size || line.size != 8 ||
        memcmp(line.start, "HTTP/", 5) != 0 || line.start[6] != '.')
        cede_raise(Refusal, "400 Bad Request");
    if (line.start[5] != '1')
        cede_raise(Refusal, "505 HTTP Version Not Supported");
    request->old = line.start[7] == '0';
    request->keep_alive = !request->old;
    request->head = method.size == 4 && !memcmp(method.start, "HEAD", 4);
    request->known_method =
        request->head || (method.size == 3 && !memcmp(method.start, "GET", 3));

    /* The absolute form, which proxies are sent: "GET http://host/path". */
    if (target.size > 7 && !strncasecmp(target.start, "http://", 7)) {
        const char *slash = memchr(target.start + 7, '/', target.size - 7);

        path.start = slash ? slash : "/";
        path.size = slash ? (size_t)(target.start + target.size - slash) : 1;
    }
    path = cut(&path, '?');
    request->known_target = text_is(path, "/");
}

static void parse_length(struct request *request, struct text value)
{
    int64_t length = 0;

    for (size_t i = 0; i < value.size; i++) {
        if (value.start[i] < '0' || value.start[i] > '9')
            cede_raise(Refusal, "400 Bad Request");
        length = length * 10 + (value.start[i] - '0');
        if (length > BODY_LIMIT)
            cede_raise(Refusal, "413 Content Too Large");
    }
    if (!value.size || (request->length >= 0 && request->length != length))
        cede_raise(Refusal, "400 Bad Request");
    request->length = length;
}

static void parse_connection(struct request *request, struct text options)
{
    while (options.size) {
        struct text option = trim(cut(&options, ','));

        if (text_is(option, "close"))
            request->keep_alive = false;
        else if (text_is(option, "keep-alive") && request->old)
            request->keep_alive = true;
    }
}

/* "Name: value" */
static void parse_header(struct request *request, struct text line)
{
    bool colon = memchr(line.start, ':', line.size) != NULL;
    struct text name = cut(&line, ':'), value = trim(line);

    /* A space before the colon, or a line that continues the one before, are
       ways to smuggle requests past proxies (RFC 9112, 5.1 and 5.2). */
    if (!colon || !is_token(name))
        cede_raise(Refusal, "400 Bad Request");
    if (text_is(name, "Host"))
        request->hosts++;
    else if (text_is(name, "Content-Length"))
        parse_length(request, value);
    else if (text_is(name, "Connection"))
        parse_connection(request, value);
    else if (text_is(name, "Expect"))
        request->expects_continue = text_is(value, "100-continue");
    else if (text_is(name, "Transfer-Encoding")) {
        if (!text_is(value, "chunked") || request->chunked)
            cede_raise(Refusal, "501 Not Implemented");
        request->chunked = true;
    }
}

/* Header lines up to the empty one; false when the client has gone. */
static bool read_headers(cede_stream *peer, struct request *request)
{
    const char *too_long = "431 Request Header Fields Too Large";
    struct text line;
    size_t total = 0;

    for (;;) {
        if (!read_line(peer, too_long, &line))
            return false;
        if (!line.size)
            return true;
        total += line.size;
        if (total > HEAD_LIMIT)
            cede_raise(Refusal, "%s", too_long);
        parse_header(request, line);
    }
}

/* False when the client has gone, which between requests is its right. */
static bool read_head(cede_stream *peer, struct request *request)
{
    struct text line;

    do { /* empty lines before a request are forgiven (RFC 9112, 2.2) */
        if (!read_line(peer, "414 URI Too Long", &line))
            return false;
    } while (!line.size);
    parse_request_line(request, line);
    if (!read_headers(peer, request))
        return false;
    if (request->hosts > 1 || (!request->hosts && !request->old) ||
        (request->chunked && (request->length >= 0 || request->old)))
        cede_raise(Refusal, "400 Bad Request");
    return true;
}

/* --- bodies --- */

static bool drop(cede_stream *peer, int64_t size)
{
    char buffer[4096];

    while (size > 0) {
        size_t most = size < (int64_t)sizeof buffer ? (size_t)size
                                                    : sizeof buffer;
        size_t count = cede_stream_read(peer, buffer, most);

        if (!count)
            return false;
        size -= (int64_t)count;
    }
    return true;
}

/* The size at the head of a chunk; what follows a semicolon is ignored. */
static int64_t parse_chunk_size(struct text line)
{
    struct text digits = trim(cut(&line, ';'));
    int64_t size = 0;

    if (!digits.size)
        cede_raise(Refusal, "400 Bad Request");
    for (size_t i = 0; i < digits.size; i++) {
        const char *alphabet = "0123456789abcdef";
        char c = digits.start[i];
        const char *digit;

        if (c >= 'A' && c <= 'F')
            c += 'a' - 'A';
        digit = strchr(alphabet, c);
        if (!digit)
            cede_raise(Refusal, "400 Bad Request");
        size = size * 16 + (digit - alphabet);
        if (size > BODY_LIMIT)
            cede_raise(Refusal, "413 Content Too Large");
    }
    return size;
}

static bool drop_chunks(cede_stream *peer)
{
    struct request trailers = {.length = -1};
    struct text line;
    int64_t size, total = 0;

    for (;;) {
        if (!read_line(peer, "400 Bad Request", &line))
            return false;
        size = parse_chunk_size(line);
        total += size;
        if (total > BODY_LIMIT)
            cede_raise(Refusal, "413 Content Too Large");
        if (!size)
            return read_headers(peer, &trailers);
        if (!drop(peer, size) || !read_line(peer, "400 Bad Request", &line))
            return false;
        if (line.size)
            cede_raise(Refusal, "400 Bad Request");
    }
}

static bool drop_body(cede_stream *peer, const struct request *request)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

    if (!request->chunked && request->length <= 0)
        return true;
    if (request->expects_continue && !request->old)
        cede_stream_write(peer, go_on, sizeof go_on - 1);
    return request->chunked ? drop_chunks(peer) : drop(peer, request->length);
}

/* --- answers --- */

/* The time as HTTP writes it; one thread, so one copy for a second. */
static const char *date(void)
{
    static char text[32];
    static time_t last;
    time_t seconds = time(NULL);
    struct tm parts;

    if (seconds != last) {
        gmtime_r(&seconds, &parts);
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        last = seconds;
    }
    return text;
}

static void answer(cede_stream *peer, const struct request *request,
                   const char *status, const char *body)
{
    char text[512];
    const char *connection = "";
    int size;

    if (!request->keep_alive)
        connection = "Connection: close\r\n";
    else if (request->old)
        connection = "Connection: keep-alive\r\n";
    size = snprintf(text, sizeof text,
                    "HTTP/1.1 %s\r\nDate: %s\r\n%s%s"
                    "Content-Type: text/plain\r\nContent-Length: %zu\r\n"
                    "\r\n%s",
                    status, date(), connection,
                    strncmp(status, "405", 3) ? "" : "Allow: GET, HEAD\r\n",
                    strlen(body), request->head ? "" : body);
    cede_stream_write(peer, text, (size_t)size);
}

/* The answer is "200 OK", or why not. */
static void answer_to(cede_stream *peer, const struct request *request)
{
    if (!request->known_method)
        answer(peer, request, "405 Method Not Allowed", "no such method\n");
    else if (!request->known_target)
        answer(peer, request, "404 Not Found", "nothing here\n");
    else
        answer(peer, request, "200 OK", "Hello, world!\n");
}

/*
 * Refuses a request whose end is not known, so nothing after it can be
 * understood. Closing with bytes unread would reset the connection, and the
 * client might never see the answer: so end our side, and read on for a while.
 */
static void refuse(cede_stream *peer, struct request *request,
                   const char *status)
{
    size_t size;

    request->keep_alive = false;
    cede_timeout (deadline, LINGER) {
        answer(peer, request, status, "not understood\n");
        cede_stream_write_eof(peer);
        while (cede_stream_next(peer, &size))
            ;
    } cede_except (cede_TimeoutError, e) {
        /* long enough */
    } cede_end
}

/* --- connections --- */

/* Does one request; false when it was the last. */
static bool converse(cede_stream *peer, struct request *request)
{
    *request = (struct request){.length = -1};
    cede_timeout (deadline, PATIENCE) {
        if (!read_head(peer, request) || !drop_body(peer, request))
            return false;
        answer_to(peer, request);
    } cede_except (Refusal, e) {
        refuse(peer, request, cede_exception_message(e));
    } cede_except (cede_TimeoutError, e) {
        return false;
    } cede_end
    return request->keep_alive;
}

static void serve_client(cede_stream *peer)
{
    struct request request;

    cede_try {
        while (converse(peer, &request))
            ;
    } cede_except (cede_ConnectionError, e) {
        /* The client went away in the middle: nobody is left to tell. */
    } cede_end
}

struct service {
    long port;            /* 0: any that is free */
    cede_future *stopped; /* done when a signal has come */
};

static void stop(struct service *service)
{
    if (!cede_future_done(service->stopped))
        cede_future_set_result(service->stopped, cede_none);
}

static void serve(struct service *service)
{
    const cede_server_options options = {.limit = LINE_LIMIT};
    cede_loop *loop = cede_get_running_loop();

    service->stopped = cede_loop_create_future(loop);
    cede_loop_add_signal_handler(loop, SIGINT, stop, service);
    cede_loop_add_signal_handler(loop, SIGTERM, stop, service);
    cede_with (server, cede_start_server_with_options(
                           serve_client, "127.0.0.1",
                           (int)service->port, &options)) {
        printf("listening on http://127.0.0.1:%d/\n",
               cede_server_port(server));
        fflush(stdout);
        cede_await(cede_ref(service->stopped));
    } cede_end
}

int main(int argc, char **argv)
{
    struct service service = {0};

    if (argc == 2 && !strcmp(argv[1], "--help")) {
        puts("usage: http_hello PORT    PORT 0: any that is free");
        return 0;
    }
    if (argc != 2 || !parse_number(argv[1], 0, 65535, &service.port)) {
        fputs("usage: http_hello PORT\n", stderr);
        return 2;
    }
    raise_open_file_limit();
    cede_run(serve, &service);
    cede_unref(service.stopped); /* the handlers are gone with the loop */
}
