/*
 * network.h - what fetching a page needs of the network
 *
 * The one difference between the two ways to crawl. Everything above these
 * three functions is the same code: a function of cede's that waits is a
 * function that is called, whether a task waits in it or a thread.
 */
#pragma once

#include <stddef.h>

struct network {
    /* Connects; returns an object of cede's, whose last reference closes the
       connection. Raises OSError. */
    void *(*open)(const struct network *network, const char *host, int port);
    /* Writes all of it. Raises OSError. */
    void (*write)(const struct network *network, void *connection,
                  const void *data, size_t size);
    /* Stores up to `size` bytes and returns how many; 0 at the end. Raises
       OSError. */
    size_t (*read)(const struct network *network, void *connection,
                   void *buffer, size_t size);
};
