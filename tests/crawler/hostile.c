/*
 * hostile: an HTTP server with every kind of page that crawlers fear
 *
 * Listens on a free port of 127.0.0.1, says so, and prints each request. What
 * a page does is in the tables below; a second port resets its connections. No
 * page waits for time to pass: slow ones wait for another request, or for ever.
 * SIGTERM ends it.
 */
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cede.h>

/* What the connections share: there is one loop. */
static cede_event *released; /* by /release */
static cede_future *stopped;
static long unanswered, most_unanswered; /* of /meet */
static cede_condition *arrival;

static void say(cede_stream *peer, const char *text)
{
    cede_stream_write(peer, text, strlen(text));
}

/* Until the client has had enough. */
static void wait_for_client(cede_stream *peer)
{
    size_t size;

    while (cede_stream_next(peer, &size))
        ;
}

/* For ever; ends by the exception of a client that has gone. */
static void repeat(cede_stream *peer, const char *text)
{
    char many[4096] = "";

    while (strlen(many) + strlen(text) < sizeof many)
        strcat(many, text);
    for (;;)
        say(peer, many);
}

#define HEAD "HTTP/1.1 200 OK\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define HTML "Content-Type: text/html; charset=utf-8\r\n\r\n"

/* --- pages that are one text --- */

