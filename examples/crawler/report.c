/* report.c - see report.h */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "now.h"

static const char clear_line[] = "\r\033[K";

/* --- the progress line --- */

/* All of these: with the lock. */

static void draw(struct report *report)
{
    if (!report->shows_progress)
        return;
    fprintf(stderr, "%s%zu of %zu pages, %zu failed, %" PRId64 " bytes%s",
            report->on_terminal ? clear_line : "", report->done, report->total,
            report->failed, report->bytes, report->on_terminal ? "" : "\n");
    report->drawn_at = now();
}

/* On a terminal: makes room for other lines. */
static void erase(const struct report *report)
{
    if (report->shows_progress && report->on_terminal)
        fputs(clear_line, stderr);
}

void report_bytes(struct report *report, size_t size)
{
    pthread_mutex_lock(&report->lock);
    report->bytes += (int64_t)size;
    if (report->on_terminal && now() - report->drawn_at > 0.1)
        draw(report);
    pthread_mutex_unlock(&report->lock);
}

/* --- results --- */

/* What went wrong, as the system says it or as we do; not "[Errno 111] …". */
static const char *words_of(const cede_exception *error)
{
    const char *message = cede_exception_message(error), *bracket;

    if (cede_exception_errno(error) > 0)
        return strerror(cede_exception_errno(error));
    if (!*message)
        return cede_exception_is(error, cede_TimeoutError)
                   ? "not there in time"
                   : cede_exception_name(error);
    bracket = strstr(message, "] ");
    return message[0] == '[' && bracket ? bracket + 2 : message;
}

static void print_result(const struct page *page)
{
    if (page->state == PAGE_FAILED) {
        printf("%s: %s\n", page->url, words_of(page->error));
        return;
    }
    printf("%s: %d, %" PRId64 " bytes", page->url, page->status, page->bytes);
    if (page->moved_to)
        printf(", moved to %s", page->moved_to);
    putchar('\n');
}

void report_page(struct report *report, struct page *page, size_t total)
{
    pthread_mutex_lock(&report->lock);
    page->reported = true;
    report->done++;
    report->total = total;
    if (page->state == PAGE_FAILED || page->status >= 400)
        report->failed++;
    erase(report);
    print_result(page);
    fflush(stdout);
    draw(report);
    pthread_mutex_unlock(&report->lock);
}

void report_interruption(struct report *report, const struct pages *pages)
{
    report_end(report);
    fprintf(stderr, "interrupted: %zu of %zu pages done, not done:\n",
            report->done, pages->count);
    for (size_t i = 0; i < pages->count; i++)
        if (!pages->items[i]->reported)
            fprintf(stderr, "  %s\n", pages->items[i]->url);
}

/* --- beginning and end --- */

void report_begin(struct report *report, bool progress, size_t total)
{
    *report = (struct report){.total = total};
    pthread_mutex_init(&report->lock, NULL);
    report->on_terminal = isatty(STDERR_FILENO);
    report->shows_progress = progress || report->on_terminal;
}

void report_end(struct report *report)
{
    if (report->shows_progress && report->on_terminal)
        fputc('\n', stderr);
}
