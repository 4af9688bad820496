/*
 * Every wait of streams and servers, cancelled at every moment: before what it
 * waits for comes, when a part of it has come, after it was woken and before it
 * runs, twice, by a scope, by a timeout. No byte, no turn to write and no
 * connection may be lost, and a write that sent a part breaks its stream.
 *
 * Rules N02, N04, T19, W17, Z01, Z04, Z08.
 *
 * The streams here are a socket pair's, and connections end by a reset: a
 * thousand runs under torture leave no port in TIME_WAIT.
 */
#include "net/pair.h"
#include "task/moment.h"

enum { WHOLE = 5000, PART = 2000, MUCH = 256 * 1024, LITTLE = 1000 };

/* A connection, what was sent to it, and what its readers got. */
struct place {
    const struct primitive *primitive;
    struct pair pair;
    struct waiter waiter; /* the task that is cancelled */
    char sent[4 * WHOLE], got[4 * WHOLE];
    size_t sent_size, got_size;
    bool shut;         /* the other side has ended */
    size_t filling;    /* bytes that filled the kernel before the writes */
    cede_task *holder; /* has the turn to write; owned */
    int listening;
};

struct primitive {
    const char *name;
    void (*make)(struct place *place); /* so that the wait suspends */
    void (*wait)(struct place *place);
    void (*part)(struct place *place); /* a part of it comes; NULL: no such */
    void (*wake)(struct place *place, cede_task *task); /* it comes */
    void (*rest)(struct place *place); /* nothing has been lost */
    enum outcome woken; /* of one that was woken before its scope ended */
};

/* --- reading --- */

static void make_pair(struct place *place)
{
    static const cede__address nobody;
    int fds[2] = {-1, -1};
    cede_defer (raw_close, &fds[0]);

    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    place->pair.raw = fds[1];
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    place->pair.stream = cede__stream_new();
    cede__stream_open(place->pair.stream, fds[0], &nobody);
    fds[0] = -1;
}

/* Letters in order; the last of WHOLE is a newline. */
static void send_letters(struct place *place, size_t count)
{
    char *letters = place->sent + place->sent_size;

    for (size_t i = 0; i < count; i++) {
        size_t at = place->sent_size + i;

        letters[i] = at % WHOLE == WHOLE - 1 ? '\n' : (char)('a' + at % 26);
    }
    raw_send(place->pair.raw, letters, count);
    place->sent_size += count;
    if (place->pair.stream)
        until_arrived(place->pair.stream, 1);
}

static void keep_got(struct place *place, const void *bytes, size_t size)
{
    if (!CHECK(size <= sizeof place->got - place->got_size))
        return;
    memcpy(place->got + place->got_size, bytes, size);
    place->got_size += size;
}

static void read_some(struct place *place)
{
    char buffer[WHOLE];

    keep_got(place, buffer,
             cede_stream_read(place->pair.stream, buffer, sizeof buffer));
}

static void read_next(struct place *place)
{
    size_t size;
    const void *view = cede_stream_next(place->pair.stream, &size);

    keep_got(place, view, size);
}

static void read_line(struct place *place)
{
    size_t size;
    const char *line = cede_stream_readline(place->pair.stream, &size);

    CHECK_INT(size, WHOLE);
    keep_got(place, line, size);
}

static void read_until(struct place *place)
{
    size_t size;
    const char *view =
        cede_stream_readuntil(place->pair.stream, "\n", 1, &size);

    CHECK_INT(size, WHOLE);
    keep_got(place, view, size);
}

static void read_small(struct place *place)
{
    char buffer[PART + 1];

    cede_stream_readexactly(place->pair.stream, buffer, sizeof buffer);
    keep_got(place, buffer, sizeof buffer);
}

static void read_large(struct place *place)
{
    char buffer[WHOLE];

    cede_stream_readexactly(place->pair.stream, buffer, sizeof buffer);
    keep_got(place, buffer, sizeof buffer);
}

