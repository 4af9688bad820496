/*
 * server.h - a server, as the files of this room see it
 *
 * Knows: the sockets it listens on and the connections it has, each with a
 * task. Does not know: what the connections say.
 *
 * Invariants: `guests` counts the tasks the server has; while it is not 0 the
 * server holds a reference to itself. A guest's end is called exactly once:
 * from its task, whose body it is below, however that ends; or, when the task
 * was cancelled before it ran, and so never runs, from its done callback.
 */
#pragma once

#include "base/list.h"
#include "cede/debug.h"
#include "cede/lowlevel.h"
#include "cede/server.h"
#include "net/address.h"

/* A task of the server's. */
typedef struct cede__guest {
    cede_server *server; /* borrowed: `guests` counts this one */
    cede_task *task;     /* NULL before it was made and after its end */
    bool started;
    void (*run)(struct cede__guest *self);
    void (*end)(struct cede__guest *self); /* may free self */
    const char *complaint; /* what the exception handler is told if it raises */
} cede__guest;

typedef struct cede__listener {
    cede__guest guest; /* accepts */
    cede_descriptor *descriptor;
    int fd; /* -1: closed */
} cede__listener;

struct cede_server {
    cede_object head;
    cede_loop *loop; /* borrowed: it outlives the guests */
    cede_client_connected client_connected;
    void *argument;
    uint32_t limit;
    int port;
    bool closed;
    bool exhausted; /* has said that it is out of resources, and still is */
    cede__list connections;
    size_t connection_count;
    size_t guests;
    cede_wait_queue paused;  /* accepting tasks without resources */
    cede_wait_queue waiters; /* for `closed` and the last guest */
    cede_future *forever;    /* of serve_forever; borrowed */
    size_t listener_count;
    cede__listener *listeners;
};

/* Makes the guest's task. Raises MemoryError, and then the end is not called.
   The server, run, end and complaint are set. */
void cede__guest_start(cede__guest *guest);

/* The end of a guest calls this when it has cleaned up. May free the server. */
void cede__guest_left(cede_server *server);

/* The run of a listener. */
void cede__server_accept(cede__guest *guest);

/* Takes over a socket, also when it raises, and serves it in a task of its
   own. Raises what making a stream and a task raises. */
void cede__server_welcome(cede_server *server, int fd,
                          const cede__address *peer);
