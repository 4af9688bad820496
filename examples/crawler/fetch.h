/* fetch.h - one page */
#pragma once

#include "crawl.h"
#include "network.h"

/*
 * Asks for the page, follows its redirects, reads all of it and notes what
 * came; what goes wrong raises: UrlError, HttpError, FetchError, OSError … A
 * deadline is the network's business, or the caller's.
 */
void fetch(struct crawl *crawl, struct page *page,
           const struct network *network);

/* What HTTP allows and we do not: redirects without end, pages too long. */
extern const cede_class FetchError[1];
