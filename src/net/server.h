/*
 * server.h - a server, as the files of this room see it
 *
 * Knows: the sockets it listens on and the connections it has, each with a
 * task. Does not know: what the connections say.
 *
 * Invariants: `tasks` counts the accepting tasks and those of connections that
 * have not been found done; while it is not 0 the server holds a reference to
 * itself. A task that is cancelled before it has run never runs, so whatever
 * must happen when a task ends happens in its done callback.
 */
#pragma once

#include "base/list.h"
#include "cede/lowlevel.h"
#include "cede/server.h"
#include "net/address.h"

typedef struct cede__listener {
    cede_server *server; /* borrowed: `tasks` counts its task */
    cede_task *task;     /* accepts; NULL before it was made and when done */
    cede_descriptor *descriptor;
    int fd; /* -1: closed */
} cede__listener;

struct cede_server {
    cede_object head;
    cede_loop *loop; /* borrowed: it outlives the server's tasks */
    cede_client_connected client_connected;
    void *argument;
    uint32_t limit;
    int port;
    bool closed;
    bool exhausted; /* has said that it is out of resources, and still is */
    cede__list connections;
    size_t connection_count;
    size_t tasks;
    cede_wait_queue paused;  /* accepting tasks without resources */
    cede_wait_queue waiters; /* for `closed` and the last task */
    cede_future *forever;    /* of serve_forever; borrowed */
    size_t listener_count;
    cede__listener *listeners;
};

/* The body of an accepting task: argument is its cede__listener. */
cede_value cede__server_accept(void *argument);

/* Takes over a socket, also when it raises, and runs its task. Raises what
   making a stream and a task raises. */
void cede__server_welcome(cede_server *server, int fd,
                          const cede__address *peer);
