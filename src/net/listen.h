/*
 * listen.h - sockets that wait for connections
 *
 * Knows: binding and listening. Does not know: who accepts.
 */
#pragma once

#include "net/address.h"

struct cede__listen_options {
    int backlog;
    bool reuse_port;
};

/*
 * Listens on each address; stores one descriptor per address in `ret_fds`, in
 * order, -1 for an address whose family this machine does not have, and the
 * port in *ret_port. With port 0 all get the same free one. Nothing is open
 * when it raises.
 *
 * Raises OSError, as asyncio's loop.create_server.
 */
void cede__listen(const cede__addresses *addresses,
                  const struct cede__listen_options *options, int *ret_fds,
                  int *ret_port);