static void read_all(struct place *place)
{
    cede_value all = cede_stream_read_all(place->pair.stream);
    cede_defer (cede_value_clear, &all);

    keep_got(place, cede_value_str(all), cede_value_str_size(all));
}

/* It has been received, and the reader waits for more. */
static void send_part(struct place *place)
{
    send_letters(place, PART);
    while (arrived(place->pair.stream) > 0)
        spin();
}

static void send_rest(struct place *place)
{
    if (place->sent_size < WHOLE)
        send_letters(place, WHOLE - place->sent_size);
}

static void end_sending(struct place *place)
{
    if (!place->shut)
        shutdown(place->pair.raw, SHUT_WR);
    place->shut = true;
}

/* As if the poller had just told. */
static void wake_reader(struct place *place, cede_task *task)
{
    send_rest(place);
    cede_unpark(task);
}

static void wake_reader_of_all(struct place *place, cede_task *task)
{
    send_rest(place);
    end_sending(place);
    cede_unpark(task);
}

static cede_value waits_once(void *place)
{
    ((struct place *)place)->primitive->wait(place);
    return cede_none;
}

/* The next reader gets what the first one left, and what comes later. */
static void rest_is_read(struct place *place)
{
    TASK(next, cede_create_task(waits_once, place));

    spin();
    send_rest(place);
    if (!place->shut)
        send_letters(place, WHOLE);
    end_sending(place);
    AWAIT(next);
    read_all(place);
    CHECK_INT(place->got_size, place->sent_size);
    CHECK(memcmp(place->got, place->sent, place->sent_size) == 0);
}

/* --- writing --- */

static void write_letters(cede_stream *stream, char letter, size_t size)
{
    char *letters = malloc(size);
    cede_defer (free, letters);

    memset(letters, letter, size);
    cede_stream_write(stream, letters, size);
}

static void make_full(struct place *place)
{
    static const char zeros[4096];
    int size = 16 * 1024;
    ssize_t sent;

    make_pair(place);
    setsockopt(place->pair.stream->fd, SOL_SOCKET, SO_SNDBUF, &size,
               sizeof size);
    while ((sent = send(place->pair.stream->fd, zeros, sizeof zeros, 0)) > 0)
        place->filling += (size_t)sent;
}

static void write_much(struct place *place)
{
    write_letters(place->pair.stream, 'a', MUCH);
}

static void write_little(struct place *place)
{
    write_letters(place->pair.stream, 'a', LITTLE);
}

static void write_end(struct place *place)
{
    cede_stream_write_eof(place->pair.stream);
}

/* What the other side takes is kept as the number of bytes by letter. */
static size_t taken[256];
static unsigned char last_taken;

/* Takes what is there; false: the end. */
static bool take_some(struct place *place)
{
    static unsigned char buffer[65536];
    ssize_t got = recv(place->pair.raw, buffer, sizeof buffer, MSG_DONTWAIT);

    for (ssize_t i = 0; i < got; i++) {
        taken[buffer[i]]++;
        CHECK(buffer[i] >= last_taken); /* in order, and not broken into */
        last_taken = buffer[i];
    }
    if (got < 0)
        spin();
    return got != 0;
}

static void take_part(struct place *place)
{
    while (taken['a'] == 0)
        take_some(place);
}

static void wake_writer(struct place *place, cede_task *task)
{
    while (taken[0] < place->filling)
        take_some(place);
    cede_unpark(task);
}

static cede_value holds_turn(void *arg)
{
    struct place *place = arg;

    write_letters(place->pair.stream, 'A', MUCH);
    return cede_none;
}

static void make_busy(struct place *place)
{
    make_full(place);
    place->holder = cede_create_task(holds_turn, place);
    until_writing(place->pair.stream);
}

/* The turn has been passed on when its holder is done. */
static void wake_queued(struct place *place, cede_task *task)
{
    (void)task;
    while (!cede_task_done(place->holder))
        take_some(place);
}

static cede_value writes_behind(void *arg)
{
    struct place *place = arg;

    write_letters(place->pair.stream, 'b', LITTLE);
    cede_stream_write_eof(place->pair.stream);
    return cede_none;
}

