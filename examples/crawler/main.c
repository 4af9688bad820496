/*
 * crawler URL…: fetches pages over HTTP, many at a time
 *
 * With tasks and streams on one thread, or with a pool of threads and blocking
 * sockets. README.md says how it is used and where to begin reading.
 */
#include <cede.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "crawl.h"

enum {
    STATUS_FAILED = 1,
    STATUS_MISUSE = 2,
    STATUS_INTERRUPTED = 130, /* what shells say of SIGINT */

    MOST_AT_A_TIME = 10000,
    DEFAULT_CONCURRENCY = 16,
    DEFAULT_TIMEOUT = 30,
    DEFAULT_MAX_BYTES = 16 << 20,
};

static void usage(FILE *out)
{
    fprintf(
        out,
        "usage: crawler [OPTION...] URL...\n"
        "\n"
        "Fetches pages over HTTP/1.1 and says of each what came.\n"
        "\n"
        "  --concurrency N   at most N pages at a time (default %d)\n"
        "  --threads N       by N threads, instead of tasks on one\n"
        "  --depth N         follow links on the same host, N in a row\n"
        "  --timeout S       seconds for a page (default %d)\n"
        "  --max-bytes N     give up a page that is longer (default %d)\n"
        "  --progress        say how far it is, also without a terminal\n"
        "  --help            say this\n"
        "\n"
        "Exits with 1 if a page failed, 2 if it was called in a wrong way,\n"
        "130 if it was interrupted.\n",
        DEFAULT_CONCURRENCY, DEFAULT_TIMEOUT, DEFAULT_MAX_BYTES);
}

/* --- arguments --- */

static void misuse(const char *format, ...) __attribute__((noreturn))
__attribute__((format(printf, 1, 2)));
static void misuse(const char *format, ...)
{
    va_list arguments;

    fputs("crawler: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputs("\nTry crawler --help.\n", stderr);
    exit(STATUS_MISUSE);
}

static int64_t number_of(const char *option, const char *text, int64_t least,
                         int64_t most)
{
    char *end;
    long long number;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || number < least ||
        number > most)
        misuse("--%s wants a number from %" PRId64 " to %" PRId64 ", not '%s'",
               option, least, most, text);
    return number;
}

static double seconds_of(const char *option, const char *text)
{
    char *end;
    double seconds = strtod(text, &end);

    if (((*text < '0' || *text > '9') && *text != '.') || *end ||
        !(seconds > 0 && seconds <= 1e6))
        misuse("--%s wants seconds, more than 0, not '%s'", option, text);
    return seconds;
}

enum choice {
    CONCURRENCY = 1,
    THREADS,
    DEPTH,
    TIMEOUT,
    MAX_BYTES,
    PROGRESS,
    HELP
};

static const struct option long_options[] = {
    {"concurrency", required_argument, NULL, CONCURRENCY},
    {"threads", required_argument, NULL, THREADS},
    {"depth", required_argument, NULL, DEPTH},
    {"timeout", required_argument, NULL, TIMEOUT},
    {"max-bytes", required_argument, NULL, MAX_BYTES},
    {"progress", no_argument, NULL, PROGRESS},
    {"help", no_argument, NULL, HELP},
    {0},
};

static void take_option(struct options *options, int choice, const char *name,
                        const char *value)
{
    switch (choice) {
    case CONCURRENCY:
    case THREADS:
        if (options->concurrency)
            misuse("--concurrency and --threads: one of them, once");
        options->concurrency = (int)number_of(name, value, 1, MOST_AT_A_TIME);
        options->with_threads = choice == THREADS;
        break;
    case DEPTH:
        options->depth = (int)number_of(name, value, 0, INT32_MAX);
        break;
    case TIMEOUT:
        options->timeout = seconds_of(name, value);
        break;
    case MAX_BYTES:
        options->max_bytes = number_of(name, value, 0, INT64_MAX);
        break;
    case PROGRESS:
        options->progress = true;
        break;
    case HELP:
        usage(stdout);
        exit(0);
    default: /* getopt has said what is wrong */
        usage(stderr);
        exit(STATUS_MISUSE);
    }
}

/* Returns where the URLs begin. */
static int take_options(struct options *options, int argc, char **argv)
{
    int index = 0, choice;

    while ((choice = getopt_long(argc, argv, "", long_options, &index)) != -1)
        take_option(options, choice, long_options[index].name, optarg);
    if (!options->concurrency)
        options->concurrency = DEFAULT_CONCURRENCY;
    return optind;
}

static void take_url(struct pages *pages, const char *argument)
{
    struct url url;
    char text[URL_SIZE];

    cede_try {
        url_parse(&url, text_of(argument));
    } cede_except (UrlError, e) {
        misuse("'%s': %s", argument, cede_exception_message(e));
    } cede_end
    url_write(&url, text);
    pages_add(pages, text, 0);
}

/* --- the program --- */

/* A connection is an open file, and many systems allow few unless asked. */
static void allow_open_files(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* Returns the exit status. */
static int run(struct crawl *crawl)
{
    cede_try {
        if (crawl->options.with_threads)
            crawl_with_threads(crawl);
        else
            crawl_with_tasks(crawl);
    } cede_except (cede_KeyboardInterrupt) {
        report_interruption(&crawl->report, &crawl->pages);
        return STATUS_INTERRUPTED;
    } cede_end
    report_end(&crawl->report);
    if (ferror(stdout)) {
        fputs("crawler: standard output cannot be written\n", stderr);
        return STATUS_FAILED;
    }
    return crawl->report.failed ? STATUS_FAILED : 0;
}

int main(int argc, char **argv)
{
    struct crawl crawl = {
        .options =
            {
                .timeout = DEFAULT_TIMEOUT,
                .max_bytes = DEFAULT_MAX_BYTES,
            },
    };
    int first = take_options(&crawl.options, argc, argv);

    if (first == argc)
        misuse("no URL");
    cede_defer (pages_clear, &crawl.pages);
    for (int i = first; i < argc; i++)
        take_url(&crawl.pages, argv[i]);
    allow_open_files();
    report_begin(&crawl.report, crawl.options.progress, crawl.pages.count);
    return run(&crawl);
}
