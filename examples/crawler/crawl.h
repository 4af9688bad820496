/* crawl.h - what a crawl is, and the two ways to do it */
#pragma once

#include "pages.h"
#include "report.h"

struct options {
    int concurrency;   /* how many pages are fetched at a time */
    bool with_threads; /* by as many threads, not by tasks */
    double timeout;    /* seconds for a page, redirects included */
    int64_t max_bytes; /* of a page */
    int depth;         /* how many links to follow; 0: none */
    bool progress;     /* shown also where there is no terminal */
};

struct crawl {
    struct options options;
    struct pages pages;
    struct report report;
};

/*
 * Fetch the pages and those they link to, and report each when it is done. What
 * goes wrong with a page is written into it. When SIGINT comes they raise
 * KeyboardInterrupt; then some pages are not reported. They block until all that
 * they began has ended.
 */
void crawl_with_tasks(struct crawl *crawl);
void crawl_with_threads(struct crawl *crawl);
