/*
 * pages.h - advice to the kernel about many ranges of pages at once
 *
 * Knows: madvise and process_madvise. Does not know: what the advice is about.
 */
#pragma once

#include <stddef.h>
#include <sys/uio.h>

/* Of linux/mman.h, which older C libraries do not have. */
enum {
    CEDE__PAGES_POPULATE_READ = 22, /* Linux 5.14 */
    CEDE__PAGES_GUARD_INSTALL = 102 /* Linux 6.13 */
};

/* Ranges that fit one call and lie on the caller's stack comfortably. */
enum { CEDE__PAGES_BATCH = 64 };

/* Bytes of a page. */
size_t cede__pages_size(void);

/*
 * Gives the advice about each range, with as few system calls as the kernel
 * allows. Returns how many of them, from the first on, were advised: fewer
 * than `count` when one was refused.
 */
size_t cede__pages_advise(const struct iovec *ranges, size_t count, int advice);
