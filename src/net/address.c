/*
 * address.c - where a socket is, or is to be (see address.h)
 */
#include "net/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "cede/try.h"

bool cede__address_parse(cede__address *ret_address, const char *host, int port)
{
    cede__address address = {.any.sa_family = AF_INET};

    if (inet_pton(AF_INET, host, &address.v4.sin_addr) != 1) {
        address = (cede__address){.v6.sin6_family = AF_INET6};
        if (inet_pton(AF_INET6, host, &address.v6.sin6_addr) != 1)
            return false;
    }
    cede__address_set_port(&address, port);
    *ret_address = address;
    return true;
}

/* Zero is the wildcard in both families. */
cede__address cede__address_wildcard(int family, int port)
{
    cede__address address;

    memset(&address, 0, sizeof address);
    address.any.sa_family = (sa_family_t)family;
    cede__address_set_port(&address, port);
    return address;
}

socklen_t cede__address_size(const cede__address *address)
{
    return address->any.sa_family == AF_INET6 ? sizeof address->v6
                                              : sizeof address->v4;
}

int cede__address_port(const cede__address *address)
{
    switch (address->any.sa_family) {
    case AF_INET:
        return ntohs(address->v4.sin_port);
    case AF_INET6:
        return ntohs(address->v6.sin6_port);
    default:
        return 0;
    }
}

void cede__address_set_port(cede__address *address, int port)
{
    if (address->any.sa_family == AF_INET6)
        address->v6.sin6_port = htons((uint16_t)port);
    else
        address->v4.sin_port = htons((uint16_t)port);
}

bool cede__address_equal(const cede__address *a, const cede__address *b)
{
    if (a->any.sa_family != b->any.sa_family ||
        cede__address_port(a) != cede__address_port(b))
        return false;
    if (a->any.sa_family == AF_INET)
        return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
    return a->v6.sin6_scope_id == b->v6.sin6_scope_id &&
           memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr,
                  sizeof a->v6.sin6_addr) == 0;
}

/* The address without its port, with the scope as a number. */
static void host_text(const cede__address *address,
                      char text[INET6_ADDRSTRLEN + 12])
{
    bool v6 = address->any.sa_family == AF_INET6;
    const void *bytes = v6 ? (const void *)&address->v6.sin6_addr
                           : (const void *)&address->v4.sin_addr;

    inet_ntop(address->any.sa_family, bytes, text, INET6_ADDRSTRLEN);
    if (v6 && address->v6.sin6_scope_id != 0)
        snprintf(text + strlen(text), 12, "%%%u", address->v6.sin6_scope_id);
}

void cede__address_text(const cede__address *address,
                        char text[CEDE__ADDRESS_TEXT])
{
    char host[INET6_ADDRSTRLEN + 12];
    bool v6 = address->any.sa_family == AF_INET6;

    text[0] = '\0';
    if (!v6 && address->any.sa_family != AF_INET)
        return;
    host_text(address, host);
    snprintf(text, CEDE__ADDRESS_TEXT, v6 ? "[%s]:%d" : "%s:%d", host,
             cede__address_port(address));
}

void cede__address_repr(const cede__address *address,
                        char text[CEDE__ADDRESS_TEXT])
{
    char host[INET6_ADDRSTRLEN + 12];
    int port = cede__address_port(address);

    host_text(address, host);
    if (address->any.sa_family == AF_INET)
        snprintf(text, CEDE__ADDRESS_TEXT, "('%s', %d)", host, port);
    else
        snprintf(text, CEDE__ADDRESS_TEXT, "('%s', %d, %u, %u)", host, port,
                 ntohl(address->v6.sin6_flowinfo), address->v6.sin6_scope_id);
}

void cede__check_port(int port)
{
    if (port < 0 || port > 65535)
        cede_raise(cede_OverflowError, "port must be 0-65535, not %d", port);
}
