/*
 * address.h - where a socket is, or is to be
 *
 * Knows: IPv4 and IPv6 addresses with a port, as the kernel and as people
 * write them. Does not know: names, nor sockets.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

typedef union cede__address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} cede__address;

typedef struct cede__addresses {
    size_t count;
    cede__address items[];
} cede__addresses;

/* Room for an address as text, its NUL included. */
enum { CEDE__ADDRESS_TEXT = INET6_ADDRSTRLEN + 40 };

/* Reads a numeric address; false if it is none. A scope ("%eth0") is left to
   getaddrinfo. */
bool cede__address_parse(cede__address *ret_address, const char *host,
                         int port);

/* All addresses of this machine: 0.0.0.0 or ::. */
cede__address cede__address_wildcard(int family, int port);

socklen_t cede__address_size(const cede__address *address);

/* 0 of an address that is neither IPv4 nor IPv6. */
int cede__address_port(const cede__address *address);
void cede__address_set_port(cede__address *address, int port);

bool cede__address_equal(const cede__address *a, const cede__address *b);

/* "127.0.0.1:5000", "[::1]:5000"; "" of an address that is neither. */
void cede__address_text(const cede__address *address,
                        char text[CEDE__ADDRESS_TEXT]);

/* As Python shows it: ('127.0.0.1', 5000), ('::1', 5000, 0, 0). */
void cede__address_repr(const cede__address *address,
                        char text[CEDE__ADDRESS_TEXT]);

/* Raises OverflowError for a port that is none. */
void cede__check_port(int port);