/* Another write follows, or is told why not. */
static void check_written(struct place *place, size_t size)
{
    TASK(behind, cede_create_task(writes_behind, place));

    while (!cede_task_done(behind))
        take_some(place);
    if (taken['a'] > 0 && taken['a'] < size && !cede_task_exception(behind))
        CHECK(false); /* half a write, and then another */
    if (cede_task_exception(behind))
        cede_stream_close(place->pair.stream);
    while (take_some(place))
        continue;
    CHECK_INT(taken[0], place->filling);
    if (cede_task_exception(behind)) {
        CHECK(taken['a'] > 0 && place->waiter.outcome == CANCELLED);
        CHECK_RAISES(cede_RuntimeError, AWAIT(behind));
    } else {
        CHECK_INT(taken['a'], place->waiter.outcome == DONE ? size : 0);
        CHECK_INT(taken['b'], LITTLE);
    }
}

static void rest_of_much(struct place *place)
{
    check_written(place, MUCH);
}

static void rest_of_queued(struct place *place)
{
    check_written(place, LITTLE);
    CHECK_INT(taken['A'], MUCH);
}

/* Did it happen? Then nothing can be written any more. */
static void rest_of_end(struct place *place)
{
    if (place->waiter.outcome == CANCELLED) {
        rest_of_queued(place);
        return;
    }
    while (take_some(place))
        continue;
    CHECK_INT(taken['A'], MUCH);
    CHECK_RAISES(cede_RuntimeError,
                 cede_stream_write(place->pair.stream, "x", 1));
}

/* --- connecting, closing --- */

static void make_listening(struct place *place)
{
    place->listening = -1;
}

static void connects(struct place *place)
{
    int port;

    place->listening = raw_listen(&port);
    place->pair.stream = cede_open_connection("127.0.0.1", port);
}

static void wake_connecting(struct place *place, cede_task *task)
{
    (void)place;
    cede_unpark(task);
}

/* The other side has the connection, and its end if this one gave it up. */
static void rest_of_connecting(struct place *place)
{
    char byte;

    place->pair.raw = accept4(place->listening, NULL, NULL, SOCK_CLOEXEC);
    CHECK(place->pair.raw >= 0);
    if (place->waiter.outcome == DONE)
        cede_stream_write(place->pair.stream, "x", 1);
    else
        CHECK(place->pair.stream == NULL);
    CHECK_INT(recv(place->pair.raw, &byte, 1, 0),
              place->waiter.outcome == DONE);
}

static void wait_closed(struct place *place)
{
    cede_stream_wait_closed(place->pair.stream);
}

static void wake_closing(struct place *place, cede_task *task)
{
    (void)task;
    cede_stream_close(place->pair.stream);
}

static void rest_of_closing(struct place *place)
{
    TASK(next, cede_create_task(waits_once, place));

    spin();
    cede_stream_close(place->pair.stream);
    AWAIT(next);
}

/* --- all of them --- */

static const struct primitive primitives[] = {
    {"read", make_pair, read_some, NULL, wake_reader, rest_is_read, DONE},
    {"next", make_pair, read_next, NULL, wake_reader, rest_is_read, DONE},
    {"readline", make_pair, read_line, send_part, wake_reader, rest_is_read,
     DONE},
    {"readuntil", make_pair, read_until, send_part, wake_reader, rest_is_read,
     DONE},
    {"readexactly", make_pair, read_small, send_part, wake_reader,
     rest_is_read, DONE},
    /* These look again whether a scope is cancelled before each part. */
    {"readexactly, large", make_pair, read_large, send_part, wake_reader,
     rest_is_read, CANCELLED},
    {"read_all", make_pair, read_all, send_part, wake_reader_of_all,
     rest_is_read, CANCELLED},
    {"write", make_full, write_much, take_part, wake_writer, rest_of_much,
     CANCELLED},
    {"write, queued", make_busy, write_little, NULL, wake_queued,
     rest_of_queued, DONE},
    {"write_eof", make_busy, write_end, NULL, wake_queued, rest_of_end, DONE},
    {"open_connection", make_listening, connects, NULL, wake_connecting,
     rest_of_connecting, DONE},
    {"wait_closed", make_pair, wait_closed, NULL, wake_closing,
     rest_of_closing, DONE},
};

