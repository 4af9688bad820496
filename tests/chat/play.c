/*
 * play PORT [PID]: plays users of a server of lines, as a script on standard
 * input says. A line of it is one of
 *
 *     NAME> TEXT            NAME sends a line
 *     NAME< TEXT            the next line that NAME gets is this one
 *     NAME<< TEXT           NAME gets lines, at last this one
 *     NAME<~ TEXT           the next line that NAME gets begins so
 *     NAME! VERB …          something else, see `verbs`
 *     ! SIGNAL              sends INT or TERM to the process PID
 *     ! ended               waits for the end of that process
 *     # …                   nothing
 *
 * Who is named for the first time connects. One thing after the other is done,
 * and what waits waits for the server, so that a script goes the same way
 * every time. Ends with status 1 at the first thing that is otherwise. Plain
 * sockets: nothing here is cede's.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_PLAYERS = 1000,
    LINE = 1 << 16,
    FLOOD = 16, /* lines of a flood that are on their way together */
};

struct player {
    char name[32];
    int fd;          /* -1: it has closed */
    size_t size;     /* of what has come and was not looked at */
    char came[LINE]; /* no line is longer */
};

static struct player *players[MAX_PLAYERS];
static size_t player_count;
static int port;
static int server = -1; /* a descriptor of its process */
static unsigned long line_number;

__attribute__((format(printf, 1, 2))) static _Noreturn void
fail(const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "line %lu: ", line_number);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

/* --- players --- */

/* `window`: what the kernel holds for who does not read; 0: as usual. */
static int connect_to_server(int window)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (window)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        fail("connect: %s", strerror(errno));
    return fd;
}

static struct player *find_player(const char *name)
{
    for (size_t i = 0; i < player_count; i++)
        if (!strcmp(players[i]->name, name))
            return players[i];
    return NULL;
}

static struct player *new_player(const char *name, int window)
{
    struct player *player = calloc(1, sizeof *player);

    if (player_count == MAX_PLAYERS)
        fail("too many players");
    snprintf(player->name, sizeof player->name, "%s", name);
    player->fd = connect_to_server(window);
    players[player_count++] = player;
    return player;
}

static struct player *player_of(const char *name)
{
    struct player *player = find_player(name);

    return player ? player : new_player(name, 0);
}

/* --- saying --- */

static void send_bytes(const struct player *player, const char *bytes,
                       size_t size)
{
    while (size > 0) {
        ssize_t sent = send(player->fd, bytes, size, MSG_NOSIGNAL);

        if (sent < 0)
            fail("%s cannot send: %s", player->name, strerror(errno));
        bytes += sent;
        size -= (size_t)sent;
    }
}

static void send_line(const struct player *player, const char *text)
{
    char line[LINE];
    int size = snprintf(line, sizeof line, "%s\n", text);

    send_bytes(player, line, (size_t)size);
}

/* --- hearing --- */

/* Waits for more; false at the end of the stream. */
static bool receive(struct player *player)
{
    ssize_t count;

    if (player->size == sizeof player->came)
        fail("%s got a line that is too long", player->name);
    count = recv(player->fd, player->came + player->size,
                 sizeof player->came - player->size, 0);
    if (count < 0)
        fail("%s cannot receive: %s", player->name, strerror(errno));
    player->size += (size_t)count;
    return count > 0;
}

/* The next line, without its end; false at the end of the stream. */
static bool next_line(struct player *player, char *line)
{
    char *end;
    size_t size;

    while (!(end = memchr(player->came, '\n', player->size)))
        if (!receive(player))
            return false;
    size = (size_t)(end - player->came);
    memcpy(line, player->came, size);
    line[size] = '\0';
    player->size -= size + 1;
    memmove(player->came, end + 1, player->size);
    return true;
}

static void expect(struct player *player, const char *text, size_t size)
{
    char line[LINE];

    if (!next_line(player, line))
        fail("%s got the end instead of '%s'", player->name, text);
    if (strncmp(line, text, size) != 0)
        fail("%s got '%s' instead of '%s'", player->name, line, text);
}

static void await_line(struct player *player, const char *text)
{
    char line[LINE];

    do
        if (!next_line(player, line))
            fail("%s never got '%s'", player->name, text);
    while (strcmp(line, text) != 0);
}

/* --- verbs --- */

/* raw TEXT: sends just these bytes; \n, \r, \\, and \xHH for any other. */
static void raw(struct player *player, char *text)
{
    char bytes[LINE];
    size_t size = 0;

    while (*text) {
        unsigned byte;

        if (*text != '\\')
            bytes[size++] = *text++;
        else if (sscanf(text, "\\x%2x", &byte) == 1) {
            bytes[size++] = (char)byte;
            text += 4;
        } else {
            bytes[size++] = text[1] == 'n'   ? '\n'
                            : text[1] == 'r' ? '\r'
                                             : text[1];
            text += 2;
        }
    }
    send_bytes(player, bytes, size);
}

/* pours COUNT: sends that many letters and no end of line. */
static void pours(struct player *player, char *count)
{
    char bytes[4096];

    memset(bytes, 'x', sizeof bytes);
    for (long left = atol(count); left > 0; left -= (long)sizeof bytes)
        send_bytes(player, bytes,
                   left < (long)sizeof bytes ? (size_t)left : sizeof bytes);
}

