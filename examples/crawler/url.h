/*
 * url.h - where pages are
 *
 * http URLs as RFC 3986 describes them: read, resolved against the page they
 * stand on, and written in one way, so that two spellings of a place compare
 * equal. No user, no fragment, no other scheme. What comes out of here holds
 * only printable ASCII without blanks: nothing that could break out of a line,
 * be it one of a request or one on a terminal.
 */
#pragma once

#include <cede.h>

#include "text.h"

enum {
    URL_HOST_LIMIT = 255, /* bytes of a host */
    URL_LIMIT = 2048,     /* of a path and query */
    /* What url_write_authority and url_write need. */
    URL_AUTHORITY_SIZE = URL_HOST_LIMIT + 16,
    URL_SIZE = URL_AUTHORITY_SIZE + URL_LIMIT + 16,
};

struct url {
    char host[URL_HOST_LIMIT + 1]; /* lower case; IPv6 without brackets */
    int port;
    char target[URL_LIMIT + 1]; /* path and query; begins with '/' */
};

/* What is no URL, or none that this program understands; says why. */
extern const cede_class UrlError[1];

/* Reads an absolute URL. Raises UrlError. */
void url_parse(struct url *url, struct text text);

/* Reads a reference that stands on the page `base` (which may be *url itself):
   RFC 3986, 5.2. Raises UrlError. */
void url_join(struct url *url, const struct url *base, struct text reference);

/* "http://host:port/target"; the port only if it is not 80. */
void url_write(const struct url *url, char text[URL_SIZE]);

/* The same without scheme and target: what the Host header holds. */
void url_write_authority(const struct url *url, char text[URL_AUTHORITY_SIZE]);

/* The same host and port? */
bool url_same_site(const struct url *a, const struct url *b);
