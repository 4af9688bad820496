/*
 * options.h - what the command line may say
 */
#pragma once

struct options {
    const char *host;      /* "": every address of this machine */
    long port;             /* 0: any that is free */
    long max_clients;      /* users at a time */
    long backlog_lines;    /* that wait for a slow reader */
    long line_bytes;       /* of the longest line that is passed on */
    long lines_per_second; /* that a user may send; 0: any number */
    long idle_timeout;     /* seconds without a line; 0: for ever */
    long farewell;         /* seconds for a last word to be read */
};

/*
 * Reads the command line. Says what is wrong with it on stderr and ends the
 * program with status 2, or with 0 after --help.
 */
struct options options_of(int argc, char **argv);
