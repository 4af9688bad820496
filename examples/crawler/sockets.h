/*
 * sockets.h - a network for threads: what waits blocks its thread
 *
 * Every wait ends at the deadline, and when the crawl is interrupted. Only
 * looking a name up does not: getaddrinfo cannot be told to stop.
 */
#pragma once

#include "network.h"

struct sockets {
    struct network network;
    double deadline; /* a time of now() */
    int stop;        /* a descriptor that is readable once SIGINT has come */
};

/* A network for one page: it has so many seconds from now on. */
struct sockets sockets_for(double seconds, int stop);