static void close_place(struct place *place)
{
    end_task(&place->holder);
    if (place->pair.raw >= 0)
        raw_reset(&place->pair.raw);
    pair_close(&place->pair);
    raw_close(&place->listening);
}

static cede_value waits(void *arg)
{
    struct place *place = arg;

    wait_in_scopes(&place->waiter, waits_once, place);
    return cede_none;
}

/* p: a part comes, w: all of it comes, and it is woken, .: all run */
static void happen(char event, struct place *place, cede_task *task)
{
    if (cancelled_by(event, &place->waiter, task))
        return;
    if (event == 'p')
        place->primitive->part(place);
    else if (event == 'w')
        place->primitive->wake(place, task);
    else
        for (int i = 0; i < 4; i++)
            spin();
}

static void play(const struct primitive *primitive, const char *events,
                 enum outcome expected)
{
    static struct place place;
    cede_exception *error;

    place = (struct place){
        .primitive = primitive, .pair = {NULL, -1}, .listening = -1};
    memset(taken, 0, sizeof taken);
    last_taken = 0;
    cede_defer (close_place, &place);
    primitive->make(&place);
    TASK(task, cede_create_task(waits, &place));
    spin();
    for (const char *event = events; *event; event++)
        happen(*event, &place, task);
    error = cede_catch(await_one, task, NULL);
    cede_defer (cede_unref, error);
    if (error && !cede_exception_is(error, cede_CancelledError))
        cede_raise(error);
    if (!CHECK_INT(place.waiter.outcome, expected))
        printf("%s: %s\n", primitive->name, events);
    primitive->rest(&place);
}

static cede_value play_all(void *arg)
{
    const struct moment *moment = arg;

    for (size_t i = 0; i < sizeof primitives / sizeof *primitives; i++)
        if (primitives[i].part || !strchr(moment->events, 'p'))
            play(&primitives[i], moment->events,
                 expected_at(moment, primitives[i].woken));
    return cede_none;
}

static void cancel_at(const char *events)
{
    struct moment moment = {events, false};

    cede_value_unref(cede_run(play_all, &moment));
}

TEST(N04_Z04_cancelled_before_anything_comes, .timeout = 60, .shuffle = false)
{
    cancel_at("c");
    cancel_at("c.w");
}

TEST(N04_cancelled_in_the_moment_it_comes, .timeout = 60, .shuffle = false)
{
    cancel_at("cw");
}

TEST(N04_T19_cancelled_after_it_was_woken, .timeout = 60, .shuffle = false)
{
    cancel_at("wc");
}

TEST(N04_cancelled_twice, .timeout = 60, .shuffle = false)
{
    cancel_at("cc");
    cancel_at("cwc");
    cancel_at("wcc");
}

TEST(N02_N04_cancelled_half_way, .timeout = 60, .shuffle = false)
{
    cancel_at("pc");
    cancel_at("pwc");
}

TEST(W17_T19_its_time_is_over, .timeout = 60, .shuffle = false)
{
    cancel_at("t");
    cancel_at("ptw");
}

TEST(Z01_Z04_its_scope_is_cancelled, .timeout = 60, .shuffle = false)
{
    cancel_at("s");
    cancel_at("s.w");
    cancel_at("sw");
    cancel_at("ps");
    cancel_at("wsc");
}

TEST(Z08_its_scope_is_cancelled_after_it_was_woken, .timeout = 60,
     .shuffle = false)
{
    struct moment moment = {"ws", true};

    cede_value_unref(cede_run(play_all, &moment));
}

/* --- servers --- */

static int greeted, served_to_the_end;