static const struct text_page {
    const char *path, *answer;
} text_pages[] = {
    /* good ones */
    {"/ok", HEAD "Content-Length: 3\r\n\r\nok\n"},
    {"/ok?q=1", HEAD "Content-Length: 4\r\n\r\nq=1\n"},
    {"/empty", HEAD "Content-Length: 0\r\n\r\n"},
    {"/nothing", "HTTP/1.1 204 No Content\r\n\r\n"},
    {"/to-end", HEAD "\r\nup to the end\n"},
    {"/to-end-old", "HTTP/1.0 200 OK\r\n\r\nold\n"},
    {"/chunked", HEAD CHUNKED "\r\n5\r\nhello\r\n"
                              "A;x=\"y\"\r\n0123456789\r\n0\r\nX: y\r\n\r\n"},
    {"/continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
                  "Link: </x>\r\n\r\n" HEAD "Content-Length: 2\r\n\r\nok"},
    {"/bare-newlines", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"},
    {"/more-than-said", HEAD "Content-Length: 2\r\n\r\nok, and more"},
    /* failures that are told */
    {"/404", "HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nnone\n"},
    {"/500", "HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\noops\n"},
    /* nonsense */
    {"/silence", ""},
    {"/garbage", "\x01\xff\xfe no HTTP at all \x1b[2J\r\n\r\n"},
    {"/version", "HTTP/3.0 200 OK\r\n\r\n"},
    {"/no-status", "HTTP/1.1 OK\r\n\r\n"},
    {"/bad-header", HEAD "no colon\r\n\r\n"},
    {"/folded", HEAD "A: b\r\n c\r\n\r\n"},
    {"/control", HEAD "A: b\rc\r\n\r\n"},
    {"/bad-length", HEAD "Content-Length: -1\r\n\r\n"},
    {"/overflow", HEAD "Content-Length: 99999999999999999999\r\n\r\n"},
    {"/two-lengths", HEAD "Content-Length: 1\r\nContent-Length: 2\r\n\r\nok"},
    {"/smuggled", HEAD CHUNKED "Content-Length: 1\r\n\r\n0\r\n\r\n"},
    {"/gzip", HEAD "Transfer-Encoding: gzip\r\n\r\n"},
    {"/bad-chunk", HEAD CHUNKED "\r\nxyz\r\n"},
    {"/long-chunk", HEAD CHUNKED "\r\n2\r\nhello\r\n0\r\n\r\n"},
    {"/huge-chunk", HEAD CHUNKED "\r\nFFFFFFFFFFFFFFFFF\r\n"},
    {"/switching", "HTTP/1.1 101 Switching Protocols\r\n\r\n"},
    {"/short-head", "HTTP/1.1 200 OK\r\nContent-Le"},
    {"/short", HEAD "Content-Length: 100\r\n\r\nshort"},
    {"/short-chunks", HEAD CHUNKED "\r\n5\r\nhello\r\n"},
    /* elsewhere */
    {"/moved", "HTTP/1.1 301 Moved\r\nLocation: ok\r\n\r\n"},
    {"/moved-twice", "HTTP/1.1 302 Found\r\nLocation: /moved#here\r\n\r\n"},
    {"/moved-nowhere", "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n"},
    {"/moved-in-circles",
     "HTTP/1.1 307 Again\r\nLocation: /moved-in-circles\r\n\r\n"},
    {"/moved-to-tls",
     "HTTP/1.1 301 Moved\r\nLocation: https://x.invalid/\r\n\r\n"},
    {"/moved-to-nonsense",
     "HTTP/1.1 301 Moved\r\nLocation: http://a b/\r\n\r\n"},
    /* a site: 7 pages, of which one is 3 links away, and one is not there */
    {"/site/",
     HEAD HTML "<!DOCTYPE html><title>x</title><!-- <a href='no1'> -->"
               "<script>'<a href=\"no2\">'</script>"
               "<A class=x HREF=\"one?a=1&amp;b=2\">1</A> <a href=two>2</a>"
               "<a href='./two#part'>2</a><a href='../site/'>0</a>"
               "<a href='http://other.invalid/'>x</a><a href='mailto:x'>x</a>"
               "<a href='//%h/site/three'>3</a><a name=href>no3</a>"},
    {"/site/one?a=1&b=2", HEAD HTML "<a href='/site/four'>"},
    {"/site/two", HEAD HTML "<a href='/site/four'><a href='missing'>"},
    {"/site/three", "HTTP/1.1 302 Found\r\nLocation: /site/three/\r\n\r\n"},
    {"/site/three/", HEAD HTML "<a href='../four'>"},
    {"/site/four", HEAD HTML "<a href='five'>"},
    {"/site/five", HEAD HTML "<a href='/site/'>"},
    {"/site/missing", "HTTP/1.1 404 Not Found\r\n" HTML "<a href='no4'>"},
    {"/site/plain", HEAD "\r\n<a href='no5'>"},
};

/* Sends it; "%h" is the server's own host and port. */
static void send_text(cede_stream *peer, const char *answer)
{
    const char *self = strstr(answer, "%h");

    if (!self) {
        say(peer, answer);
        return;
    }
    cede_stream_write(peer, answer, (size_t)(self - answer));
    say(peer, cede_stream_sockname(peer));
    say(peer, self + 2);
}

/* --- pages that do something --- */

static void hang(cede_stream *peer)
{
    wait_for_client(peer);
}

static void hang_in_head(cede_stream *peer)
{
    say(peer, HEAD "Content-Le");
    wait_for_client(peer);
}

static void hang_in_body(cede_stream *peer)
{
    say(peer, HEAD "Content-Length: 100\r\n\r\nbeginning");
    wait_for_client(peer);
}

/* Both send the head and perhaps nothing else: who asks must see it coming. */
static void huge(cede_stream *peer)
{
    say(peer, HEAD "Content-Length: 1000000000000\r\n\r\n");
    wait_for_client(peer);
}

static void moved_and_hangs(cede_stream *peer)
{
    say(peer, "HTTP/1.1 301 Moved\r\nLocation: /ok\r\n"
              "Content-Length: 1000000000000\r\n\r\n");
    wait_for_client(peer);
}

static void endless(cede_stream *peer)
{
    say(peer, HEAD "\r\n");
    repeat(peer, "and so on ");
}

static void endless_chunks(cede_stream *peer)
{
    say(peer, HEAD CHUNKED "\r\n");
    repeat(peer, "1\r\nx\r\n");
}

static void endless_line(cede_stream *peer)
{
    say(peer, HEAD "A: ");
    repeat(peer, "x");
}

static void endless_head(cede_stream *peer)
{
    say(peer, HEAD);
    repeat(peer, "A: b\r\n");
}

static void endless_continue(cede_stream *peer)
{
    repeat(peer, "HTTP/1.1 100 Continue\r\n\r\n");
}

static void endless_trailers(cede_stream *peer)
{
    say(peer, HEAD CHUNKED "\r\n0\r\n");
    repeat(peer, "A: b\r\n");
}

static void endless_links(cede_stream *peer)
{
    say(peer, HEAD HTML);
    repeat(peer, "<a href='/nowhere'>");
}

/* Every byte by itself. */
static void drop_by_drop(cede_stream *peer)
{
    const char *text = HEAD CHUNKED "\r\n5\r\nhello\r\n0\r\n\r\n";

    for (; *text; text++)
        cede_stream_write(peer, text, 1);
}

/* Is there when /release has been asked for. */
static void held(cede_stream *peer)
{
    cede_event_wait(released);
    say(peer, HEAD "Content-Length: 5\r\n\r\nheld\n");
}

static void release(cede_stream *peer)
{
    say(peer, HEAD "Content-Length: 0\r\n\r\n");
    cede_event_set(released);
}

/* Is there when three such pages are being asked for. */
static void meet(cede_stream *peer)
{
    static long met;
    long mine = met + 3 - met % 3;

    met++;
    unanswered++;
    if (unanswered > most_unanswered)
        most_unanswered = unanswered;
    cede_with (lock, cede_ref(arrival)) {
        cede_condition_notify_all(arrival);
        while (met < mine)
            cede_condition_wait(arrival);
    } cede_end
    unanswered--;
    say(peer, HEAD "\r\nmet\n");
}

/* As many bytes as there were /meet at a time. */
static void peak(cede_stream *peer)
{
    say(peer, HEAD "\r\n");
    for (long i = 0; i < most_unanswered; i++)
        say(peer, "x");
}

static const struct deed {
    const char *path;
    void (*function)(cede_stream *peer);
} deeds[] = {
    {"/hang", hang},
    {"/hang-in-head", hang_in_head},
    {"/hang-in-body", hang_in_body},
    {"/huge", huge},
    {"/moved-and-hangs", moved_and_hangs},
    {"/endless", endless},
    {"/endless-chunks", endless_chunks},
    {"/endless-line", endless_line},
    {"/endless-head", endless_head},
    {"/endless-continue", endless_continue},
    {"/endless-trailers", endless_trailers},
    {"/endless-links", endless_links},
    {"/drop-by-drop", drop_by_drop},
    {"/held", held},
    {"/release", release},
    {"/peak", peak},
};

/* --- requests --- */

/* The target of a request, and all its lines. */
static void read_request(cede_stream *peer, char target[2048])
{
    size_t size;
    const char *line = cede_stream_readline(peer, &size);

    if (!line || sscanf(line, "GET %2047s HTTP/1.1\r", target) != 1)
        strcpy(target, "(none)");
    printf("GET %s\n", target);
    fflush(stdout);
    while (size > 2)
        cede_stream_readline(peer, &size);
}

static void answer(cede_stream *peer, const char *target)
{
    for (size_t i = 0; i < sizeof text_pages / sizeof *text_pages; i++)
        if (!strcmp(text_pages[i].path, target)) {
            send_text(peer, text_pages[i].answer);
            return;
        }
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (!strcmp(deeds[i].path, target)) {
            deeds[i].function(peer);
            return;
        }
    if (!strncmp(target, "/meet/", 6))
        meet(peer);
    else
        say(peer, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

static void serve_client(cede_stream *peer, void *argument)
{
    char target[2048];

    (void)argument;
    cede_try {
        read_request(peer, target);
        answer(peer, target);
    } cede_except (cede_ConnectionError) {
        /* the client has gone: most do, here */
    } cede_end
}

/* --- a port that resets connections, which streams do not do --- */

static int resetting;

/* Waits for the request without letting others run: it is on its way. */
static void reset_client(void)
{
    const struct linger at_once = {.l_onoff = 1};
    int fd = accept(resetting, NULL, NULL);
    char byte;

    if (fd < 0 || recv(fd, &byte, 1, 0) != 1)
        abort();
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

static int listen_to_reset(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    resetting = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(resetting, (struct sockaddr *)&address, size) < 0 ||
        listen(resetting, 16) < 0 ||
        getsockname(resetting, (struct sockaddr *)&address, &size) < 0)
        abort();
    cede_loop_add_reader(cede_get_running_loop(), resetting, reset_client);
    return ntohs(address.sin_port);
}

/* --- the whole --- */

static void stop(void)
{
    if (!cede_future_done(stopped))
        cede_future_set_result(stopped, cede_none);
}

static void serve(void)
{
    released = cede_event_new();
    arrival = cede_condition_new();
    stopped = cede_loop_create_future(cede_get_running_loop());
    cede_loop_add_signal_handler(cede_get_running_loop(), SIGTERM, stop);
    cede_with (server, cede_start_server(serve_client, NULL, "127.0.0.1", 0)) {
        printf("resetting on 127.0.0.1:%d\n", listen_to_reset());
        printf("listening on 127.0.0.1:%d\n", cede_server_port(server));
        fflush(stdout);
        cede_await(cede_ref(stopped));
    } cede_end
    cede_loop_remove_reader(cede_get_running_loop(), resetting);
    close(resetting);
    cede_unref(released);
    cede_unref(arrival);
    cede_unref(stopped);
}

int main(void)
{
    cede_run(serve);
}