/* repeats COUNT TEXT: sends a line so many times, and reads nothing. */
static void repeats(struct player *player, char *arguments)
{
    char *text;

    for (long left = strtol(arguments, &text, 10); left > 0; left--)
        send_line(player, text + 1);
}

/* stuffs TEXT: sends a line as often as the kernel takes it at once. */
static void stuffs(struct player *player, char *text)
{
    char line[LINE];
    size_t size = (size_t)snprintf(line, sizeof line, "%s\n", text);

    while (send(player->fd, line, size, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
        continue;
    if (errno != EAGAIN)
        fail("%s cannot send: %s", player->name, strerror(errno));
}

/*
 * floods OTHER until TEXT: sends long lines until OTHER gets the line TEXT.
 * No more than FLOOD of them are under way to OTHER, who reads all.
 */
static void floods(struct player *player, char *arguments)
{
    char name[32], long_line[1000], line[LINE];
    int text = 0;
    struct player *other;

    if (sscanf(arguments, "%31s until %n", name, &text) != 1 || !text)
        fail("floods whom until what?");
    other = player_of(name);
    memset(long_line, 'x', sizeof long_line - 1);
    long_line[sizeof long_line - 1] = '\0';
    for (;;) {
        for (int i = 0; i < FLOOD; i++)
            send_line(player, long_line);
        for (int seen = 0; seen<FLOOD; seen += strlen(line)> sizeof long_line) {
            if (!next_line(other, line))
                fail("%s got the end", other->name);
            if (!strcmp(line, arguments + text))
                return;
        }
    }
}

static void leaves(struct player *player, bool reset)
{
    struct linger linger = {reset, 0};

    setsockopt(player->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(player->fd);
    player->fd = -1;
}

/* closes: hangs up, whatever has come and was not read. */
static void closes(struct player *player, char *ignored)
{
    (void)ignored;
    leaves(player, false);
}

/* resets: the connection breaks. */
static void resets(struct player *player, char *ignored)
{
    (void)ignored;
    leaves(player, true);
}

/* ends: sends nothing more, and goes on hearing. */
static void ends(struct player *player, char *ignored)
{
    (void)ignored;
    shutdown(player->fd, SHUT_WR);
}

/* ended: the server has ended, and nothing came before that. */
static void ended(struct player *player, char *ignored)
{
    char line[LINE];

    (void)ignored;
    if (next_line(player, line))
        fail("%s got '%s' instead of the end", player->name, line);
    if (player->size)
        fail("%s got half a line", player->name);
}

static const struct verb {
    const char *name;
    void (*run)(struct player *player, char *arguments);
} verbs[] = {
    {"raw", raw},       {"pours", pours},   {"repeats", repeats},
    {"stuffs", stuffs}, {"floods", floods}, {"closes", closes},
    {"resets", resets}, {"ends", ends},     {"ended", ended},
};

static void do_verb(const char *name, char *line)
{
    char *verb = strtok(line, " "), *rest = strtok(NULL, "");

    /* connects WINDOW: with that little room for what it does not read. */
    if (verb && rest && !strcmp(verb, "connects")) {
        new_player(name, atoi(rest));
        return;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (verb && !strcmp(verb, verbs[i].name)) {
            verbs[i].run(player_of(name), rest ? rest : "");
            return;
        }
    }
    fail("what is '%s'?", verb ? verb : "");
}

static void send_signal(const char *name)
{
    int number = !strcmp(name, "INT") ? SIGINT : SIGTERM;

    if (pidfd_send_signal(server, number, NULL, 0) < 0)
        fail("no signal was sent");
}

/* It is no child of ours. */
static void await_server(void)
{
    struct pollfd end = {server, POLLIN, 0};

    if (server < 0 || poll(&end, 1, -1) != 1)
        fail("cannot wait for the server");
}

/* --- the script --- */

static void play(char *line)
{
    char name[32] = "";
    int length = 0;
    char *rest;

    if (!*line || *line == '#')
        return;
    sscanf(line, "%31[a-zA-Z0-9]%n", name, &length);
    rest = line + length;
    if (!strcmp(line, "! ended"))
        await_server();
    else if (!length && !strncmp(rest, "! ", 2))
        send_signal(rest + 2);
    else if (!strncmp(rest, "> ", 2))
        send_line(player_of(name), rest + 2);
    else if (!strncmp(rest, "< ", 2))
        expect(player_of(name), rest + 2, strlen(rest + 2) + 1);
    else if (!strncmp(rest, "<~ ", 3))
        expect(player_of(name), rest + 3, strlen(rest + 3));
    else if (!strncmp(rest, "<< ", 3))
        await_line(player_of(name), rest + 3);
    else if (!strncmp(rest, "! ", 2))
        do_verb(name, rest + 2);
    else
        fail("what is '%s'?", line);
}

int main(int argc, char **argv)
{
    static char line[LINE];

    if (argc < 2 || argc > 3)
        return 2;
    port = atoi(argv[1]);
    /* From the beginning: its number is free again when it has ended. */
    if (argc == 3)
        server = pidfd_open(atoi(argv[2]), 0);
    while (fgets(line, sizeof line, stdin)) {
        line_number++;
        line[strcspn(line, "\n")] = '\0';
        play(line);
    }
    for (size_t i = 0; i < player_count; i++) {
        if (players[i]->fd >= 0)
            close(players[i]->fd);
        free(players[i]);
    }
}