/* Greets, and then waits for the other side's end. */
static void greet(cede_stream *peer, void *arg)
{
    char byte;

    (void)arg;
    cede_stream_write(peer, "h", 1);
    greeted++;
    cede_try {
        cede_stream_read(peer, &byte, 1);
    } cede_except (cede_ConnectionError) {
    } cede_end
    served_to_the_end++;
}

enum { CLIENTS = 3 };

struct party {
    cede_server *server;
    int clients[CLIENTS];
};

static void close_clients(struct party *party)
{
    for (int i = 0; i < CLIENTS; i++)
        if (party->clients[i] >= 0)
            raw_reset(&party->clients[i]);
}

static void connect_clients(struct party *party)
{
    for (int i = 0; i < CLIENTS; i++) {
        party->clients[i] = raw_connect(cede_server_port(party->server));
        CHECK(party->clients[i] >= 0);
    }
}

/* What each of them hears: a greeting, or the end at once. */
static int count_greetings(const struct party *party)
{
    int count = 0;

    for (int i = 0; i < CLIENTS; i++) {
        char byte = 0;
        ssize_t got;

        while ((got = recv(party->clients[i], &byte, 1, MSG_DONTWAIT)) < 0)
            spin();
        count += got == 1 && byte == 'h';
    }
    return count;
}

#define PARTY(name) \
    struct party name = {.clients = {-1, -1, -1}}; \
    cede_defer (close_clients, &name)

/* The kernel has the connections; so many turns later those that the server has
   are cancelled. The others are served. */
static cede_value cancel_handlers(void *arg)
{
    int turns = *(int *)arg;

    greeted = served_to_the_end = 0;
    PARTY(party);
    cede_with (server, cede_start_server(greet, NULL, "127.0.0.1", 0)) {
        size_t had;
        int heard;

        party.server = server;
        connect_clients(&party);
        for (int i = 0; i < turns; i++)
            spin();
        had = cede_server_connections(server);
        cede_server_close_clients(server);
        heard = count_greetings(&party);
        CHECK_INT(heard, greeted);
        CHECK(greeted >= CLIENTS - (int)had);
        while (cede_server_connections(server) > CLIENTS - had)
            spin();
        close_clients(&party);
        while (cede_server_connections(server) > 0)
            spin();
        CHECK_INT(served_to_the_end, CLIENTS - (int)had);
    } cede_end
    return cede_none;
}

TEST(N02_connections_behind_those_that_are_cancelled, .timeout = 60)
{
    for (int turns = 0; turns < 70; turns += turns < 3 ? 1 : 32)
        cede_value_unref(cede_run(cancel_handlers, &turns));
}

static enum outcome ending;

static void wait_for_server(struct party *party)
{
    cede_server_wait_closed(party->server);
}

static void serve_forever(struct party *party)
{
    cede_server_serve_forever(party->server);
}

struct serving {
    struct party *party;
    void (*wait)(struct party *party);
    cede_cancel_scope *scope;
};

static cede_value serves(void *arg)
{
    struct serving *serving = arg;

    cede_cancel_scope (scope) {
        serving->scope = scope;
        cede_try {
            serving->wait(serving->party);
            ending = DONE;
        } cede_except (cede_CancelledError, e) {
            ending = CANCELLED;
            cede_reraise();
        } cede_end
    } cede_finally {
        serving->scope = NULL;
    } cede_end
    return cede_none;
}

/* Cancelled, it leaves the connections alone. */
static void cancel_serving(void (*wait)(struct party *party), char event)
{
    greeted = served_to_the_end = 0;
    PARTY(party);
    cede_with (server, cede_start_server(greet, NULL, "127.0.0.1", 0)) {
        struct serving serving = {&party, wait, NULL};
        cede_exception *error;

        party.server = server;
        connect_clients(&party);
        TASK(task, cede_create_task(serves, &serving));
        CHECK_INT(count_greetings(&party), CLIENTS);
        while (!serving.scope)
            spin();
        if (event == 'c')
            cede_task_cancel(task, NULL);
        else if (serving.scope)
            cede_cancel_scope_cancel(serving.scope);
        error = cede_catch(await_one, task, NULL);
        cede_unref(error);
        CHECK_INT(ending, CANCELLED);
        CHECK_INT(cede_server_is_serving(server), wait == wait_for_server);
        CHECK_INT(cede_server_connections(server), CLIENTS);
        close_clients(&party);
        while (cede_server_connections(server) > 0)
            spin();
        CHECK_INT(served_to_the_end, CLIENTS);
    } cede_end
}

