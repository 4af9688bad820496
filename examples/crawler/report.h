/*
 * report.h - what the user sees
 *
 * Results go to stdout, one line each; the progress line goes to stderr, on a
 * terminal always the last one, drawn anew. Any thread.
 */
#pragma once

#include <pthread.h>

#include "pages.h"

struct report {
    pthread_mutex_t lock;
    bool shows_progress;
    bool on_terminal; /* else each progress line is a line */
    size_t total, done, failed;
    int64_t bytes;   /* of bodies, also of pages that are not done */
    double drawn_at; /* when the line was last drawn, by now() */
};

/* progress: also where stderr is no terminal. */
void report_begin(struct report *report, bool progress, size_t total);

/* So many bytes have come. */
void report_bytes(struct report *report, size_t size);

/* A page is done; there are so many by now. */
void report_page(struct report *report, struct page *page, size_t total);

/* The crawl was interrupted: which pages are done, which are not? */
void report_interruption(struct report *report, const struct pages *pages);

/* No more; what was drawn stays, what is printed next begins a line. */
void report_end(struct report *report);
