/*
 * links.h - the links of a page, found as it comes
 *
 * Reads HTML tag by tag, in pieces of any size, and reports the href of every
 * <a>. Comments, scripts and style sheets have no links. It needs as much
 * memory as one link, however long the page is, and takes whatever it is given:
 * there is no malformed HTML, only such that has no links.
 */
#pragma once

#include "text.h"
#include "url.h"

struct links;
typedef void (*links_step)(struct links *links, char c);

/* Is given each link, which is valid until it returns. May raise. */
typedef void (*links_found)(void *argument, struct text link);

struct links {
    links_step step; /* what the next byte means */
    links_found found;
    void *argument;
    char name[16]; /* of a tag or an attribute, cut off, lower case */
    size_t name_size;
    const char *ends_by; /* in a script: the only tag that counts; or NULL */
    bool in_anchor;      /* in <a …> */
    char quote;          /* that ends the value, 0: a blank does */
    size_t dashes;       /* seen of what begins or ends a comment */
    char value[URL_LIMIT + 1]; /* of an href */
    size_t value_size;         /* URL_LIMIT + 1: too long to be one */
};

void links_begin(struct links *links, links_found found, void *argument);

/* The next piece of the page. Raises what `found` raises. */
void links_take(struct links *links, struct text piece);