static cede_value cancel_waits(void *arg)
{
    (void)arg;
    cancel_serving(wait_for_server, 'c');
    cancel_serving(wait_for_server, 's');
    cancel_serving(serve_forever, 'c');
    cancel_serving(serve_forever, 's');
    return cede_none;
}

TEST(N07_waits_for_a_server_are_cancelled)
{
    run(cancel_waits);
}

static int begun;

/* Those that have not begun would end at once. */
static void until_begun(void)
{
    while (begun < CLIENTS)
        spin();
}

/* Holds its connection until it is told to go. */
static cede_future *may_go;

static void stays(cede_stream *peer, void *arg)
{
    (void)peer;
    (void)arg;
    begun++;
    cede_try {
        cede_sleep(INFINITY);
    } cede_except (cede_CancelledError, e) {
        greeted++;
        cede_await(cede_ref(may_go));
        served_to_the_end++;
    } cede_end
}

static void leave_server(struct party *party)
{
    cede_with (server, cede_start_server(stays, NULL, "127.0.0.1", 0)) {
        party->server = server;
        connect_clients(party);
        until_begun();
    } cede_end
}

/* The end of a server's block, which waits for its connections in any case. */
static void cancel_leaving(const char *events)
{
    begun = greeted = served_to_the_end = 0;
    may_go = cede_loop_create_future(NULL);
    cede_defer (cede_unref, may_go);
    PARTY(party);
    struct serving serving = {&party, leave_server, NULL};
    TASK(task, cede_create_task(serves, &serving));
    cede_exception *error;

    while (greeted < CLIENTS)
        spin();
    for (; *events; events++) {
        if (*events == 'c')
            cede_task_cancel(task, NULL);
        else if (serving.scope)
            cede_cancel_scope_cancel(serving.scope);
        for (int i = 0; i < 4; i++)
            spin();
        CHECK(!cede_task_done(task));
    }
    cede_future_set_result(may_go, cede_none);
    error = cede_catch(await_one, task, NULL);
    cede_unref(error);
    CHECK_INT(ending, CANCELLED);
    CHECK_INT(served_to_the_end, CLIENTS);
}

static cede_value cancel_leaves(void *arg)
{
    (void)arg;
    cancel_leaving("c");
    cancel_leaving("cc");
    cancel_leaving("s");
    cancel_leaving("sc");
    cancel_leaving("cs");
    return cede_none;
}

TEST(Z01_N07_the_end_of_a_servers_block_is_cancelled)
{
    run(cancel_leaves);
}

static void goes_slowly(cede_stream *peer, void *arg)
{
    (void)peer;
    (void)arg;
    begun++;
    cede_try {
        cede_sleep(INFINITY);
    } cede_finally {
        cede_sleep(5);
    } cede_end
}

static cede_value cancelled_for_long(void *arg)
{
    double end;

    (void)arg;
    begun = 0;
    PARTY(party);
    cede_move_on_after (scope, 1) {
        cede_with (server,
                   cede_start_server(goes_slowly, NULL, "127.0.0.1", 0)) {
            party.server = server;
            connect_clients(&party);
            until_begun();
            cede_cancel_scope_cancel(scope);
        } cede_end
    } cede_end
    end = cede_loop_time(cede_get_running_loop());
    CHECK_FLOAT(end, 5);
    return cede_none;
}

/* Virtual time passes only while all are asleep. */
TEST(Z01_N07_in_a_cancelled_scope_it_waits_asleep)
{
    cede_value_unref(cede_run_simulated(cancelled_for_long, NULL));
}
