/*
 * user.h - one connection: what it says, and what it is told
 *
 * Two tasks: the connection's own reads and does what the lines say; a second
 * one writes. Between them and everybody else stands a queue of lines that is
 * bounded: who tells a user something never waits for it. A user that reads
 * too slowly fills its queue, and is dismissed.
 */
#pragma once

#include <cede.h>

#include "chat.h"

struct user {
    struct chat *chat;    /* borrowed */
    cede_stream *stream;  /* borrowed from the server */
    cede_queue *outgoing; /* lines that wait to be written; borrowed */
    cede_cancel_scope
        *listening;    /* cancelled when it is dismissed; borrowed */
    struct room *room; /* owned; NULL: in none */
    TAILQ_ENTRY(user) in_chat;
    TAILQ_ENTRY(user) in_room;
    const char *why; /* it goes; NULL: it stays */
    double paid;     /* until when what it said has used its share of lines */
    char name[NAME_SIZE];
};

/*
 * Serves one user from connect to disconnect: a cede_client_connected, whose
 * argument is the chat. The user is on its stack: in the chat and in a room
 * while it runs, and not any more when it has returned or raised. Raises
 * CancelledError, MemoryError; a connection that breaks is no error.
 */
void user_attend(cede_stream *stream, void *chat);

/*
 * Tells a user a line, whose reference it takes; one that has too many to
 * read is dismissed. A user that has been dismissed hears nothing more. Never
 * suspends. Raises MemoryError.
 */
void user_send(struct user *user, cede_value line);

/* The same with a line made as by printf. */
#define user_tell(user, ...) user_send((user), cede_str_format(__VA_ARGS__))

/*
 * Has a user go: it is told its last word, a string that stays, behind which
 * its side of the connection ends; the others are told why. Not at once, but
 * when its task runs; any task may call this. The second time does nothing.
 * Never suspends. Raises MemoryError, and then it goes without a word.
 */
void user_dismiss(struct user *user, const char *word, const char *why);
