/*
 * hello.h - what the "http" servers in C say: requests in, answers out
 *
 * They share it, so that what is compared is how they get and send bytes. It
 * looks at every byte of a request as a server must: the method, the target,
 * the version, each header's name, and the values of those that matter. An
 * answer has the Date that RFC 9110 asks for.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { HELLO_MOST = 8192, HELLO_ANSWER = 256 };

struct hello_request {
    bool known;      /* GET / */
    bool keep_alive;
    bool host;
    bool body;       /* one follows, which this server does not want */
};

static inline bool hello_is(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && !strncasecmp(text, word, size);
}

static inline bool hello_header(struct hello_request *request,
                                const char *line, const char *end)
{
    const char *colon = memchr(line, ':', (size_t)(end - line));
    const char *value;
    size_t name, size;

    if (!colon || colon == line || colon[-1] == ' ')
        return false;
    for (value = colon + 1; value < end && *value == ' '; value++)
        continue;
    name = (size_t)(colon - line);
    size = (size_t)(end - value);
    if (hello_is(line, name, "Host"))
        request->host = true;
    else if (hello_is(line, name, "Connection"))
        request->keep_alive = !hello_is(value, size, "close");
    else if (hello_is(line, name, "Content-Length"))
        request->body = !hello_is(value, size, "0");
    else if (hello_is(line, name, "Transfer-Encoding"))
        request->body = true;
    return true;
}

/* Reads a head, empty line included. False: it is malformed. */
static inline bool hello_parse(struct hello_request *request,
                               const char *head, size_t size)
{
    const char *last = head + size - 2, *end;

    *request = (struct hello_request){.keep_alive = true};
    end = memmem(head, size, "\r\n", 2);
    if (end - head < 14 || memcmp(end - 9, " HTTP/1.", 8) != 0)
        return false;
    request->known = !memcmp(head, "GET / ", 6);
    for (head = end + 2; head < last; head = end + 2) {
        end = memmem(head, (size_t)(last + 2 - head), "\r\n", 2);
        if (!hello_header(request, head, end))
            return false;
    }
    return request->host && !request->body;
}

/* One thread, so one copy for a second. */
static inline const char *hello_date(void)
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

/* Writes at most HELLO_ANSWER bytes; returns how many. */
static inline size_t hello_answer(char *place,
                                  const struct hello_request *request)
{
    const char *body = request->known ? "Hello, world!\n" : "Not here\n";

    return (size_t)snprintf(place, HELLO_ANSWER,
                            "HTTP/1.1 %s\r\nDate: %s\r\n%s"
                            "Content-Type: text/plain\r\n"
                            "Content-Length: %zu\r\n\r\n%s",
                            request->known ? "200 OK" : "404 Not Found",
                            hello_date(),
                            request->keep_alive ? "" : "Connection: close\r\n",
                            strlen(body), body);
}

/*
 * For servers with callbacks: answers all whole requests of `input`, of which
 * it reports how many bytes they were. -1: malformed, or too much; else the
 * bytes written to `output`. `last` says that the connection is to be closed.
 */
static inline long hello_converse(const char *input, size_t size,
                                  char *output, size_t room, size_t *ret_used,
                                  bool *ret_last)
{
    size_t used = 0, made = 0;

    *ret_last = false;
    while (used < size && !*ret_last && room - made >= HELLO_ANSWER) {
        const char *end = memmem(input + used, size - used, "\r\n\r\n", 4);
        struct hello_request request;
        size_t head;

        if (!end)
            break;
        head = (size_t)(end + 4 - (input + used));
        if (!hello_parse(&request, input + used, head))
            return -1;
        made += hello_answer(output + made, &request);
        used += head;
        *ret_last = !request.keep_alive;
    }
    *ret_used = used;
    return size - used >= HELLO_MOST ? -1 : (long)made;
}
