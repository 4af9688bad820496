/*
 * options.c - see options.h
 */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "arguments.h"

/* Where a number goes, and what it may be. */
struct number {
    const char *name;
    size_t field;
    long standard, least, most;
    const char *meaning;
};

#define NUMBER(name, field, standard, least, most, meaning)                    \
    {                                                                          \
        name, offsetof(struct options, field), standard, least, most, meaning  \
    }

enum { HOST = 'H', HELP = 'h', FIRST_NUMBER = 256 };

static const struct number numbers[] = {
    NUMBER("port", port, 7777, 0, 65535, "port; 0: any that is free"),
    NUMBER("max-clients", max_clients, 1000, 1, 1000000, "users at a time"),
    NUMBER("backlog-lines", backlog_lines, 256, 1, 1000000,
           "lines that wait for a slow reader"),
    NUMBER("line-bytes", line_bytes, 1024, 64, 65536,
           "bytes of the longest line"),
    NUMBER("lines-per-second", lines_per_second, 10, 0, 1000000,
           "lines of one user; 0: any number"),
    NUMBER("idle-timeout", idle_timeout, 0, 0, 1000000,
           "seconds without a line; 0: for ever"),
    NUMBER("farewell", farewell, 5, 0, 1000000,
           "seconds for a last word to be read"),
};

enum { NUMBERS = sizeof numbers / sizeof *numbers };

static void print_usage(FILE *file)
{
    fputs("usage: chat [--host HOST] [--OPTION NUMBER]...\n", file);
}

static _Noreturn void help(void)
{
    print_usage(stdout);
    puts("A chat server, for `nc HOST PORT`. SIGINT or SIGTERM says goodbye to "
         "all users\nand ends it; the second one ends it at once.\n");
    printf("  --%-17s address or name to listen on; '': all (127.0.0.1)\n",
           "host");
    for (int i = 0; i < NUMBERS; i++)
        printf("  --%-17s %s (%ld)\n", numbers[i].name, numbers[i].meaning,
               numbers[i].standard);
    exit(0);
}

static _Noreturn void misuse(void)
{
    print_usage(stderr);
    exit(2);
}

static long *field_of(struct options *options, const struct number *number)
{
    return (long *)((char *)options + number->field);
}

static void set_number(struct options *options, const struct number *number,
                       const char *text)
{
    if (parse_number(text, number->least, number->most,
                     field_of(options, number)))
        return;
    fprintf(stderr, "chat: --%s is a number from %ld to %ld, not '%s'\n",
            number->name, number->least, number->most, text);
    misuse();
}

static void list_options(struct option *list)
{
    list[0] = (struct option){"host", required_argument, NULL, HOST};
    list[1] = (struct option){"help", no_argument, NULL, HELP};
    for (int i = 0; i < NUMBERS; i++)
        list[i + 2] = (struct option){numbers[i].name, required_argument, NULL,
                                      FIRST_NUMBER + i};
}

struct options options_of(int argc, char **argv)
{
    struct option list[NUMBERS + 3] = {{0}};
    struct options options = {.host = "127.0.0.1"};
    int option;

    list_options(list);
    for (int i = 0; i < NUMBERS; i++)
        *field_of(&options, &numbers[i]) = numbers[i].standard;
    while ((option = getopt_long(argc, argv, "h", list, NULL)) != -1) {
        if (option == HELP)
            help();
        else if (option == HOST)
            options.host = optarg;
        else if (option >= FIRST_NUMBER)
            set_number(&options, &numbers[option - FIRST_NUMBER], optarg);
        else
            misuse();
    }
    if (optind < argc) {
        fprintf(stderr, "chat: what is '%s'?\n", argv[optind]);
        misuse();
    }
    return options;
}
