/*
 * user.c - see user.h
 */
#include "user.h"

#include <math.h>

#include "command.h"
#include "input.h"
#include "room.h"

enum { BURST = 20 }; /* lines that may come at once before the rate counts */

/* --- being told things --- */

static void forget_outgoing(struct user *user)
{
    while (!cede_queue_empty(user->outgoing))
        cede_value_unref(cede_queue_get_nowait(user->outgoing));
}

void user_dismiss(struct user *user, const char *word, const char *why)
{
    if (user->why)
        return;
    user->why = why;
    cede_cancel_scope_cancel(user->listening);
    if (cede_queue_full(user->outgoing))
        forget_outgoing(user);
    cede_queue_put_nowait(user->outgoing, word);
}

void user_send(struct user *user, cede_value line)
{
    cede_defer (cede_value_clear, &line);

    if (user->why)
        return;
    if (cede_queue_full(user->outgoing))
        user_dismiss(user, "* you read too slowly: goodbye\n",
                     "reads too slowly");
    else
        cede_queue_put_nowait(user->outgoing, cede_value_ref(line));
}

/*
 * The second task. It ends when the queue has been shut down and is empty;
 * however it ends, nothing more is said in this connection.
 */
static void write_lines(struct user *user)
{
    cede_defer (cede_cancel_scope_cancel, user->listening);

    cede_try {
        for (;;) {
            cede_own (line, cede_queue_get(user->outgoing));
            cede_stream_write(user->stream, cede_value_str(line),
                              cede_value_str_size(line));
        }
    } cede_except (cede_QueueShutDown) {
        cede_stream_write_eof(user->stream);
    } cede_end
}

/* --- saying things --- */

/* Waits for a line as long as it may take; false when that is over. */
static bool hear(struct user *user, enum input *input, struct text *line)
{
    long patience = user->chat->options->idle_timeout;
    bool silent = false;

    cede_keep(silent);
    cede_move_on_after (idle, patience ? (double)patience : INFINITY) {
        *input = input_next(user->stream, line);
    } cede_finally {
        silent = cede_cancel_scope_cancelled_caught(idle);
    } cede_end
    return !silent;
}

/*
 * Each line uses up its share of a second. Who has used BURST shares in advance
 * waits, and what it goes on to send stays in its own connection: TCP makes it
 * wait too. In any case the others get a turn, so that one who is told things
 * can write them before there are more.
 */
static void keep_pace(struct user *user)
{
    long rate = user->chat->options->lines_per_second;
    double now = cede_loop_time(cede_get_running_loop()), ahead = 0;

    if (rate) {
        user->paid = fmax(user->paid, now) + 1.0 / (double)rate;
        ahead = user->paid - now - (BURST - 1) / (double)rate;
    }
    cede_sleep(fmax(ahead, 0));
}

static void listen(struct user *user)
{
    enum input input;
    struct text line;

    while (!user->why) {
        if (!hear(user, &input, &line))
            user_dismiss(user, "* you said nothing for too long: goodbye\n",
                         "says nothing");
        else if (input == INPUT_LINE)
            command_obey(user, line);
        else if (input == INPUT_TOO_LONG)
            user_tell(user, "* that line is too long; nobody got it\n");
        else if (input == INPUT_ENDLESS)
            user_dismiss(user, "* that line has no end: goodbye\n",
                         "sends a line without an end");
        else
            user_dismiss(user, "* goodbye\n", "has hung up");
        keep_pace(user);
    }
}

/* --- coming and going --- */

static void go(struct user *user)
{
    chat_leave(user->chat, user);
    room_leave(user, user->why ? user->why : "connection lost");
}

/*
 * The user's time in the chat. Whoever dismisses it cancels the scope, which
 * ends whatever this task waits for in here, and nothing else: the writer goes
 * on.
 */
static void take_part(struct user *user)
{
    cede_with (listening, cede_ref(user->listening)) {
        chat_enter(user->chat, user);
        cede_defer (go, user);

        user_tell(user,
                  "* hello, %s: you are in #%s; /help says what you "
                  "can do\n",
                  user->name, LOBBY);
        room_enter(user, text_of(LOBBY));
        listen(user);
    } cede_end
}

/*
 * What is still to be told is written, with a bound in time for it; then the
 * connection is to be closed from both sides. To close it with something
 * unread would reset it, and the last word could be lost on its way: so what
 * comes is dropped until the other side has closed, or the time is over.
 */
static void see_off(struct user *user, cede_cancel_scope *scope)
{
    double now = cede_loop_time(cede_get_running_loop());
    size_t size;

    cede_queue_shutdown(user->outgoing, false);
    cede_cancel_scope_set_deadline(scope,
                                   now + (double)user->chat->options->farewell);
    while (cede_stream_next(user->stream, &size))
        continue;
}

void user_attend(cede_stream *stream, void *chat)
{
    struct user user = {.chat = chat, .stream = stream};

    cede_own (outgoing, cede_queue_new(user.chat->options->backlog_lines));
    cede_own (listening, cede_cancel_scope_new());
    user.outgoing = outgoing;
    user.listening = listening;

    cede_nursery (tasks) {
        cede_nursery_start_soon(tasks, write_lines, &user);
        take_part(&user);
        see_off(&user, cede_nursery_cancel_scope(tasks));
    } cede_except_group (cede_OSError) {
        /* The connection broke: nobody is left to tell. */
    } cede_end
}
